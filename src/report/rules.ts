import type { Keyword, Rule, RulePart } from '../model/rule.ts'

/** The rules in columns: id, severity, provider, description. */
export function renderRules(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, severity, provider, description }) => [
    id,
    severity,
    provider,
    description,
  ])
  const widths = [0, 1, 2].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

/** One rule with everything there is to say of it. */
export function renderRule(rule: Rule): string {
  const head: readonly (readonly [string, string])[] = [
    ['severity', rule.severity],
    ['provider', rule.provider],
    ['family', rule.family],
    ['made by', `a ${rule.madeBy}`],
    ...(rule.generic ? [['generic', 'gives way to a rule that knows the provider'] as const] : []),
    ['remedy', rule.remedy],
    ...rule.references.map((reference) => ['see', reference] as const),
  ]
  const parts =
    rule.parts.length === 0
      ? ['Found by code of its own, not by a pattern.\n']
      : rule.parts.map(renderPart)
  return [`${rule.id}: ${rule.description}\n${renderFields(head)}`, ...parts].join('\n')
}

/** The rules as JSON: a list of what `renderRuleJson` gives. */
export function renderRulesJson(rules: readonly Rule[]): string {
  return `${JSON.stringify(rules.map(jsonOf), null, 2)}\n`
}

/** One rule as JSON. */
export function renderRuleJson(rule: Rule): string {
  return `${JSON.stringify(jsonOf(rule), null, 2)}\n`
}

function renderPart(part: RulePart): string {
  const alone = part.alone === 'never' ? 'is reported only beside an id' : `is ${part.alone}`
  return `${part.role}: alone it ${alone}\n${renderFields([
    ['keywords', part.keywords.map(renderKeyword).join(', ')],
    ['window', `${part.window} bytes each side`],
    ...(part.minEntropy > 0
      ? [['entropy', `at least ${part.minEntropy} bits a character`] as const]
      : []),
    ...(part.validator === undefined ? [] : [['checked', 'offline, by its form'] as const]),
    ['pattern', part.pattern.source],
  ])}`
}

function renderKeyword({ text, ignoreCase }: Keyword): string {
  return ignoreCase ? `${text} (in any case)` : text
}

function renderFields(fields: readonly (readonly [string, string])[]): string {
  return fields.map(([name, value]) => `  ${name.padEnd(8)}  ${value}\n`).join('')
}

function jsonOf(rule: Rule): object {
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
    parts: parts.map(partJsonOf),
    remedy,
    references,
  }
}

function partJsonOf({
  role,
  keywords,
  pattern,
  window,
  minEntropy,
  validator,
  alone,
}: RulePart): object {
  return {
    role,
    keywords,
    pattern: { text: pattern.source, ignoreCase: pattern.ignoreCase },
    window,
    entropy: minEntropy,
    validated: validator !== undefined,
    alone,
  }
}
