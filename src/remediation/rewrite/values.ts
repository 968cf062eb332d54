/** Builds rules that find exact secret values, wherever they occur and however they are encoded. */
import { looksRandom } from '../../scan/entries/entry-value.ts'
import type { Finding } from '../../model/model.ts'
import type { OwnRule } from '../../model/policy.ts'

/** Family of these rules; a scan selects it to use no other rules. */
export const VALUE_RULE_FAMILY = 'oakum-value'

/**
 * Minimum length of a value with a rule. Shorter values and ordinary words also occur where they
 * are not secrets, so they are replaced only where a rule found them.
 */
const MIN_VALUE_LENGTH = 8

/** Values of this length get a rule even if they do not look random. */
const MIN_WORDLIKE_LENGTH = 20

/** Keywords are cut to this length; longer ones cost more and find the same. */
const MAX_KEYWORD_LENGTH = 16
const MIN_KEYWORD_LENGTH = 4

export interface ValueRules {
  readonly rules: readonly OwnRule[]
  /** Number of values without a rule, since they may be ordinary words. */
  readonly plain: number
}

/**
 * Builds one rule for each secret value. The patterns contain the secrets, so these rules must
 * never leave the process.
 */
export function valueRules(findings: readonly Finding[]): ValueRules {
  const makers = new Map<string, 'machine' | 'person'>()
  for (const { parts, rule } of findings)
    for (const { secret } of parts) makers.set(secret.reveal(), rule.madeBy)
  const rules = [...makers].flatMap(([value, madeBy], index) => ruleFor(value, madeBy, index))
  return { rules, plain: makers.size - rules.length }
}

function ruleFor(value: string, madeBy: 'machine' | 'person', index: number): readonly OwnRule[] {
  const keyword = longestAsciiRun(value)
  const isDistinctive = looksRandom(value) || value.length >= MIN_WORDLIKE_LENGTH
  if (value.length < MIN_VALUE_LENGTH || keyword.length < MIN_KEYWORD_LENGTH || !isDistinctive)
    return []
  const pattern = `(?<secret>${value.replaceAll(/[^A-Za-z0-9]/g, unicodeEscape)})`
  const part = {
    role: 'secret',
    keywords: [{ text: keyword, ignoreCase: false }],
    pattern: { text: pattern, ignoreCase: false },
    window: value.length + 16,
    entropy: 0,
    alone: 'high',
  } as const
  const definition = {
    id: `${VALUE_RULE_FAMILY}-${index}`,
    provider: VALUE_RULE_FAMILY,
    family: VALUE_RULE_FAMILY,
    description: 'a value to remove',
    severity: 'high',
    madeBy,
    generic: false,
    views: true,
    parts: [part],
    remedy: '',
    references: [],
    examples: [],
    counterExamples: [],
  } as const
  return [{ definition, place: VALUE_RULE_FAMILY }]
}

/** Returns the start of the longest run of printable ASCII, since keywords are ASCII. */
function longestAsciiRun(value: string): string {
  const runs = value.match(/[!-~]+/g) ?? []
  return runs
    .reduce((longest, run) => (run.length > longest.length ? run : longest), '')
    .slice(0, MAX_KEYWORD_LENGTH)
}

/** Escapes a character for a pattern. Secrets have one byte in each character. */
function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
