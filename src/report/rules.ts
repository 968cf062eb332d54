/** The output of `oakum rules list` and `oakum rules show`. */
import type { Keyword, Rule, RulePart } from '../model/rule.ts'

/** Writes one rule per line, in columns: id, severity, provider, description. */
export function renderRules(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, severity, provider, description }) => [
    id,
    severity,
    provider,
    description,
  ])
  // The last column is not padded.
  const widths = [0, 1, 2].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const lines = rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '),
  )
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

/** Writes all fields of one rule. */
export function renderRule(rule: Rule): string {
  const fields: readonly (readonly [string, string])[] = [
    ['severity', rule.severity],
    ['provider', rule.provider],
    ['family', rule.family],
    ['made by', `a ${rule.madeBy}`],
    ...(rule.generic ? [['generic', 'gives way to a rule of a known provider'] as const] : []),
    ['fix', rule.remedy],
    ...rule.references.map((reference) => ['see', reference] as const),
  ]
  const parts =
    rule.parts.length === 0
      ? ['Found by dedicated code, not by a pattern.\n']
      : rule.parts.map(partText)
  return [`${rule.id}: ${rule.description}\n${fieldLines(fields)}`, ...parts].join('\n')
}

/** Writes a list of rules as JSON. */
export function renderRulesJson(rules: readonly Rule[]): string {
  return `${JSON.stringify(rules.map(ruleJson), null, 2)}\n`
}

/** Writes one rule as JSON. */
export function renderRuleJson(rule: Rule): string {
  return `${JSON.stringify(ruleJson(rule), null, 2)}\n`
}

function partText(part: RulePart): string {
  const alone =
    part.alone === 'never' ? 'reported only together with an id' : `${part.alone} when found alone`
  const fields: readonly (readonly [string, string])[] = [
    ['keywords', part.keywords.map(keywordText).join(', ')],
    ['window', `${part.window} bytes on each side`],
    ...(part.minEntropy > 0
      ? [['entropy', `at least ${part.minEntropy} bits per character`] as const]
      : []),
    ...(part.validator === undefined ? [] : [['checked', 'offline, by its form'] as const]),
    ['pattern', part.source ?? part.pattern.source],
  ]
  return `${part.role}: ${alone}\n${fieldLines(fields)}`
}

function keywordText({ text, ignoreCase, isStart }: Keyword): string {
  if (isStart) return `${text} (at the start of a token)`
  return ignoreCase ? `${text} (case-insensitive)` : text
}

function fieldLines(fields: readonly (readonly [string, string])[]): string {
  return fields.map(([name, value]) => `  ${name.padEnd(8)}  ${value}\n`).join('')
}

function ruleJson(rule: Rule): object {
  const {
    id,
    family,
    provider,
    description,
    severity,
    madeBy,
    generic,
    parts,
    remedy,
    references,
  } = rule
  return {
    id,
    family,
    provider,
    description,
    severity,
    madeBy,
    generic,
    parts: parts.map(partJson),
    remedy,
    references,
  }
}

function partJson({
  role,
  keywords,
  pattern,
  source = pattern.source,
  window,
  minEntropy,
  validator,
  alone,
}: RulePart): object {
  return {
    role,
    keywords,
    pattern: { text: source, ignoreCase: pattern.ignoreCase },
    window,
    entropy: minEntropy,
    validated: validator !== undefined,
    alone,
  }
}
