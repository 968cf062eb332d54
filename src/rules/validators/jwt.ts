/** Validates JSON Web Tokens. */
import type { Validator } from '../../model/rule.ts'
import { isMapping } from '../fields.ts'
import { dateOfSeconds, definedFacts } from './facts.ts'

type Claims = Readonly<Record<string, unknown>>

/** Decodes the header and body of `eyJ….eyJ….signature`. */
function readJwt(text: string): { readonly head: Claims; readonly body: Claims } | undefined {
  const [head, body] = text.split('.').slice(0, 2).map(decodeJson)
  return isMapping(head) && isMapping(body) && typeof head['alg'] === 'string'
    ? { head, body }
    : undefined
}

function decodeJson(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

/** Returns the reason why a token gives no access, or undefined. */
function jwtFlaw({ head, body }: NonNullable<ReturnType<typeof readJwt>>): string | undefined {
  if (/^none$/i.test(String(head['alg']))) return 'unsigned'
  if (body['role'] === 'anon') return 'made for the public: its role is anon'
  if (body['sub'] === '1234567890' || body['name'] === 'John Doe')
    return 'a documentation sample: its owner is nobody'
  return body['iss'] === 'supabase-demo' ? 'a documentation sample: everybody has it' : undefined
}

/**
 * Rejects tokens that do not decode, are unsigned or are public by design. Facts: `issuer`,
 * `expires`.
 */
export const validateJwt: Validator = (text) => {
  const token = readJwt(text)
  if (token === undefined) return { valid: false, reason: 'does not decode to a JSON Web Token' }
  const reason = jwtFlaw(token)
  if (reason !== undefined) return { valid: false, reason }
  const issuer = String(token.body['iss'] ?? '')
  return {
    valid: true,
    facts: definedFacts({
      issuer: /^[\w./:@-]{1,100}$/.test(issuer) ? issuer : undefined,
      expires: dateOfSeconds(token.body['exp']),
    }),
  }
}

/**
 * Accepts only a Supabase key that bypasses all policies of its project. Facts: those of any JWT.
 */
export const validateSupabaseService: Validator = (text) => {
  if (readJwt(text)?.body['role'] !== 'service_role')
    return { valid: false, reason: 'its role is not service_role' }
  return validateJwt(text)
}
