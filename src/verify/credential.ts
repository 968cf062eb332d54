import type { Finding } from '../model/model.ts'
import { accountOfKeyId } from '../rules/validators/aws-key-id.ts'
import { validateAwsSessionToken } from '../rules/validators/aws-session-token.ts'
import type { Role } from '../model/rule.ts'
import type { Secret } from '../model/secret.ts'
import type { Verification } from '../model/verification.ts'

/** An access key that can be asked about. */
export interface Credential {
  readonly finding: Finding
  readonly id: string
  readonly secret: Secret
  readonly token?: Secret
  /** Regions and partitions that are named near it, or that it names itself. */
  readonly hints: readonly string[]
}

/** What may be asked. */
export interface VerificationLimits {
  /** Bait is asked about, too. */
  readonly canaries: boolean
  /** Only keys of these accounts; absent for all. */
  readonly accounts?: readonly string[]
  /** An emulator answers: accounts of nobody are its own. */
  readonly emulated: boolean
  /** In milliseconds since 1970. */
  readonly now: number
}

const LONG_TERM_ID = /^AKIA[A-Z2-7]{16}$/
const TEMPORARY_ID = /^ASIA[A-Z2-7]{16}$/
const SECRET_FORM = /^[A-Za-z0-9+/]{40}$/

/** The access key id of a finding, where it has one. */
export function keyIdOf(finding: Finding): string | undefined {
  const id = revealPart(finding, 'id')
  return id !== undefined && (LONG_TERM_ID.test(id) || TEMPORARY_ID.test(id)) ? id : undefined
}

/** The account that a key id names, in twelve digits; ids of before 2019 name none. */
export function accountOfId(id: string): string | undefined {
  return accountOfKeyId(id)?.toString().padStart(12, '0')
}

/**
 * What of a finding can be asked about; or what can be said without asking: why nobody is asked, or
 * that it has expired. Undefined for what is no matter of AWS.
 */
export function credentialOf(
  finding: Finding,
  limits: VerificationLimits,
): Credential | Verification | undefined {
  if (finding.rule.provider.toLowerCase() !== 'aws' && keyIdOf(finding) === undefined)
    return undefined
  const flaw = partsProblem(finding)
  if (flaw !== undefined) return notTried(flaw)
  const [id, secret, token] = [
    keyIdOf(finding),
    partOf(finding, 'secret'),
    partOf(finding, 'token'),
  ]
  if (id === undefined || secret === undefined)
    return notTried('only access keys can be asked about')
  return isTemporary(id)
    ? temporaryCredential({ finding, id, secret, hints: hintsOf(finding) }, token, limits)
    : withinLimits({ finding, id, secret, hints: hintsOf(finding) }, accountOfId(id), limits)
}

/** Is it a key of a session, which goes with a token? */
export function isTemporary(id: string): boolean {
  return TEMPORARY_ID.test(id)
}

/**
 * Does the token name the account that the id names? Only then a refusal is about this very
 * session.
 */
export function tokenMatchesId({ id, token }: Credential): boolean {
  return token !== undefined && accountOfToken(token) === accountOfId(id)
}

function partsProblem(finding: Finding): string | undefined {
  const [id, secret] = [revealPart(finding, 'id'), revealPart(finding, 'secret')]
  if (finding.rule.parts.every(({ role }) => role !== 'id') && id === undefined)
    return 'only access keys can be asked about'
  if (id === undefined) return 'no key id was found with it'
  if (keyIdOf(finding) === undefined) return 'ids of its kind sign no requests'
  if (secret === undefined)
    return 'no secret was found with its id; --with-profile asks about the id alone'
  return SECRET_FORM.test(secret) ? undefined : 'its secret is not that of an access key'
}

/** Expiry is proven offline, and a session without its token cannot be asked about. */
function temporaryCredential(
  credential: Credential,
  token: Secret | undefined,
  limits: VerificationLimits,
): Credential | Verification {
  if (token === undefined)
    return notTried('a temporary key cannot be asked about without its session token')
  const judged = validateAwsSessionToken(token.reveal())
  const expires = judged.valid ? judged.facts?.['expires'] : undefined
  if (expires !== undefined && Date.parse(expires) < limits.now)
    return {
      status: 'expired',
      reason: `its token says so: ${expires} at the latest; nobody was asked`,
    }
  const [named, own] = [accountOfToken(token), accountOfId(credential.id)]
  if (named !== undefined && own !== undefined && named !== own)
    return notTried('the session token beside it is of another account')
  return withinLimits({ ...credential, token }, own ?? named, limits)
}

function withinLimits(
  credential: Credential,
  account: string | undefined,
  { canaries, accounts, emulated }: VerificationLimits,
): Credential | Verification {
  const { canary, sample } = credential.finding.facts
  if (canary !== undefined && !canaries)
    return notTried(`${canary}: its owner is told of each use; --verify-canaries asks all the same`)
  if (sample !== undefined && !emulated) return notTried(`nobody's: ${sample}`)
  if (accounts?.length === 0) return notTried('asking was not agreed to')
  if (accounts === undefined || (account !== undefined && accounts.includes(account)))
    return credential
  return notTried(
    account === undefined
      ? 'its id does not tell its account, and only some may be asked about'
      : `account ${account} is not among those that may be asked about`,
  )
}

function hintsOf({ facts, regions = [] }: Finding): readonly string[] {
  return [...(facts['region'] === undefined ? [] : [facts['region']]), ...regions]
}

function accountOfToken(token: Secret): string | undefined {
  const judged = validateAwsSessionToken(token.reveal())
  return judged.valid ? judged.facts?.['accountId'] : undefined
}

function partOf({ parts }: Finding, role: Role): Secret | undefined {
  return parts.find((part) => part.role === role)?.secret
}

function revealPart(finding: Finding, role: Role): string | undefined {
  return partOf(finding, role)?.reveal()
}

function notTried(reason: string): Verification {
  return { status: 'not-tried', reason }
}
