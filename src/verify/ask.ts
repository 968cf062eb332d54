import type { Verification } from '../model/verification.ts'
import type { Answer } from './answer.ts'
import { type Credential, tokenIsOf } from './credential.ts'
import { inOrderOf, type Partition, stsHost } from './partitions.ts'

/** What asks: the SDK, or in a test what stands for it. */
export interface Issuer {
  ask(credential: Credential, partition: Partition, signal: AbortSignal): Promise<Answer>
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
const raceMs = 5000
const mostThrottled = 5
const firstBackoffMs = 500

/** A host that could not be reached so often in a row is not asked again. */
const mostUnreachable = 3

const throttled =
  /^(?:Throttl|TooManyRequests|RequestLimitExceeded|RequestThrottled|SlowDown|ServiceUnavailable|InternalFailure|InternalError)/
const expired = new Set(['ExpiredToken', 'ExpiredTokenException'])

/** What one partition says: `dead`, it knows no such id (any more). */
type Saying = Omit<Verification, 'status'> & { readonly status: Verification['status'] | 'dead' }

/** Asks about credentials, one after the other of each id. */
export class Asker {
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
    for (const partition of inOrderOf(credential.hints)) {
      const said = await this.#askPartition(credential, partition)
      if (this.#signal.aborted) break
      if (said.status === 'unknown') unclear.push(`${stsHost(partition)}: ${said.reason ?? ''}`)
      else if (said.status !== 'dead')
        return { ...said, status: said.status, partition: partition.name }
    }
    if (this.#signal.aborted)
      return { status: 'not-tried', reason: 'interrupted before there was an answer' }
    if (unclear.length > 0) return { status: 'unknown', reason: unclear.join('; ') }
    const isSure = credential.token === undefined || tokenIsOf(credential)
    return isSure
      ? { status: 'inactive', reason: 'AWS knows no such key: it was deactivated or deleted' }
      : {
          status: 'unknown',
          reason: 'AWS does not take it, but the token beside it may belong to another key',
        }
  }

  async #askPartition(credential: Credential, partition: Partition): Promise<Saying> {
    if ((this.#unreachable.get(partition) ?? 0) >= mostUnreachable)
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
    return sayingOf(answer)
  }

  /** How long a mismatch may still come of the secret that was sent before. */
  #raceLeft(credential: Credential): number {
    const [at, before] = [this.#clock.now(), this.#asked.get(credential.id)]
    const otherAt = before?.credential === credential ? before.otherAt : before?.at
    this.#asked.set(credential.id, { credential, at, otherAt })
    return otherAt === undefined ? 0 : Math.max(0, raceMs - (at - otherAt))
  }

  async #askPatiently(credential: Credential, partition: Partition): Promise<Answer> {
    for (let backoffMs = firstBackoffMs, tries = 1; ; backoffMs *= 2, tries += 1) {
      const answer = await this.#issuer.ask(credential, partition, this.#signal)
      if (
        answer.kind !== 'refused' ||
        !throttled.test(answer.code) ||
        tries === mostThrottled ||
        this.#signal.aborted
      )
        return answer
      await this.#clock.sleep(backoffMs * (1 + Math.random()), this.#signal)
    }
  }
}

/** Codes decide. */
function sayingOf(answer: Answer): Saying {
  if (answer.kind === 'identity') return { status: 'live', identity: answer.identity }
  if (answer.kind === 'silent') return { status: 'unknown', reason: answer.why }
  const { code, aboutTime } = answer
  if (aboutTime)
    return { status: 'unknown', reason: `the clock of this machine is wrong (${code})` }
  if (code === 'InvalidClientTokenId') return { status: 'dead' }
  if (code === 'SignatureDoesNotMatch')
    return { status: 'mismatch', reason: 'the key id is in use, but this is not its secret' }
  if (expired.has(code)) return { status: 'expired', reason: 'AWS says that its token has expired' }
  if (answer.arn !== undefined && code.startsWith('AccessDenied'))
    return { status: 'live', reason: `AWS knows it as ${answer.arn}, and refuses to say more` }
  return { status: 'unknown', reason: code }
}
