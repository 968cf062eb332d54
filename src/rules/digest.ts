import { crypto } from '../model/lazy-crypto.ts'
import type { BareDefinition } from '../model/rule-definition.ts'

/** What tells a set of rules from another: 16 hexadecimal digits. */
export function digestOf(definitions: readonly BareDefinition[]): string {
  return crypto()
    .createHash('sha256')
    .update(JSON.stringify(definitions))
    .digest('hex')
    .slice(0, 16)
}
