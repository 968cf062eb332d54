/** Validates tokens of single AWS services: ECR, SES and Bedrock. */
import type { Validator } from '../../model/rule.ts'
import { isMapping } from '../fields.ts'
import { accountFacts, dateOfSeconds, definedFacts } from './facts.ts'
import { queryOf, signedQueryFacts } from './presigned.ts'

/**
 * Accepts a token of a container registry: base64 of
 * `{"payload":"…","datakey":"…","version":"2","type":"DATA_KEY","expiration":1700000000}`, or
 * base64 of `AWS:<token>` as Docker stores it. Many JWT bodies begin alike but have no such type.
 * Fact: `expires`.
 */
export const validateEcrToken: Validator = (text) => {
  const decoded = Buffer.from(text, 'base64').toString('latin1')
  const token = decoded.startsWith('AWS:')
    ? Buffer.from(decoded.slice('AWS:'.length), 'base64').toString('latin1')
    : decoded
  const content = parseJson(token)
  if (!isMapping(content) || content['type'] !== 'DATA_KEY')
    return { valid: false, reason: 'does not decode to a token of a registry' }
  return { valid: true, facts: definedFacts({ expires: dateOfSeconds(content['expiration']) }) }
}

/**
 * Accepts an SMTP password of SES: 33 bytes, of which the first is the version (4, or 2 before
 * 2019) and the rest an HMAC. Source: docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html.
 * Fact: `version`.
 */
export const validateSesPassword: Validator = (text) => {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== 33 || (bytes[0] !== 2 && bytes[0] !== 4))
    return { valid: false, reason: 'not derived as SMTP passwords are' }
  return { valid: true, facts: { version: String(bytes[0]) } }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Accepts a long-term Bedrock key: `ABSK` and the base64 of `<user>-at-<account>:<secret>`. Facts:
 * `accountId`, `canary`.
 */
export const validateBedrockKey: Validator = (text) => {
  const decoded = Buffer.from(text.slice('ABSK'.length), 'base64').toString('latin1')
  const accountId = /^[\w+=,.@-]{1,64}-at-(\d{12}):./.exec(decoded)?.[1]
  return accountId === undefined
    ? { valid: false, reason: 'does not decode to a Bedrock key' }
    : { valid: true, facts: accountFacts(accountId) }
}

/**
 * Accepts a short-term Bedrock key: `bedrock-api-key-` and the base64 of a presigned address:
 * `bedrock.amazonaws.com/?…&X-Amz-Credential=ASIA…%2F20251205%2Fus-east-1%2Fbedrock%2Faws4_request&X-Amz-Date=20251205T215151Z&X-Amz-Expires=43200…`
 * Facts: those of a presigned address.
 */
export const validateBedrockSession: Validator = (text) => {
  const decoded = Buffer.from(text.slice('bedrock-api-key-'.length), 'base64').toString('latin1')
  if (!decoded.startsWith('bedrock.amazonaws.com/?'))
    return { valid: false, reason: 'does not decode to a presigned address' }
  return { valid: true, facts: signedQueryFacts(queryOf(decoded)) }
}
