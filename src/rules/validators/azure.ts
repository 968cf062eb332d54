import type { Validator } from '../../model/rule.ts'
import { queryOf } from './aws-presigned.ts'
import { dateOfSeconds, knownFacts } from './facts.ts'

/**
 * A shared access signature: `sv=2022-11-02&…&se=2024-01-01T00:00:00Z&sig=…`. Service Bus gives
 * `se` in Unix seconds. Fact: `expires`.
 */
export const validateAzureSignature: Validator = (text) => {
  const query = queryOf(text)
  const end = query.get('se') ?? ''
  if (!query.has('sig') || !(query.has('sv') || query.has('sr')))
    return { valid: false, reason: 'not a shared access signature' }
  return {
    valid: true,
    facts: knownFacts({
      expires: dateOfSeconds(/^\d{9,10}$/.test(end) ? Number(end) : Date.parse(end) / 1000),
    }),
  }
}
