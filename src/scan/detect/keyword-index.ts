import type { Keyword, Rule, RulePart } from '../../model/rule.ts'
import { base64FormsOf, widestWindows } from '../decode/base64-keywords.ts'
import { LOOKAROUND_BYTES } from './search.ts'
import { DECODE_MARGIN } from '../decode/decode-margin.ts'

/** A part of a rule, with the rule. */
export interface Pattern {
  readonly rule: Rule
  readonly part: RulePart
}

/** Where an anchor stands, a rule is looked for in views, in so many bytes on each side. */
export interface ViewPlan {
  readonly rule: Rule
  readonly bytes: number
  /** Is the anchor base64 itself, which is reason enough to read what is around it? */
  readonly encoded: boolean
}

/** What the prefilter looks for, and what is done where it stands. */
export interface IndexedKeyword {
  readonly keyword: Keyword
  /** Patterns that run on the text as it is. */
  readonly patterns: readonly Pattern[]
  readonly views: readonly ViewPlan[]
}

const made = new WeakMap<readonly Rule[], readonly IndexedKeyword[]>()

/**
 * Every keyword of the rules, in base64 too where a rule asks for views, each once. They are made
 * once, for several who need them.
 */
export function keywordIndexOf(rules: readonly Rule[]): readonly IndexedKeyword[] {
  const anchors = made.get(rules) ?? makeAnchors(rules)
  made.set(rules, anchors)
  return anchors
}

function makeAnchors(rules: readonly Rule[]): readonly IndexedKeyword[] {
  const anchors = new Map<
    string,
    { readonly keyword: Keyword; readonly patterns: Pattern[]; readonly views: ViewPlan[] }
  >()
  const entryOf = (keyword: Keyword) => {
    const key = `${keyword.ignoreCase} ${keyword.text}`
    const entry = anchors.get(key) ?? { keyword, patterns: [], views: [] }
    anchors.set(key, entry)
    return entry
  }
  for (const rule of rules) {
    for (const part of rule.parts)
      for (const keyword of part.keywords) entryOf(keyword).patterns.push({ rule, part })
    if (!rule.views) continue
    for (const { keyword, role, bytes } of widestWindows(rule)) {
      entryOf(keyword).views.push({ rule, bytes, encoded: false })
      for (const { text } of base64FormsOf(keyword, role))
        entryOf({ text, ignoreCase: false }).views.push({ rule, bytes, encoded: true })
    }
  }
  return [...anchors.values()]
}

/** Bytes of a chunk on each side of an anchor that decide what is found there. */
export function matchRadiusOfKeyword({ patterns, views }: IndexedKeyword): number {
  return Math.max(
    ...patterns.map(({ part }) => part.window + LOOKAROUND_BYTES),
    ...views.map(({ bytes }) => bytes + DECODE_MARGIN),
  )
}
