import type { Rule, RulePart } from '../model/rule.ts'
import { BoundedPattern } from './bounded-pattern.ts'
import type { PartDefinition, BareDefinition } from '../model/rule-definition.ts'
import { validatorNamed } from './validators/validators.ts'

type MakePattern = (source: string, flags: string) => RegExp

/** Makes a definition that was decoded ready to run. */
export function compileRule(definition: BareDefinition): Rule {
  return compile(definition, (source, flags) => new RegExp(source, flags))
}

/**
 * The same for a rule of the user's own, whose patterns watch their time. `title` says in an error
 * which rule it is.
 */
export function compileOwnRule(definition: BareDefinition, title: string): Rule {
  return {
    ...compile(definition, (source, flags) => new BoundedPattern(source, flags, title)),
    own: true,
  }
}

function compile(definition: BareDefinition, makePattern: MakePattern): Rule {
  const {
    id,
    family,
    provider,
    description,
    severity,
    madeBy,
    generic,
    views,
    remedy,
    references,
  } = definition
  return {
    id,
    family,
    provider,
    description,
    severity,
    madeBy,
    generic,
    ...(views ? { views } : {}),
    parts: definition.parts.map((part) => compilePart(part, makePattern)),
    remedy,
    references,
  }
}

function compilePart(
  { role, keywords, pattern, window, entropy, validator, alone }: PartDefinition,
  makePattern: MakePattern,
): RulePart {
  return {
    role,
    keywords,
    pattern: makePattern(pattern.text, pattern.ignoreCase ? 'dgi' : 'dg'),
    window,
    minEntropy: entropy,
    validator: validator === undefined ? undefined : validatorNamed(validator),
    alone,
  }
}
