import { createHash } from 'node:crypto'
import { UsageError } from '../errors.ts'
import type { Rule } from '../rule.ts'
import { builtinDefinitions } from './builtin.ts'
import { compileRule } from './compile.ts'
import type { RuleDefinition } from './definition.ts'
import { suggestion } from '../suggestion.ts'

/** Rules ready to run, and what tells this set of rules from another: 16 hexadecimal digits. */
export interface LoadedRules {
  readonly rules: readonly Rule[]
  readonly digest: string
}

/**
 * The rules that come with Oakum: all of them, or those with an id, family or provider among `selectors`.
 * Throws `UsageError` for a selector that selects nothing.
 */
export function builtinRules(selectors: readonly string[] = []): LoadedRules {
  const definitions = select(builtinDefinitions, selectors)
  const digest = createHash('sha256').update(JSON.stringify(definitions)).digest('hex').slice(0, 16)
  return { rules: definitions.map(compileRule), digest }
}

function select(definitions: readonly RuleDefinition[], selectors: readonly string[]): readonly RuleDefinition[] {
  if (selectors.length === 0) return definitions
  const known = new Set(definitions.flatMap(namesOf))
  for (const selector of selectors) {
    if (known.has(selector)) continue
    throw new UsageError(`no rule, family or provider is called ${JSON.stringify(selector)}${suggestion(selector, [...known]) || '; see oakum rules list'}`)
  }
  return definitions.filter((definition) => namesOf(definition).some((name) => selectors.includes(name)))
}

function namesOf({ id, family, provider }: RuleDefinition): readonly string[] {
  return [id, family, provider]
}
