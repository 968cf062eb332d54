/**
 * `--verify` and `oakum verify`: checks what may be asked of AWS, asks the user for consent, and
 * adds the answers to a scan's findings.
 */
import type { VerifyPolicy } from '../../config/configuration.ts'
import { UsageError } from '../../model/errors.ts'
import type { Finding } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import type { VerificationPlan, VerifyOptions } from '../../verify/verify.ts'
import { askLine, confirm, stopAsking } from './ask-line.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { isCi } from '../arguments/environment.ts'
import { messageLine } from './failure.ts'
import type { Io } from '../process/io.ts'
import { consentChoices } from '../arguments/choices.ts'
import type { OptionName } from '../arguments/options.ts'
import { startCount } from './progress.ts'
import { choiceOf, lastValueOf } from '../arguments/settings.ts'

/** Verification that the options request and the configuration permits. */
export interface VerifyRequest {
  /**
   * Whether to send requests signed with the keys that are found: `yes`, or `ask` the user first.
   * Keys of `agreedAccounts` need no question.
   */
  readonly keys?: 'yes' | 'ask'
  /** AWS accounts that the configuration agrees to. */
  readonly agreedAccounts: readonly string[]
  /** AWS profile with which to look up key ids. */
  readonly profile?: string
  readonly options: Pick<VerifyOptions, 'accounts' | 'canaries' | 'endpoint'>
}

/** Options that are valid only together with `--verify` or `--with-profile`. */
const dependentOptions: readonly OptionName[] = [
  'verify-accounts',
  'verify-canaries',
  'sts-endpoint',
]

/**
 * Returns the verification that the options request; undefined for none. Throws a UsageError,
 * before anything is read, where verification is not permitted.
 */
export async function readVerifyRequest(
  invocation: Invocation,
  io: Io,
  policy: VerifyPolicy,
): Promise<VerifyRequest | undefined> {
  const profile = lastValueOf(invocation, 'with-profile')
  const consent =
    choiceOf(invocation, 'verify', consentChoices) ??
    (invocation.command === 'verify' && profile === undefined ? 'ask' : undefined)
  if (consent === undefined && profile === undefined) {
    const dependent = dependentOptions.find(
      (name) => invocation.values.has(name) || invocation.switches.has(name),
    )
    if (dependent !== undefined) throw new UsageError(`--${dependent} needs --verify`)
    return undefined
  }
  const refusal = hookRefusal(io)
  if (refusal !== undefined) throw new UsageError(refusal)
  if (invocation.values.has('shard'))
    throw new UsageError(
      'a shard cannot be verified: merge the reports of all shards, then run oakum verify on the result',
    )
  if (policy === 'off')
    throw new UsageError(
      'the configuration forbids verification (verify: off); --no-config ignores it',
    )
  const agreedAccounts = typeof policy === 'string' ? [] : policy
  if (consent === 'ask' && agreedAccounts.length === 0 && !canAsk(io)) {
    throw new UsageError(
      'verification with AWS needs your consent, and there is no terminal to ask on: --verify=yes gives it',
    )
  }
  return {
    ...(consent && { keys: consent }),
    agreedAccounts,
    ...(profile !== undefined && { profile }),
    options: await readVerifyOptions(invocation),
  }
}

/** Reads the options that limit verification. */
export async function readVerifyOptions(invocation: Invocation): Promise<VerifyRequest['options']> {
  const address = lastValueOf(invocation, 'sts-endpoint')
  const accounts = invocation.values
    .get('verify-accounts')
    ?.flatMap((list) => list.split(','))
    .map((account) => account.trim())
  const invalid = accounts?.find((account) => !/^\d{12}$/.test(account))
  if (invalid !== undefined)
    throw new UsageError(
      `--verify-accounts takes comma-separated AWS account numbers of twelve digits, not "${invalid}"`,
    )
  const endpoint =
    address === undefined
      ? undefined
      : (await import('../../verify/endpoint.ts')).checkEndpoint(address)
  return {
    canaries: invocation.switches.has('verify-canaries'),
    ...(accounts && { accounts }),
    ...(endpoint !== undefined && { endpoint }),
  }
}

/**
 * Returns why nothing may be verified in this process, or undefined if it may. Git sets
 * `GIT_EXEC_PATH` for all hooks and aliases that it starts.
 */
