/** Verifies the AWS access keys among findings: `verify` is exported by the library. */
import pLimit from 'p-limit'
import { compareFindings } from '../scan/findings/order.ts'
import type { Finding } from '../model/model.ts'
import type { Secret } from '../model/secret.ts'
import type { Verification } from '../model/verification.ts'
import { KeyVerifier, type Clock, type Issuer } from './key-verifier.ts'
import { type Credential, credentialOf, keyIdOf, otherCredentialsOf, withId } from './credential.ts'
import { connectedGroups, type Trial, verifyGroup } from './trials.ts'
import { checkEndpoint } from './endpoint.ts'
import { afterVerification } from './severity.ts'

export interface VerifyOptions {
  /** Verify canary tokens too, which alerts their owner; default false. */
  readonly canaries?: boolean
  /** AWS accounts whose keys are verified, in twelve digits; default all. */
  readonly accounts?: readonly string[]
  /** Loopback address of an emulator, called in place of AWS. */
  readonly endpoint?: string
  /** Number of key ids verified at the same time; default 8. */
  readonly concurrency?: number
  /** Time limit of one call, in milliseconds; default 10,000. */
  readonly timeoutMs?: number
  /** Ends verification early: the keys not yet verified are `not-tried`. */
  readonly signal?: AbortSignal
  /** Called after each credential. */
  readonly onProgress?: (done: number, total: number) => void
}

/** Replacements of AWS and of the clock for tests. */
interface VerifyOverrides {
  readonly issuer?: Issuer
  readonly clock?: Clock
}

/** Credentials to verify, and results that need no call. */
export interface VerificationPlan {
  /** Credentials by key id, those whose secret may belong to several ids under each of them. */
  readonly credentials: ReadonlyMap<string, readonly Credential[]>
  readonly offlineResults: ReadonlyMap<Finding, Verification>
}

const DEFAULTS = { concurrency: 8, timeoutMs: 10_000 }

/** Plans the calls of `verify` without making any. */
export function planVerification(
  findings: readonly Finding[],
  { canaries = false, accounts, endpoint }: VerifyOptions,
): VerificationPlan {
  const credentials = new Map<string, Credential[]>()
  const offlineResults = new Map<Finding, Verification>()
  const limits = {
    canaries,
    isEmulated: endpoint !== undefined,
    now: Date.now(),
    ...(accounts && { accounts }),
  }
  const tokens = tokensById(findings)
  const add = (credential: Credential): void => {
    credentials.set(credential.id, [...(credentials.get(credential.id) ?? []), credential])
  }
  const others: Credential[] = []
  for (const finding of findings) {
    const answer = credentialOf(finding, limits)
    if (answer === undefined) continue
    if ('status' in answer) offlineResults.set(finding, answer)
    else add(answer)
    others.push(...otherCredentialsOf(finding, limits, (id) => tokens.get(id)))
  }
  // Behind the pairs that were found: their answers make most other calls needless.
  for (const other of others) add(other)
  return { credentials, offlineResults }
}

/**
 * Calls `GetCallerIdentity` of AWS STS, signed with each access key among the findings, to learn
 * whether the key works and whose it is. AWS logs the call in the account of the key. Returns all
 * findings with their verification, worst first. Throws UsageError when the endpoint is not a
 * loopback address.
 */
export function verify(
  findings: readonly Finding[],
  options: VerifyOptions = {},
): Promise<readonly Finding[]> {
  return verifyWith({}, findings, options)
}

/** Verifies as `verify` does, with another issuer or clock. */
export async function verifyWith(
  overrides: VerifyOverrides,
  findings: readonly Finding[],
  options: VerifyOptions,
): Promise<readonly Finding[]> {
  if (options.endpoint !== undefined) checkEndpoint(options.endpoint)
  const { credentials, offlineResults } = planVerification(findings, options)
  const results = new Map<Finding, Trial>(
    Array.from(offlineResults, ([finding, verification]) => [finding, { verification }]),
  )
  const { signal = new AbortController().signal, onProgress } = options
  const { issuer, close } =
    credentials.size === 0
      ? NO_ISSUER
      : overrides.issuer === undefined
        ? await awsIssuer(options)
        : { ...NO_ISSUER, issuer: overrides.issuer }
  const verifier = new KeyVerifier(issuer, overrides.clock ?? SYSTEM_CLOCK, signal)
  const total = new Set([...credentials.values()].flat().map(({ finding }) => finding)).size
  let done = 0
  const onVerified = (finding: Finding, trial: Trial): void => {
    results.set(finding, trial)
    done += 1
    onProgress?.(done, total)
  }
  const limit = pLimit(options.concurrency ?? DEFAULTS.concurrency)
  try {
    await Promise.all(
      connectedGroups(credentials).map((group) =>
        limit(() => verifyGroup(group, verifier, onVerified)),
      ),
    )
  } finally {
    close()
  }
  return findings
    .map((finding) => withTrial(finding, results.get(finding)))
    .toSorted(compareFindings)
}

function withTrial(finding: Finding, trial: Trial | undefined): Finding {
  if (trial === undefined) return finding
  const { verification, otherId } = trial
  return afterVerification(otherId === undefined ? finding : withId(finding, otherId), verification)
}

/** Returns the session tokens that were found with temporary ids. */
function tokensById(findings: readonly Finding[]): ReadonlyMap<string, Secret> {
  return new Map(
    findings.flatMap((finding) => {
      const [id, token] = [keyIdOf(finding), finding.parts.find(({ role }) => role === 'token')]
      return id === undefined || token === undefined ? [] : [[id, token.secret] as const]
    }),
  )
}

const NO_ISSUER = {
  issuer: { identify: () => Promise.reject(new Error('no credential is verified')) },
  close: () => {},
}

/** Loads the AWS SDK, only when there is a key to verify: loading takes long. */
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
