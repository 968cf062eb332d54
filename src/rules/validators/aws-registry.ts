import type { Validator } from '../../model/rule.ts'
import { isMapping } from '../fields.ts'
import { dateOfSeconds, knownFacts } from './facts.ts'

/**
 * A token of a container registry is base64 of
 * `{"payload":"…","datakey":"…","version":"2","type":"DATA_KEY","expiration":1700000000}`; Docker
 * keeps it as base64 of `AWS:<token>`. Many bodies of JWTs begin like it, but are not of that type.
 * Fact: `expires`.
 */
export const validateEcrToken: Validator = (text) => {
  const decoded = Buffer.from(text, 'base64').toString('latin1')
  const token = decoded.startsWith('AWS:')
    ? Buffer.from(decoded.slice('AWS:'.length), 'base64').toString('latin1')
    : decoded
  const content = parsed(token)
  if (!isMapping(content) || content['type'] !== 'DATA_KEY')
    return { valid: false, reason: 'does not decode to a token of a registry' }
  return { valid: true, facts: knownFacts({ expires: dateOfSeconds(content['expiration']) }) }
}

/**
 * 33 bytes, of which the first is the version: 4, or 2 for those made before 2019; the rest is an
 * HMAC. Source: docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html. Fact: `version`.
 */
export const validateSesPassword: Validator = (text) => {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== 33 || (bytes[0] !== 2 && bytes[0] !== 4))
    return { valid: false, reason: 'not derived as SMTP passwords are' }
  return { valid: true, facts: { version: String(bytes[0]) } }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
