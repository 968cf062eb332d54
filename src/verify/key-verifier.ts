/** Verifies one access key against STS: partitions in turn, retries, and clock errors. */
import type { Verification } from '../model/verification.ts'
import type { AwsAnswer } from './answer.ts'
import { type Credential, tokenMatchesId } from './credential.ts'
import { partitionsByHints, type Partition, stsHost } from './partitions.ts'

/** Client of STS, or a fake one in tests. */
export interface Issuer {
  /** Calls GetCallerIdentity, signed with the credential. */
  identify(credential: Credential, partition: Partition, signal: AbortSignal): Promise<AwsAnswer>
}

/** Clock and timer, replaced in tests. */
export interface Clock {
  /** Milliseconds of a monotonic clock. */
  now(): number
  /** Resolves after the time, or as soon as the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/**
 * Time in which STS refuses a second secret of the same key id, right or wrong (found by
 * trufflehog, pkg/detectors/aws).
 */
const MISMATCH_RACE_MS = 5000
const MAX_THROTTLED_TRIES = 5
const FIRST_BACKOFF_MS = 500

/** Failures in a row after which a host counts as unreachable and gets no more calls. */
const MAX_UNREACHABLE = 3

/** Starts of error codes that ask to try again later. */
const THROTTLED_CODES = [
  'Throttl',
  'TooManyRequests',
  'RequestLimitExceeded',
  'RequestThrottled',
  'SlowDown',
  'ServiceUnavailable',
  'InternalFailure',
  'InternalError',
]
const EXPIRED_CODES = new Set(['ExpiredToken', 'ExpiredTokenException'])

/** Result of one partition. `no-such-key`: the partition does not know the key id. */
type PartitionResult = Omit<Verification, 'status'> & {
  readonly status: Verification['status'] | 'no-such-key'
}

/** Last request for a key id. Times are those of the clock. */
interface LastRequest {
  readonly credential: Credential
  readonly sentAt: number
  /** Time of the last request with another secret of the same id. */
  readonly otherSecretAt: number | undefined
}

/** Verifies credentials. Credentials of the same key id must be passed one after the other. */
export class KeyVerifier {
  readonly #issuer: Issuer
  readonly #clock: Clock
  readonly #signal: AbortSignal
  /** Failures to reach each partition, in a row. */
  readonly #failures = new Map<Partition, number>()
  /** Last requests by key id. */
  readonly #lastRequests = new Map<string, LastRequest>()

  constructor(issuer: Issuer, clock: Clock, signal: AbortSignal) {
    this.#issuer = issuer
    this.#clock = clock
    this.#signal = signal
  }

  /** Calls one partition after another until one knows the key. */
  async verify(credential: Credential): Promise<Verification> {
    const unknownReasons: string[] = []
    for (const partition of partitionsByHints(credential.hints)) {
      const result = await this.#verifyInPartition(credential, partition)
      if (this.#signal.aborted) break
      if (result.status === 'unknown')
        unknownReasons.push(`${stsHost(partition)}: ${result.reason ?? ''}`)
      else if (result.status !== 'no-such-key')
        return { ...result, status: result.status, partition: partition.name }
    }
    if (this.#signal.aborted)
      return { status: 'not-tried', reason: 'interrupted before AWS answered' }
    if (unknownReasons.length > 0) return { status: 'unknown', reason: unknownReasons.join('; ') }
    const isTokenCertain = credential.token === undefined || tokenMatchesId(credential)
    return isTokenCertain
      ? { status: 'inactive', reason: 'AWS knows no such key: it was deactivated or deleted' }
      : {
          status: 'unknown',
          reason: 'AWS does not accept it, but the token beside it may belong to another key',
        }
  }

  async #verifyInPartition(credential: Credential, partition: Partition): Promise<PartitionResult> {
    if ((this.#failures.get(partition) ?? 0) >= MAX_UNREACHABLE)
      return { status: 'unknown', reason: 'could not be reached' }
    const raceWaitMs = this.#noteRequest(credential)
    let answer = await this.#identifyWithRetries(credential, partition)
    if (
      answer.kind === 'refused' &&
      (answer.code === 'SignatureDoesNotMatch' || answer.isClockError)
    ) {
      // After a clock error the SDK signs with the time that AWS named in its refusal.
      await this.#clock.sleep(raceWaitMs, this.#signal)
      answer = await this.#identifyWithRetries(credential, partition)
    }
    this.#failures.set(
      partition,
      answer.kind === 'no-answer' && answer.isUnreachable
        ? (this.#failures.get(partition) ?? 0) + 1
        : 0,
    )
    return partitionResultOf(answer)
  }

  /**
   * Notes a request, and returns the milliseconds for which STS may still refuse its secret because
   * another secret of the same id was sent before.
   */
  #noteRequest(credential: Credential): number {
    const [sentAt, last] = [this.#clock.now(), this.#lastRequests.get(credential.id)]
    const otherSecretAt = last?.credential === credential ? last.otherSecretAt : last?.sentAt
    this.#lastRequests.set(credential.id, { credential, sentAt, otherSecretAt })
    return otherSecretAt === undefined
      ? 0
      : Math.max(0, MISMATCH_RACE_MS - (sentAt - otherSecretAt))
  }

  /** Repeats a throttled call, waiting twice as long each time. */
  async #identifyWithRetries(credential: Credential, partition: Partition): Promise<AwsAnswer> {
    for (let backoffMs = FIRST_BACKOFF_MS, tries = 1; ; backoffMs *= 2, tries += 1) {
      const answer = await this.#issuer.identify(credential, partition, this.#signal)
      if (!isThrottled(answer) || tries === MAX_THROTTLED_TRIES || this.#signal.aborted)
        return answer
      await this.#clock.sleep(backoffMs * (1 + Math.random()), this.#signal)
    }
  }
}

/** True when AWS asks to repeat the call later. */
function isThrottled(answer: AwsAnswer): boolean {
  return answer.kind === 'refused' && THROTTLED_CODES.some((start) => answer.code.startsWith(start))
}

/** Converts an answer of one partition to its result, by the error code. */
function partitionResultOf(answer: AwsAnswer): PartitionResult {
  if (answer.kind === 'identity') return { status: 'live', identity: answer.identity }
  if (answer.kind === 'no-answer') return { status: 'unknown', reason: answer.reason }
  const { code, isClockError } = answer
  if (isClockError)
    return { status: 'unknown', reason: `the clock of this machine is wrong (${code})` }
  if (code === 'InvalidClientTokenId') return { status: 'no-such-key' }
  if (code === 'SignatureDoesNotMatch')
    return { status: 'mismatch', reason: 'the key id is in use, but this is not its secret' }
  if (EXPIRED_CODES.has(code)) return { status: 'expired', reason: 'its session token has expired' }
  if (answer.arn !== undefined && code.startsWith('AccessDenied'))
    return { status: 'live', reason: `AWS knows it as ${answer.arn} and denies this call` }
  return { status: 'unknown', reason: code }
}
