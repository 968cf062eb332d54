import type { Facts, Validator } from '../../model/rule.ts'
import { accountFacts } from './aws-account.ts'
import { accountOfKeyId, validateAwsKeyId } from './aws-key-id.ts'
import { validateAwsSessionToken } from './aws-session-token.ts'
import { dateOfSeconds, knownFacts } from './facts.ts'

/**
 * The parameters of an address, whose `&` may be written `&amp;`, `\u0026` or, in an address within
 * another, `%26`.
 */
export function queryOf(address: string): URLSearchParams {
  const plain = address.replaceAll(/&amp;|\\u0026/g, '&')
  const query = plain.slice(plain.indexOf('?') + 1)
  return new URLSearchParams(
    query.includes('&') ? query : (new URLSearchParams(`q=${query}`).get('q') ?? ''),
  )
}

/**
 * What an address that was signed with version 4 says of itself:
 * `X-Amz-Credential=AKIA…/20251205/us-east-1/s3/aws4_request`, `X-Amz-Date=20251205T215151Z`,
 * `X-Amz-Expires=3600` (seconds). Facts: `accountId`, `canary`, `region`, `service`, `created`,
 * `expires`. It ends early with the session it was signed in.
 */
export function factsOfSigned(query: URLSearchParams): Facts {
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
    ...factsOfId(id),
    ...knownFacts({
      region,
      service,
      created: dateOfSeconds(created),
      expires: ends.toSorted()[0],
    }),
  }
}

function sessionEnd(token: string | null): string | undefined {
  const judged = validateAwsSessionToken((token ?? '').replaceAll(' ', '+'))
  return judged.valid ? judged.facts?.['expires'] : undefined
}

function factsOfId(id: string): Facts {
  const account = accountOfKeyId(id)
  return account === undefined ? {} : accountFacts(String(account).padStart(12, '0'))
}

/**
 * Documentation signs with an id that ends so; signed with an id that cannot be, an address opens
 * nothing.
 */
function flawOfId(id: string): string | undefined {
  if (id.endsWith('EXAMPLE')) return 'signed with the key of the documentation'
  return validateAwsKeyId(id).valid ? undefined : 'signed with an id that cannot be'
}

/** The parameters of an address of version 4. */
export const validatePresigned: Validator = (text) => {
  const query = queryOf(text)
  const flaw = flawOfId((query.get('X-Amz-Credential') ?? '').split('/')[0] ?? '')
  return flaw === undefined
    ? { valid: true, facts: factsOfSigned(query) }
    : { valid: false, reason: flaw }
}

/**
 * The parameters of an address of version 2: `AWSAccessKeyId=AKIA…&Expires=1700000000&Signature=…`.
 * Facts: `accountId`, `canary`, `expires`.
 */
export const validatePresignedV2: Validator = (text) => {
  const query = queryOf(text)
  const id = query.get('AWSAccessKeyId') ?? ''
  if (!query.has('Signature') || !query.has('Expires'))
    return { valid: false, reason: 'neither signature nor expiry' }
  const flaw = flawOfId(id)
  const expires = dateOfSeconds(Number(query.get('Expires')))
  return flaw === undefined
    ? { valid: true, facts: { ...factsOfId(id), ...knownFacts({ expires }) } }
    : { valid: false, reason: flaw }
}

/**
 * How long a cluster takes the address within a token, whatever that says: aws-iam-authenticator,
 * docs of EKS.
 */
const clusterLifeMs = 15 * 60 * 1000

/**
 * `k8s-aws-v1.` and base64url of a presigned
 * `https://sts.…amazonaws.com/?Action=GetCallerIdentity…`.
 */
export const validateEksToken: Validator = (text) => {
  const address = Buffer.from(text.slice('k8s-aws-v1.'.length), 'base64url').toString('latin1')
  if (!/^https:\/\/sts\.[a-z0-9.-]{5,80}\/\?/.test(address))
    return { valid: false, reason: 'does not decode to a presigned address' }
  const facts = factsOfSigned(queryOf(address))
  const created = facts['created']
  return {
    valid: true,
    facts:
      created === undefined
        ? facts
        : { ...facts, expires: new Date(Date.parse(created) + clusterLifeMs).toISOString() },
  }
}
