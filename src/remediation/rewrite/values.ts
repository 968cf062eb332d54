/**
 * What was found → rules that find exactly these values, wherever they stand and however they are
 * spelled.
 */
import { looksRandom } from '../../scan/env-files/entry-value.ts'
import type { Finding } from '../../model/model.ts'
import type { OwnRule } from '../../model/policy.ts'

/** The family of the rules, by which a scan can be told to use no other. */
export const VALUE_RULE_FAMILY = 'oakum-value'

/**
 * A shorter value, or one that is a word, also stands where it is no secret: it is replaced only
 * where it was found.
 */
const shortest = 8

/** A longer keyword costs and says no more. */
const longestKeyword = 16

/**
 * What a scan makes known of each such value: the rules, and how many values are too plain to have
 * one.
 */
export interface ValueRules {
  readonly rules: readonly OwnRule[]
  readonly plain: number
}

/** One rule a value. Its pattern is the value itself, so these rules never leave the process. */
export function valueRules(findings: readonly Finding[]): ValueRules {
  const makers = new Map<string, 'machine' | 'person'>()
  for (const { parts, rule } of findings)
    for (const { secret } of parts) makers.set(secret.reveal(), rule.madeBy)
  const rules = [...makers].flatMap(([value, madeBy], at) => ruleOf(value, madeBy, at))
  return { rules, plain: makers.size - rules.length }
}

function ruleOf(value: string, madeBy: 'machine' | 'person', at: number): readonly OwnRule[] {
  const keyword = longestRun(value)
  if (value.length < shortest || keyword.length < 4 || !(looksRandom(value) || value.length >= 20))
    return []
  const pattern = `(?<secret>${value.replaceAll(/[^A-Za-z0-9]/g, asCode)})`
  const part = {
    role: 'secret',
    keywords: [{ text: keyword, ignoreCase: false }],
    pattern: { text: pattern, ignoreCase: false },
    window: value.length + 16,
    entropy: 0,
    alone: 'high',
  } as const
  const definition = {
    id: `${VALUE_RULE_FAMILY}-${at}`,
    provider: VALUE_RULE_FAMILY,
    family: VALUE_RULE_FAMILY,
    description: 'a value that is to go',
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

/** Keywords are ASCII. */
function longestRun(value: string): string {
  const runs = value.match(/[!-~]+/g) ?? []
  return runs
    .reduce((best, run) => (run.length > best.length ? run : best), '')
    .slice(0, longestKeyword)
}

/** Characters are bytes. */
function asCode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
