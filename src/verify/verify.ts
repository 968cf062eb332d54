/** Findings → findings with what their issuer says. */
import pLimit from 'p-limit'
import { compareFindings } from '../scan/findings/order.ts'
import type { Finding } from '../model/model.ts'
import type { Verification } from '../model/verification.ts'
import { KeyVerifier, type Clock, type Issuer } from './key-verifier.ts'
import { type Credential, credentialOf, isTemporary } from './credential.ts'
import { checkEndpoint } from './endpoint.ts'
import { afterVerification } from './severity.ts'

export interface VerifyOptions {
  /** Ask about the bait of canary services, too; default false. */
  readonly canaries?: boolean
  /** Only keys of these AWS accounts, in twelve digits; default all. */
  readonly accounts?: readonly string[]
  /** Another endpoint for emulators and tests: a loopback address. */
  readonly endpoint?: string
  /** Keys asked about at the same time; default 8. */
  readonly concurrency?: number
  /** Of one call, in milliseconds; default 10,000. */
  readonly timeoutMs?: number
  /** Ends it early: what was not asked is `not-tried`. */
  readonly signal?: AbortSignal
  /** Called after each credential. */
  readonly onProgress?: (done: number, total: number) => void
}

/** What a test puts in place of AWS and of time. */
interface VerifyOverrides {
  readonly issuer?: Issuer
  readonly clock?: Clock
}

/** Who would be asked about, and what can be said without. */
export interface VerificationPlan {
  /** By key id. */
  readonly credentials: ReadonlyMap<string, readonly Credential[]>
  readonly offlineResults: ReadonlyMap<Finding, Verification>
}

const DEFAULTS = { concurrency: 8, timeoutMs: 10_000 }

/** What `verify` would ask. */
export function planVerification(
  findings: readonly Finding[],
  { canaries = false, accounts, endpoint }: VerifyOptions,
): VerificationPlan {
  const credentials = new Map<string, Credential[]>()
  const known = new Map<Finding, Verification>()
  const limits = {
    canaries,
    emulated: endpoint !== undefined,
    now: Date.now(),
    ...(accounts && { accounts }),
  }
  for (const finding of findings) {
    const answer = credentialOf(finding, limits)
    if (answer === undefined) continue
    if ('status' in answer) known.set(finding, answer)
    else credentials.set(answer.id, [...(credentials.get(answer.id) ?? []), answer])
  }
  return { credentials, offlineResults: known }
}

/**
 * Asks AWS STS whether the access keys among the findings still work and whose they are:
 * `GetCallerIdentity`, signed with each key. AWS logs that in the key's account. Gives all
 * findings, worst first, with what was learned. UsageError for an endpoint that is not loopback.
 */
export function verify(
  findings: readonly Finding[],
  options: VerifyOptions = {},
): Promise<readonly Finding[]> {
  return verifyWith({}, findings, options)
}

/** The same, with something else in place of AWS or of time. */
export async function verifyWith(
  doors: VerifyOverrides,
  findings: readonly Finding[],
  options: VerifyOptions,
): Promise<readonly Finding[]> {
  if (options.endpoint !== undefined) checkEndpoint(options.endpoint)
  const { credentials, offlineResults: known } = planVerification(findings, options)
  const learned = new Map(known)
  const { signal = new AbortController().signal, onProgress } = options
  const { issuer, close } =
    credentials.size === 0
      ? NO_ISSUER
      : doors.issuer === undefined
        ? await awsIssuer(options)
        : { ...NO_ISSUER, issuer: doors.issuer }
  const asker = new KeyVerifier(issuer, doors.clock ?? SYSTEM_CLOCK, signal)
  const total = [...credentials.values()].reduce((sum, group) => sum + group.length, 0)
  let done = 0
  const onVerified = (finding: Finding, verification: Verification): void => {
    learned.set(finding, verification)
    done += 1
    onProgress?.(done, total)
  }
  const limit = pLimit(options.concurrency ?? DEFAULTS.concurrency)
  try {
    await Promise.all(
      Array.from(credentials.values(), (group) =>
        limit(() => verifyGroup(group, asker, onVerified)),
      ),
    )
  } finally {
    close()
  }
  return findings
    .map((finding) => withVerification(finding, learned.get(finding)))
    .toSorted(compareFindings)
}

function withVerification(finding: Finding, verification: Verification | undefined): Finding {
  return verification === undefined ? finding : afterVerification(finding, verification)
}

/**
 * The credentials of one id, one after the other: an id has one secret, so what is known of one
 * says something of the rest.
 */
async function verifyGroup(
  group: readonly Credential[],
  asker: KeyVerifier,
  onVerified: (finding: Finding, verification: Verification) => void,
): Promise<void> {
  const asked = new Map<string, Verification>()
  for (const credential of group) {
    const key = [credential.secret, credential.token].map((part) => part?.reveal() ?? '').join(' ')
    const verification =
      asked.get(key) ??
      inferFromOthers(credential, [...asked.values()]) ??
      (await asker.verify(credential))
    asked.set(key, verification)
    onVerified(credential.finding, verification)
  }
}

function inferFromOthers(
  { id }: Credential,
  others: readonly Verification[],
): Verification | undefined {
  if (isTemporary(id)) return undefined
  const live = others.find(({ status }) => status === 'live')
  if (live !== undefined)
    return {
      status: 'mismatch',
      reason: 'the key id is in use, but with another secret that was found',
      ...(live.partition !== undefined && { partition: live.partition }),
    }
  return others.find(({ status }) => status === 'inactive')
}

const NO_ISSUER = {
  issuer: { identify: () => Promise.reject(new Error('nobody is to be asked')) },
  close: () => {},
}

/** The SDK is loaded only when there is something to ask. */
async function awsIssuer({
  endpoint,
  timeoutMs = DEFAULTS.timeoutMs,
}: VerifyOptions): Promise<{ readonly issuer: Issuer; readonly close: () => void }> {
  const [{ Connection }, { StsIssuer }] = await Promise.all([
    import('./connection.ts'),
    import('./sts.ts'),
  ])
  const connection = new Connection({
    timeoutMs,
    ...(endpoint !== undefined && { endpoint: checkEndpoint(endpoint) }),
  })
  return { issuer: new StsIssuer(connection), close: () => connection.close() }
}

const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    if (ms <= 0 || signal.aborted) return
    const { setTimeout: wait } = await import('node:timers/promises')
    await wait(ms, undefined, { signal }).catch(() => {})
  },
}
