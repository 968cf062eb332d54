// The index of keywords: each keyword of all rules once, with the patterns to run around it.
import type { Keyword, Rule, RulePart } from '../../model/rule.ts'
import { base64FormsOf, keywordRadii } from '../decode/base64-keywords.ts'
import { DECODE_MARGIN } from '../decode/decode-margin.ts'
import { LOOKAROUND_BYTES } from './search.ts'

/** A part of a rule, whose pattern runs on text as it is. */
export interface PatternOfRule {
  readonly rule: Rule
  readonly part: RulePart
}

/** A rule that is also searched for in decoded text around a keyword. */
export interface DecodePlan {
  readonly rule: Rule
  /** Bytes on each side of the keyword. */
  readonly radius: number
  /** True when the keyword is base64 itself, so that the text needs no other sign of encoding. */
  readonly isBase64: boolean
}

/** A keyword that the prefilter searches for, and everything that runs where it stands. */
export interface IndexedKeyword {
  readonly keyword: Keyword
  readonly patterns: readonly PatternOfRule[]
  readonly decodePlans: readonly DecodePlan[]
}

const indexes = new WeakMap<readonly Rule[], readonly IndexedKeyword[]>()

/**
 * Returns every keyword of the rules once, and its base64 forms where a rule is searched for in
 * decoded text. The index of a list of rules is built once.
 */
export function keywordIndexOf(rules: readonly Rule[]): readonly IndexedKeyword[] {
  const index = indexes.get(rules) ?? buildIndex(rules)
  indexes.set(rules, index)
  return index
}

function buildIndex(rules: readonly Rule[]): readonly IndexedKeyword[] {
  const index = new Map<
    string,
    {
      readonly keyword: Keyword
      readonly patterns: PatternOfRule[]
      readonly decodePlans: DecodePlan[]
    }
  >()
  const entryOf = (keyword: Keyword) => {
    const key = `${keyword.ignoreCase} ${keyword.isStart ?? false} ${keyword.beside} ${keyword.text}`
    const entry = index.get(key) ?? { keyword, patterns: [], decodePlans: [] }
    index.set(key, entry)
    return entry
  }
  for (const rule of rules) {
    for (const part of rule.parts)
      for (const keyword of part.keywords) entryOf(keyword).patterns.push({ rule, part })
    if (!rule.views) continue
    for (const { keyword, role, radius } of keywordRadii(rule)) {
      entryOf(keyword).decodePlans.push({ rule, radius, isBase64: false })
      for (const { text } of base64FormsOf(keyword, role))
        entryOf({ text, ignoreCase: false }).decodePlans.push({ rule, radius, isBase64: true })
    }
  }
  return [...index.values()]
}

/** Returns how many bytes of a chunk on each side of a keyword decide what is found there. */
export function matchRadiusOfKeyword({ patterns, decodePlans }: IndexedKeyword): number {
  return Math.max(
    ...patterns.map(({ part }) => part.window + LOOKAROUND_BYTES),
    ...decodePlans.map(({ radius }) => radius + DECODE_MARGIN),
  )
}
