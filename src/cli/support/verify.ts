/**
 * `--verify` and `oakum verify`: what may be asked of AWS, the question before, and the answers
 * after a scan.
 */
import type { VerifyPolicy } from '../../config/configuration.ts'
import { UsageError } from '../../model/errors.ts'
import type { Finding } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import type { VerificationPlan, VerifyOptions } from '../../verify/verify.ts'
import { askLine, askNoMore, confirm } from './ask-line.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { isCi } from '../arguments/environment.ts'
import { line } from './failure.ts'
import type { Io } from '../process/io.ts'
import { consents, type OptionName } from '../arguments/options.ts'
import { startCount } from './progress.ts'
import { choiceOf, lastOf } from '../arguments/settings.ts'

/** What was asked for, as far as it is allowed. */
export interface VerifyWish {
  /**
   * Use the keys that are found: `yes`, `ask` first, or without a question only those of these
   * accounts.
   */
  readonly keys?: 'yes' | 'ask'
  /** Accounts that configuration agrees to. */
  readonly agreed: readonly string[]
  /** Ask about key ids with this profile. */
  readonly profile?: string
  readonly options: Pick<VerifyOptions, 'accounts' | 'canaries' | 'endpoint'>
}

const companions: readonly OptionName[] = ['verify-accounts', 'verify-canaries', 'sts-endpoint']

/**
 * What the options ask for; undefined for no verification. Throws a UsageError where that may not
 * be, before anything is read.
 */
export async function verifyWishOf(
  invocation: Invocation,
  io: Io,
  policy: VerifyPolicy,
): Promise<VerifyWish | undefined> {
  const profile = lastOf(invocation, 'with-profile')
  const consent =
    choiceOf(invocation, 'verify', consents) ??
    (invocation.command === 'verify' && profile === undefined ? 'ask' : undefined)
  if (consent === undefined && profile === undefined) {
    const lone = companions.find(
      (name) => invocation.values.has(name) || invocation.switches.has(name),
    )
    if (lone !== undefined) throw new UsageError(`--${lone} goes with --verify`)
    return undefined
  }
  refuseHooks(io)
  if (invocation.values.has('shard'))
    throw new UsageError(
      'a shard is not verified: merge the reports of all shards, and give oakum verify the merged one',
    )
  if (policy === 'off')
    throw new UsageError(
      'the configuration forbids to ask anybody about credentials (verify: off); --no-config leaves it out',
    )
  const agreed = typeof policy === 'string' ? [] : policy
  if (consent === 'ask' && agreed.length === 0 && !canAsk(io)) {
    throw new UsageError(
      'asking AWS needs your consent, and there is no terminal to ask on: --verify=yes gives it',
    )
  }
  return {
    ...(consent && { keys: consent }),
    agreed,
    ...(profile !== undefined && { profile }),
    options: await verifyOptionsOf(invocation),
  }
}

/** What of the options limits verification. */
export async function verifyOptionsOf(invocation: Invocation): Promise<VerifyWish['options']> {
  const endpoint = lastOf(invocation, 'sts-endpoint')
  const accounts = invocation.values
    .get('verify-accounts')
    ?.flatMap((list) => list.split(','))
    .map((account) => account.trim())
  const wrong = accounts?.find((account) => !/^\d{12}$/.test(account))
  if (wrong !== undefined)
    throw new UsageError(
      `--verify-accounts takes AWS account numbers of twelve digits, with a comma between; what is "${wrong}"?`,
    )
  const checked =
    endpoint === undefined
      ? undefined
      : (await import('../../verify/endpoint.ts')).checkEndpoint(endpoint)
  return {
    canaries: invocation.switches.has('verify-canaries'),
    ...(accounts && { accounts }),
    ...(checked !== undefined && { endpoint: checked }),
  }
}

function refuseHooks(io: Io): void {
  const refusal = hookRefusal(io)
  if (refusal !== undefined) throw new UsageError(refusal)
}

/**
 * Why nobody is asked here, if so: git sets `GIT_EXEC_PATH` for all that it starts, hooks and
 * aliases.
 */
export function hookRefusal({ env }: Pick<Io, 'env'>): string | undefined {
  const sign = ['GIT_EXEC_PATH', 'GIT_QUARANTINE_PATH', 'PRE_COMMIT'].find(
    (name) => env[name] !== undefined,
  )
  return sign === undefined
    ? undefined
    : `nobody is asked about credentials from within a hook or alias of git (${sign} is set): run it by itself`
}

function canAsk({ stdinIsTTY, stderr, env }: Io): boolean {
  return stdinIsTTY === true && stderr.isTTY && !isCi(env)
}

/** The result with what AWS says of the keys in it. */
export async function verifyResult(
  result: ScanResult,
  wish: VerifyWish,
  io: Io,
  { quiet }: { readonly quiet: boolean },
): Promise<ScanResult> {
  if (io.signal.aborted) return result
  try {
    return { ...result, findings: await verified(result.findings, wish, io, quiet) }
  } finally {
    if (canAsk(io)) await askNoMore(io)
  }
}

async function verified(
  findings: readonly Finding[],
  wish: VerifyWish,
  io: Io,
  quiet: boolean,
): Promise<readonly Finding[]> {
  const used = wish.keys === undefined ? findings : await useKeys(findings, wish, io, quiet)
  return wish.profile === undefined || io.signal.aborted
    ? used
    : lookUpIds(used, wish.profile, wish, { io, quiet })
}

async function useKeys(
  findings: readonly Finding[],
  { keys, agreed, options }: VerifyWish,
  io: Io,
  quiet: boolean,
): Promise<readonly Finding[]> {
  const { planVerification, verify } = await import('../../verify/verify.ts')
  const plan = planVerification(findings, options)
  const isAgreed =
    keys === 'yes' || isWithin(plan, agreed) || (canAsk(io) && (await agrees(plan, options, io)))
  if (keys === 'yes' && plan.credentials.size > 0 && !quiet)
    io.stderr.write(
      line(
        `asking AWS about ${counted(plan.credentials.size)}, which CloudTrail logs in the account of each`,
      ),
    )
  // What was not agreed to is not asked; what the configuration agrees to is.
  const accounts = isAgreed
    ? options.accounts
    : agreed.filter((account) => options.accounts?.includes(account) ?? true)
  const progress = startCount(
    io,
    (done, total) => `asked about ${done} of ${counted(total)}`,
    quiet,
  )
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

function isWithin({ credentials }: VerificationPlan, accounts: readonly string[]): boolean {
  return [...credentials.values()].every((group) =>
    group.every(({ finding }) => accounts.includes(finding.facts['accountId'] ?? '')),
  )
}

async function agrees(
  { credentials }: VerificationPlan,
  options: VerifyWish['options'],
  io: Io,
): Promise<boolean> {
  const { consentText } = await import('../../verify/consent.ts')
  io.stderr.write(consentText(credentials.size, options))
  return confirm(io, 'Ask AWS?')
}

async function lookUpIds(
  findings: readonly Finding[],
  profile: string,
  { options }: VerifyWish,
  { io, quiet }: { readonly io: Io; readonly quiet: boolean },
): Promise<readonly Finding[]> {
  const { lookUp } = await import('../../verify/profile.ts')
  const progress = startCount(io, (done, total) => `looked up ${done} of ${counted(total)}`, quiet)
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

function counted(keys: number): string {
  return `${keys} access ${keys === 1 ? 'key' : 'keys'}`
}
