/**
 * Validates presigned addresses of AWS, tokens of EKS that contain one, and shared access
 * signatures of Azure.
 */
import type { Facts, Validator } from '../../model/rule.ts'
import { accountOfKeyId, validateAwsKeyId } from './aws-key-id.ts'
import { validateAwsSessionToken } from './aws-session-token.ts'
import { accountFacts, dateOfSeconds, definedFacts } from './facts.ts'

/**
 * Returns the query parameters of an address. Its `&` may be written `&amp;`, `\u0026` or, in an
 * address within another, `%26`.
 */
export function queryOf(address: string): URLSearchParams {
  const plain = address.replaceAll(/&amp;|\\u0026/g, '&')
  const query = plain.slice(plain.indexOf('?') + 1)
  return new URLSearchParams(
    query.includes('&') ? query : (new URLSearchParams(`q=${query}`).get('q') ?? ''),
  )
}

/**
 * Returns the facts in an address that was signed with version 4:
 * `X-Amz-Credential=AKIA…/20251205/us-east-1/s3/aws4_request`, `X-Amz-Date=20251205T215151Z`,
 * `X-Amz-Expires=3600` (seconds). Facts: `accountId`, `canary`, `region`, `service`, `created`,
 * `expires`. An address expires with the session that signed it, if that is earlier.
 */
export function signedQueryFacts(query: URLSearchParams): Facts {
  const [, id = '', region, service] =
    /^([A-Z2-7]{20})\/\d{8}\/([a-z0-9-]{4,24})\/([a-z0-9-]{2,40})\//.exec(
      query.get('X-Amz-Credential') ?? '',
    ) ?? []
  const created =
    Date.parse(
      (query.get('X-Amz-Date') ?? '').replace(
        /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
        '$1-$2-$3T$4:$5:$6Z',
      ),
    ) / 1000
  const seconds = Number(query.get('X-Amz-Expires') ?? Number.NaN)
  const ends = [
    dateOfSeconds(created + seconds),
    sessionEnd(query.get('X-Amz-Security-Token')),
  ].filter((end) => end !== undefined)
  return {
    ...keyIdFacts(id),
    ...definedFacts({
      region,
      service,
      created: dateOfSeconds(created),
      expires: ends.toSorted()[0],
    }),
  }
}

function sessionEnd(token: string | null): string | undefined {
  const result = validateAwsSessionToken((token ?? '').replaceAll(' ', '+'))
  return result.valid ? result.facts?.['expires'] : undefined
}

function keyIdFacts(id: string): Facts {
  const account = accountOfKeyId(id)
  return account === undefined ? {} : accountFacts(String(account).padStart(12, '0'))
}

/**
 * Returns the reason why an address gives no access: signed with the documentation's key, whose id
 * ends in EXAMPLE, or with an id that cannot exist.
 */
function keyIdFlaw(id: string): string | undefined {
  if (id.endsWith('EXAMPLE')) return 'signed with the key of the documentation'
  return validateAwsKeyId(id).valid ? undefined : 'signed with an id that cannot be'
}

/** Accepts the parameters of an address signed with version 4. */
export const validatePresigned: Validator = (text) => {
  const query = queryOf(text)
  const flaw = keyIdFlaw((query.get('X-Amz-Credential') ?? '').split('/')[0] ?? '')
  return flaw === undefined
    ? { valid: true, facts: signedQueryFacts(query) }
    : { valid: false, reason: flaw }
}

/**
 * Accepts the parameters of an address signed with version 2:
 * `AWSAccessKeyId=AKIA…&Expires=1700000000&Signature=…`. Facts: `accountId`, `canary`, `expires`.
 */
export const validatePresignedV2: Validator = (text) => {
  const query = queryOf(text)
  const id = query.get('AWSAccessKeyId') ?? ''
  if (!query.has('Signature') || !query.has('Expires'))
    return { valid: false, reason: 'neither signature nor expiry' }
  const flaw = keyIdFlaw(id)
  const expires = dateOfSeconds(Number(query.get('Expires')))
  return flaw === undefined
    ? { valid: true, facts: { ...keyIdFacts(id), ...definedFacts({ expires }) } }
    : { valid: false, reason: flaw }
}

/**
 * Time for which a cluster accepts a token, whatever expiry the address in it has. Source:
 * aws-iam-authenticator, documentation of EKS.
 */
const EKS_LIFETIME_MS = 15 * 60 * 1000

/**
 * Accepts a token of EKS: `k8s-aws-v1.` and base64url of a presigned
 * `https://sts.…amazonaws.com/?Action=GetCallerIdentity…`.
 */
export const validateEksToken: Validator = (text) => {
  const address = Buffer.from(text.slice('k8s-aws-v1.'.length), 'base64url').toString('latin1')
  if (!/^https:\/\/sts\.[a-z0-9.-]{5,80}\/\?/.test(address))
    return { valid: false, reason: 'does not decode to a presigned address' }
  const facts = signedQueryFacts(queryOf(address))
  const created = facts['created']
  return {
    valid: true,
    facts:
      created === undefined
        ? facts
        : { ...facts, expires: new Date(Date.parse(created) + EKS_LIFETIME_MS).toISOString() },
  }
}

/**
 * Accepts a shared access signature of Azure: `sv=2022-11-02&…&se=2024-01-01T00:00:00Z&sig=…`.
 * Service Bus writes `se` in Unix seconds. Fact: `expires`.
 */
export const validateAzureSignature: Validator = (text) => {
  const query = queryOf(text)
  const end = query.get('se') ?? ''
  if (!query.has('sig') || !(query.has('sv') || query.has('sr')))
    return { valid: false, reason: 'not a shared access signature' }
  return {
    valid: true,
    facts: definedFacts({
      expires: dateOfSeconds(/^\d{9,10}$/.test(end) ? Number(end) : Date.parse(end) / 1000),
    }),
  }
}
