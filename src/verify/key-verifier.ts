import type { Verification } from '../model/verification.ts'
import type { AwsAnswer } from './answer.ts'
import { type Credential, tokenMatchesId } from './credential.ts'
import { partitionsByHints, type Partition, stsHost } from './partitions.ts'

/** What asks: the SDK, or in a test what stands for it. */
export interface Issuer {
  identify(credential: Credential, partition: Partition, signal: AbortSignal): Promise<AwsAnswer>
}

/** Time, as far as it matters. */
export interface Clock {
  /** Milliseconds of a clock that only goes forward. */
  now(): number
  /** Ends early, without a word, when the signal does. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/**
 * STS refuses a second secret of one id for so long, right or wrong (trufflehog,
 * pkg/detectors/aws).
 */
const MISMATCH_RACE_MS = 5000
const MAX_THROTTLED_TRIES = 5
const FIRST_BACKOFF_MS = 500

/** A host that could not be reached so often in a row is not asked again. */
const MAX_UNREACHABLE = 3

const THROTTLED_CODE =
  /^(?:Throttl|TooManyRequests|RequestLimitExceeded|RequestThrottled|SlowDown|ServiceUnavailable|InternalFailure|InternalError)/
const EXPIRED_CODES = new Set(['ExpiredToken', 'ExpiredTokenException'])

/** What one partition says: `dead`, it knows no such id (any more). */
type PartitionResult = Omit<Verification, 'status'> & {
  readonly status: Verification['status'] | 'dead'
}

/** Asks about credentials, one after the other of each id. */
export class KeyVerifier {
  readonly #issuer: Issuer
  readonly #clock: Clock
  readonly #signal: AbortSignal
  readonly #unreachable = new Map<Partition, number>()
  /** What was asked last, by id, and when; and when with another secret. */
  readonly #asked = new Map<
    string,
    { readonly credential: Credential; readonly at: number; readonly otherAt: number | undefined }
  >()

  constructor(issuer: Issuer, clock: Clock, signal: AbortSignal) {
    this.#issuer = issuer
    this.#clock = clock
    this.#signal = signal
  }

  /** Asks partition after partition, until one knows the key. */
  async verify(credential: Credential): Promise<Verification> {
    const unclear: string[] = []
    for (const partition of partitionsByHints(credential.hints)) {
      const said = await this.#askPartition(credential, partition)
      if (this.#signal.aborted) break
      if (said.status === 'unknown') unclear.push(`${stsHost(partition)}: ${said.reason ?? ''}`)
      else if (said.status !== 'dead')
        return { ...said, status: said.status, partition: partition.name }
    }
    if (this.#signal.aborted)
      return { status: 'not-tried', reason: 'interrupted before there was an answer' }
    if (unclear.length > 0) return { status: 'unknown', reason: unclear.join('; ') }
    const isSure = credential.token === undefined || tokenMatchesId(credential)
    return isSure
      ? { status: 'inactive', reason: 'AWS knows no such key: it was deactivated or deleted' }
      : {
          status: 'unknown',
          reason: 'AWS does not take it, but the token beside it may belong to another key',
        }
  }

  async #askPartition(credential: Credential, partition: Partition): Promise<PartitionResult> {
    if ((this.#unreachable.get(partition) ?? 0) >= MAX_UNREACHABLE)
      return { status: 'unknown', reason: 'could not be reached' }
    const race = this.#raceLeft(credential)
    let answer = await this.#askPatiently(credential, partition)
    if (
      answer.kind === 'refused' &&
      (answer.code === 'SignatureDoesNotMatch' || answer.aboutTime)
    ) {
      // The SDK has learned the time of AWS from the refusal, if that was about time.
      await this.#clock.sleep(race, this.#signal)
      answer = await this.#askPatiently(credential, partition)
    }
    this.#unreachable.set(
      partition,
      answer.kind === 'silent' && answer.unreachable
        ? (this.#unreachable.get(partition) ?? 0) + 1
        : 0,
    )
    return partitionResultOf(answer)
  }

  /** How long a mismatch may still come of the secret that was sent before. */
  #raceLeft(credential: Credential): number {
    const [at, before] = [this.#clock.now(), this.#asked.get(credential.id)]
    const otherAt = before?.credential === credential ? before.otherAt : before?.at
    this.#asked.set(credential.id, { credential, at, otherAt })
    return otherAt === undefined ? 0 : Math.max(0, MISMATCH_RACE_MS - (at - otherAt))
  }

  async #askPatiently(credential: Credential, partition: Partition): Promise<AwsAnswer> {
    for (let backoffMs = FIRST_BACKOFF_MS, tries = 1; ; backoffMs *= 2, tries += 1) {
      const answer = await this.#issuer.identify(credential, partition, this.#signal)
      if (
        answer.kind !== 'refused' ||
        !THROTTLED_CODE.test(answer.code) ||
        tries === MAX_THROTTLED_TRIES ||
        this.#signal.aborted
      )
        return answer
      await this.#clock.sleep(backoffMs * (1 + Math.random()), this.#signal)
    }
  }
}

/** Codes decide. */
function partitionResultOf(answer: AwsAnswer): PartitionResult {
  if (answer.kind === 'identity') return { status: 'live', identity: answer.identity }
  if (answer.kind === 'silent') return { status: 'unknown', reason: answer.why }
  const { code, aboutTime } = answer
  if (aboutTime)
    return { status: 'unknown', reason: `the clock of this machine is wrong (${code})` }
  if (code === 'InvalidClientTokenId') return { status: 'dead' }
  if (code === 'SignatureDoesNotMatch')
    return { status: 'mismatch', reason: 'the key id is in use, but this is not its secret' }
  if (EXPIRED_CODES.has(code))
    return { status: 'expired', reason: 'AWS says that its token has expired' }
  if (answer.arn !== undefined && code.startsWith('AccessDenied'))
    return { status: 'live', reason: `AWS knows it as ${answer.arn}, and refuses to say more` }
  return { status: 'unknown', reason: code }
}
