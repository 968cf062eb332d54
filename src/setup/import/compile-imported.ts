/** Compiles imported rules, so that an import can look for secrets with them. */
import type { Rule } from '../../model/rule.ts'
import type { RuleDefinition } from '../../model/rule-definition.ts'
import { compileRule } from '../../rules/compile.ts'
import type { ImportedRule } from './model.ts'

/**
 * Compiles imported rules as the next scan will, so that their findings have the fingerprints of
 * that scan.
 */
export function compileImported(rules: readonly ImportedRule[], provider: string): readonly Rule[] {
  return rules.map((rule) => compileRule(toDefinition(rule, provider)))
}

function toDefinition(
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
