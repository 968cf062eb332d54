/** Loads and selects rules: the built-in ones and those of the user. */
import { UsageError } from '../model/errors.ts'
import type { OwnRule } from '../model/policy.ts'
import type { Rule } from '../model/rule.ts'
import { builtinDefinitions, builtinDigest } from './builtin.ts'
import { compileOwnRule, compileRule, digestOf } from './compile.ts'
import type { BareDefinition } from '../model/rule-definition.ts'
import { suggestion } from '../model/suggestion.ts'

/** Rules that can run, and the digest that identifies the set: 16 hexadecimal digits. */
export interface LoadedRules {
  readonly rules: readonly Rule[]
  readonly digest: string
}

/**
 * Returns the built-in rules, or those whose id, family or provider is among `selectors`. Throws
 * `UsageError` for a selector that matches none.
 */
export function builtinRules(selectors: readonly string[] = []): LoadedRules {
  return allRules([], selectors)
}

/**
 * Returns the built-in rules and the user's own ones. Own rules can be selected too, and their
 * patterns have a time limit.
 */
export function allRules(own: readonly OwnRule[], selectors: readonly string[] = []): LoadedRules {
  const titles = new Map<BareDefinition, string>(
    own.map(({ definition, place }) => [definition, `${place}: ${definition.id}`]),
  )
  const definitions = select([...builtinDefinitions, ...titles.keys()], selectors)
  const digest = own.length === 0 && selectors.length === 0 ? builtinDigest : digestOf(definitions)
  const rules = definitions.map((definition) => {
    const title = titles.get(definition)
    return title === undefined ? compileRule(definition) : compileOwnRule(definition, title)
  })
  return { rules, digest }
}

function select(
  definitions: readonly BareDefinition[],
  selectors: readonly string[],
): readonly BareDefinition[] {
  if (selectors.length === 0) return definitions
  const names = new Set(definitions.flatMap(namesOf))
  for (const selector of selectors) {
    if (names.has(selector)) continue
    const hint = suggestion(selector, [...names]) || '; see oakum rules list'
    throw new UsageError(`no rule, family or provider is called ${JSON.stringify(selector)}${hint}`)
  }
  return definitions.filter((definition) =>
    namesOf(definition).some((name) => selectors.includes(name)),
  )
}

function namesOf({ id, family, provider }: BareDefinition): readonly string[] {
  return [id, family, provider]
}
