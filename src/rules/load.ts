import { UsageError } from '../model/errors.ts'
import type { OwnRule } from '../model/policy.ts'
import type { Rule } from '../model/rule.ts'
import { builtinDefinitions, builtinDigest } from './builtin.ts'
import { compileOwnRule, compileRule } from './compile.ts'
import type { BareDefinition } from '../model/rule-definition.ts'
import { digestOf } from './digest.ts'
import { suggestion } from '../model/suggestion.ts'

/** Rules ready to run, and what tells this set of rules from another: 16 hexadecimal digits. */
export interface LoadedRules {
  readonly rules: readonly Rule[]
  readonly digest: string
}

/**
 * The rules that come with Oakum: all of them, or those with an id, family or provider among
 * `selectors`. Throws `UsageError` for a selector that selects nothing.
 */
export function builtinRules(selectors: readonly string[] = []): LoadedRules {
  return allRules([], selectors)
}

/**
 * The same with rules of the user's own, which are as free to be selected and stopped where they
 * take too long.
 */
export function allRules(own: readonly OwnRule[], selectors: readonly string[] = []): LoadedRules {
  const places = new Map<BareDefinition, string>(
    own.map(({ definition, place }) => [definition, `${place}: ${definition.id}`]),
  )
  const definitions = select([...builtinDefinitions, ...places.keys()], selectors)
  const digest = own.length === 0 && selectors.length === 0 ? builtinDigest : digestOf(definitions)
  const rules = definitions.map((definition) => {
    const title = places.get(definition)
    return title === undefined ? compileRule(definition) : compileOwnRule(definition, title)
  })
  return { rules, digest }
}

function select(
  definitions: readonly BareDefinition[],
  selectors: readonly string[],
): readonly BareDefinition[] {
  if (selectors.length === 0) return definitions
  const known = new Set(definitions.flatMap(namesOf))
  for (const selector of selectors) {
    if (known.has(selector)) continue
    throw new UsageError(
      `no rule, family or provider is called ${JSON.stringify(selector)}${suggestion(selector, [...known]) || '; see oakum rules list'}`,
    )
  }
  return definitions.filter((definition) =>
    namesOf(definition).some((name) => selectors.includes(name)),
  )
}

function namesOf({ id, family, provider }: BareDefinition): readonly string[] {
  return [id, family, provider]
}
