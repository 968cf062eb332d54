/** Selects the access keys among findings that can be verified, and says why others cannot. */
import type { Finding } from '../model/model.ts'
import { accountOfKeyId, validateAwsKeyId } from '../rules/validators/aws-key-id.ts'
import { validateAwsSessionToken } from '../rules/validators/aws-session-token.ts'
import type { Facts, Role } from '../model/rule.ts'
import type { FindingPart } from '../model/sighting.ts'
import type { Secret } from '../model/secret.ts'
import type { Verification } from '../model/verification.ts'

/** Access key that can be verified. */
export interface Credential {
  readonly finding: Finding
  readonly id: string
  readonly secret: Secret
  readonly token?: Secret
  /** Regions and partitions named near the key or by the key itself. */
  readonly hints: readonly string[]
  /** The account that the id or the token names. */
  readonly accountId?: string
  /** Set when the finding does not name this id: its secret may belong to it all the same. */
  readonly otherId?: FindingPart
}

/** Limits of verification. */
export interface VerificationLimits {
  /** Verify canary tokens too. */
  readonly canaries: boolean
  /** Accounts whose keys may be verified; absent for all. */
  readonly accounts?: readonly string[]
  /** True when an emulator is called, which issues keys of non-existent accounts itself. */
  readonly isEmulated: boolean
  /** Milliseconds since 1970. */
  readonly now: number
}

const LONG_TERM_ID = /^AKIA[A-Z2-7]{16}$/
const TEMPORARY_ID = /^ASIA[A-Z2-7]{16}$/
const SECRET_FORM = /^[A-Za-z0-9+/]{40}$/

/** Returns the access key id of a finding. */
export function keyIdOf(finding: Finding): string | undefined {
  const id = revealPart(finding, 'id')
  return id !== undefined && (LONG_TERM_ID.test(id) || TEMPORARY_ID.test(id)) ? id : undefined
}

/** Returns the account encoded in a key id, in twelve digits; ids made before 2019 encode none. */
export function accountOfId(id: string): string | undefined {
  return accountOfKeyId(id)?.toString().padStart(12, '0')
}

/**
 * Returns the credential of a finding, or a verification that needs no call: why it is not tried,
 * or that it has expired. Undefined for findings that are not of AWS.
 */
export function credentialOf(
  finding: Finding,
  limits: VerificationLimits,
): Credential | Verification | undefined {
  if (finding.rule.provider.toLowerCase() !== 'aws' && keyIdOf(finding) === undefined)
    return undefined
  const problem = partsProblem(finding)
  if (problem !== undefined) return notTried(problem)
  const [id, secret, token] = [
    keyIdOf(finding),
    partOf(finding, 'secret'),
    partOf(finding, 'token'),
  ]
  if (id === undefined || secret === undefined) return notTried('only access keys can be verified')
  const accountId = finding.facts['accountId']
  const hints = hintsOf(finding)
  const credential = { finding, id, secret, hints, ...(accountId !== undefined && { accountId }) }
  return isTemporary(id)
    ? temporaryCredential(credential, token, limits)
    : withinLimits(credential, accountOfId(id), limits)
}

/**
 * Returns the credentials that a finding would be if its secret belonged to one of the other ids
 * near it, as far as those may be verified. `tokenOf` returns the session token of an id.
 */
export function otherCredentialsOf(
  finding: Finding,
  limits: VerificationLimits,
  tokenOf: (id: string) => Secret | undefined,
): readonly Credential[] {
  return (finding.otherIds ?? []).flatMap((otherId) => {
    const asNamed = withId(finding, otherId)
    const [id, token] = [otherId.secret.reveal(), tokenOf(otherId.secret.reveal())]
    const parts = asNamed.parts.filter(({ role }) => role !== 'token')
    const answer = credentialOf(
      {
        ...asNamed,
        parts:
          token !== undefined && isTemporary(id)
            ? [...parts, { role: 'token', secret: token, redacted: '' }]
            : parts,
      },
      limits,
    )
    return answer === undefined || 'status' in answer ? [] : [{ ...answer, finding, otherId }]
  })
}

