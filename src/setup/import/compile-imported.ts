import type { Rule } from '../../model/rule.ts'
import { compileRule } from '../../rules/compile.ts'
import type { RuleDefinition } from '../../model/rule-definition.ts'
import type { ImportedRule } from './model.ts'

/**
 * Imported rules as the next scan will have them, so that what they find has the fingerprint that
 * scan gives it.
 */
export function compileImported(rules: readonly ImportedRule[], provider: string): readonly Rule[] {
  return rules.map((rule) => compileRule(definitionOf(rule, provider)))
}

function definitionOf(
  { id, description, severity, madeBy, parts }: ImportedRule,
  provider: string,
): RuleDefinition {
  return {
    id,
    provider,
    family: id,
    description,
    severity,
    madeBy,
    generic: true,
    views: false,
    parts: parts.map((part) => ({ ...part, role: 'secret', alone: severity })),
    remedy: '',
    references: [],
    examples: [],
    counterExamples: [],
  }
}
