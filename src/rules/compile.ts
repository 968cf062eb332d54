import type { Rule, RulePart } from '../rule.ts'
import type { PartDefinition, RuleDefinition } from './definition.ts'
import { validatorNamed } from './validators.ts'

/** Makes a definition that was decoded ready to run. */
export function compileRule(definition: RuleDefinition): Rule {
  const { id, family, provider, description, severity, madeBy, generic, views, remedy, references } = definition
  return { id, family, provider, description, severity, madeBy, generic, ...(views ? { views } : {}), parts: definition.parts.map(compilePart), remedy, references }
}

function compilePart({ role, keywords, pattern, window, entropy, validator, alone }: PartDefinition): RulePart {
  return {
    role,
    keywords,
    pattern: new RegExp(pattern.text, pattern.ignoreCase ? 'dgi' : 'dg'),
    window,
    minEntropy: entropy,
    validator: validator === undefined ? undefined : validatorNamed(validator),
    alone,
  }
}
