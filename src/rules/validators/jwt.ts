import type { Validator } from '../../model/rule.ts'
import { isMapping } from '../fields.ts'
import { dateOfSeconds, knownFacts } from './facts.ts'

type Claims = Readonly<Record<string, unknown>>

/** The head and body of `eyJ….eyJ….signature`. */
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

/** Why a token opens nothing, whoever holds it. */
function flawOfJwt({ head, body }: NonNullable<ReturnType<typeof readJwt>>): string | undefined {
  if (/^none$/i.test(String(head['alg']))) return 'unsigned'
  if (body['role'] === 'anon') return 'made for the public: its role is anon'
  if (body['sub'] === '1234567890' || body['name'] === 'John Doe')
    return 'a documentation sample: its owner is nobody'
  return body['iss'] === 'supabase-demo' ? 'a documentation sample: everybody has it' : undefined
}

/**
 * Rules out what does not decode, is unsigned, or made for the public. Facts: `issuer`, `expires`.
 */
export const validateJwt: Validator = (text) => {
  const token = readJwt(text)
  if (token === undefined) return { valid: false, reason: 'does not decode to a JSON Web Token' }
  const reason = flawOfJwt(token)
  if (reason !== undefined) return { valid: false, reason }
  const issuer = String(token.body['iss'] ?? '')
  return {
    valid: true,
    facts: knownFacts({
      issuer: /^[\w./:@-]{1,100}$/.test(issuer) ? issuer : undefined,
      expires: dateOfSeconds(token.body['exp']),
    }),
  }
}

/** The key of a Supabase project that goes around all its policies. Facts as of any token. */
export const validateSupabaseService: Validator = (text) => {
  if (readJwt(text)?.body['role'] !== 'service_role')
    return { valid: false, reason: 'its role is not service_role' }
  return validateJwt(text)
}