export function hookRefusal({ env }: Pick<Io, 'env'>): string | undefined {
  const variable = ['GIT_EXEC_PATH', 'GIT_QUARANTINE_PATH', 'PRE_COMMIT'].find(
    (name) => env[name] !== undefined,
  )
  return variable === undefined
    ? undefined
    : `credentials are not verified inside a git hook or alias (${variable} is set): run oakum directly`
}

/** True when somebody at a terminal can answer a question. */
function canAsk({ stdinIsTTY, stderr, env }: Io): boolean {
  return stdinIsTTY === true && stderr.isTTY && !isCi(env)
}

/** Returns `result` with the answers of AWS in its findings. */
export async function verifyResult(
  result: ScanResult,
  request: VerifyRequest,
  io: Io,
  { quiet }: { readonly quiet: boolean },
): Promise<ScanResult> {
  if (io.signal.aborted) return result
  try {
    return { ...result, findings: await verifyFindings(result.findings, request, io, quiet) }
  } finally {
    if (canAsk(io)) await stopAsking(io)
  }
}

async function verifyFindings(
  findings: readonly Finding[],
  request: VerifyRequest,
  io: Io,
  quiet: boolean,
): Promise<readonly Finding[]> {
  const tried = request.keys === undefined ? findings : await tryKeys(findings, request, io, quiet)
  return request.profile === undefined || io.signal.aborted
    ? tried
    : lookUpIds(tried, request.profile, request, { io, quiet })
}

/** Verifies keys by signing a request with each. */
async function tryKeys(
  findings: readonly Finding[],
  { keys, agreedAccounts, options }: VerifyRequest,
  io: Io,
  quiet: boolean,
): Promise<readonly Finding[]> {
  const { planVerification, verify } = await import('../../verify/verify.ts')
  const plan = planVerification(findings, options)
  const isAgreed =
    keys === 'yes' ||
    isWithinAccounts(plan, agreedAccounts) ||
    (canAsk(io) && (await askConsent(plan, options, io)))
  if (keys === 'yes' && plan.credentials.size > 0 && !quiet)
    io.stderr.write(
      messageLine(
        `verifying ${countKeys(plan.credentials.size)} with AWS; CloudTrail logs each request ` +
          'in the account of its key',
      ),
    )
  // Without consent, only keys of accounts that the configuration agrees to are verified.
  const accounts = isAgreed
    ? options.accounts
    : agreedAccounts.filter((account) => options.accounts?.includes(account) ?? true)
  const progress = startCount(io, (done, total) => `verified ${done} of ${countKeys(total)}`, quiet)
  try {
    return await verify(findings, {
      ...options,
      ...(accounts && { accounts }),
      signal: io.signal,
      onProgress: progress.onProgress,
    })
  } finally {
    progress.clear()
  }
}

function isWithinAccounts({ credentials }: VerificationPlan, accounts: readonly string[]): boolean {
  return [...credentials.values()].every((group) =>
    group.every(({ accountId = '' }) => accounts.includes(accountId)),
  )
}

async function askConsent(
  { credentials }: VerificationPlan,
  options: VerifyRequest['options'],
  io: Io,
): Promise<boolean> {
  const { consentText } = await import('../../verify/consent.ts')
  io.stderr.write(consentText(credentials.size, options))
  return confirm(io, 'Verify with AWS?')
}

/** Looks up key ids with an AWS profile, without using the keys that were found. */
async function lookUpIds(
  findings: readonly Finding[],
  profile: string,
  { options }: VerifyRequest,
  { io, quiet }: { readonly io: Io; readonly quiet: boolean },
): Promise<readonly Finding[]> {
  const { lookUp } = await import('../../verify/profile.ts')
  const progress = startCount(
    io,
    (done, total) => `looked up ${done} of ${countKeys(total)}`,
    quiet,
  )
  try {
    return await lookUp(findings, {
      ...options,
      profile,
      signal: io.signal,
      onProgress: progress.onProgress,
      askCode: async (device) => (canAsk(io) ? askLine(io, `MFA code of ${device}: `) : undefined),
    })
  } finally {
    progress.clear()
  }
}

function countKeys(count: number): string {
  return `${count} access ${count === 1 ? 'key' : 'keys'}`
}