/** Returns the finding with another of its ids, and the facts that this id tells. */
export function withId(finding: Finding, id: FindingPart): Finding {
  const { otherIds = [], parts } = finding
  const own = parts.find(({ role }) => role === 'id')
  const { accountId: _, canary: __, sample: ___, ...facts } = finding.facts
  return {
    ...finding,
    parts: [...parts.filter((part) => part !== own), id],
    otherIds: [...(own === undefined ? [] : [own]), ...otherIds.filter((other) => other !== id)],
    facts: { ...facts, ...factsOfId(id.secret.reveal()) },
  }
}

function factsOfId(id: string): Facts {
  const validation = validateAwsKeyId(id)
  return validation.valid ? (validation.facts ?? {}) : {}
}

/** True for the id of a temporary key, which works only with its session token. */
export function isTemporary(id: string): boolean {
  return TEMPORARY_ID.test(id)
}

/**
 * True when token and key id are of the same account. Only then does a refusal tell anything about
 * this session.
 */
export function tokenMatchesId({ id, token }: Credential): boolean {
  return token !== undefined && accountOfToken(token) === accountOfId(id)
}

function partsProblem(finding: Finding): string | undefined {
  const [id, secret] = [revealPart(finding, 'id'), revealPart(finding, 'secret')]
  if (finding.rule.parts.every(({ role }) => role !== 'id') && id === undefined)
    return 'only access keys can be verified'
  if (id === undefined) return 'no key id was found with it'
  if (keyIdOf(finding) === undefined) return 'an id of this kind cannot sign requests'
  if (secret === undefined)
    return 'no secret was found with its id; --with-profile looks up the id alone'
  return SECRET_FORM.test(secret) ? undefined : 'its secret is not that of an access key'
}

/** Checks a temporary key offline: it needs its own token, which tells when it expires. */
function temporaryCredential(
  credential: Credential,
  token: Secret | undefined,
  limits: VerificationLimits,
): Credential | Verification {
  if (token === undefined)
    return notTried('a temporary key cannot be verified without its session token')
  const validation = validateAwsSessionToken(token.reveal())
  const expires = validation.valid ? validation.facts?.['expires'] : undefined
  if (expires !== undefined && Date.parse(expires) < limits.now)
    return {
      status: 'expired',
      reason: `its session token expired on ${expires} at the latest; AWS was not called`,
    }
  const [tokenAccount, idAccount] = [accountOfToken(token), accountOfId(credential.id)]
  if (tokenAccount !== undefined && idAccount !== undefined && tokenAccount !== idAccount)
    return notTried('the session token beside it is of another account')
  return withinLimits({ ...credential, token }, idAccount ?? tokenAccount, limits)
}

function withinLimits(
  credential: Credential,
  account: string | undefined,
  { canaries, accounts, isEmulated }: VerificationLimits,
): Credential | Verification {
  const { canary, sample } = credential.finding.facts
  if (canary !== undefined && !canaries)
    return notTried(`${canary}: its owner is alerted of each use; see --verify-canaries`)
  if (sample !== undefined && !isEmulated) return notTried(`not a real key: ${sample}`)
  if (accounts?.length === 0) return notTried('verification was not agreed to')
  if (accounts === undefined || (account !== undefined && accounts.includes(account)))
    return credential
  return notTried(
    account === undefined
      ? 'its id does not name its account, and only keys of some accounts may be verified'
      : `account ${account} is not among those whose keys may be verified`,
  )
}

function hintsOf({ facts, regions = [] }: Finding): readonly string[] {
  return [...(facts['region'] === undefined ? [] : [facts['region']]), ...regions]
}

function accountOfToken(token: Secret): string | undefined {
  const validation = validateAwsSessionToken(token.reveal())
  return validation.valid ? validation.facts?.['accountId'] : undefined
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
