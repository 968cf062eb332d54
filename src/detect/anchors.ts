import type { Keyword, Role, Rule, RulePart } from '../rule.ts'
import { type Base64Anchor, base64Anchors, LONGEST_RUN } from './base64-text.ts'
import { LOOKAROUND_BYTES } from './search.ts'

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
export interface Anchor {
  readonly keyword: Keyword
  /** Patterns that run on the text as it is. */
  readonly patterns: readonly Pattern[]
  readonly views: readonly ViewPlan[]
}

/** Escapes make text longer, and so does base64, twice by 16/9: bytes for each character of a window. */
const VIEW_BYTES = 2

/** What a view needs to see beyond those: the whole of a run of base64 that begins there, and what lookaround sees. */
export const VIEW_MARGIN = LONGEST_RUN + LOOKAROUND_BYTES

/** UTF-16 has two bytes for one that a pattern sees. */
const UTF16_BYTES = 2

/** Every keyword of the rules, in base64 too where a rule asks for views, each once. */
export function anchorsOf(rules: readonly Rule[]): readonly Anchor[] {
  const anchors = new Map<string, { readonly keyword: Keyword; readonly patterns: Pattern[]; readonly views: ViewPlan[] }>()
  const entryOf = (keyword: Keyword) => {
    const key = `${keyword.ignoreCase} ${keyword.text}`
    const entry = anchors.get(key) ?? { keyword, patterns: [], views: [] }
    anchors.set(key, entry)
    return entry
  }
  for (const rule of rules) {
    for (const part of rule.parts) for (const keyword of part.keywords) entryOf(keyword).patterns.push({ rule, part })
    if (!rule.views) continue
    for (const { keyword, role, bytes } of widestWindows(rule)) {
      entryOf(keyword).views.push({ rule, bytes, encoded: false })
      for (const { text } of base64FormsOf(keyword, role)) entryOf({ text, ignoreCase: false }).views.push({ rule, bytes, encoded: true })
    }
  }
  return [...anchors.values()]
}

/** All forms in which the keywords of a rule stand in base64 that are looked for. */
export function base64AnchorsOf(rule: Rule): readonly Base64Anchor[] {
  return widestWindows(rule).flatMap(({ keyword, role }) => base64FormsOf(keyword, role))
}

/**
 * What a keyword is in base64; and what an id is that begins a value in base64, which is in base64 again, as in a manifest that is
 * kept in a variable. Every form is one more to look for in all bytes, so those of a token, which stands beside an id,
 * are left out.
 */
function base64FormsOf(keyword: Keyword, role: Role): readonly Base64Anchor[] {
  if (role === 'token') return []
  const once = base64Anchors(keyword)
  const twice = once.slice(0, 1).flatMap(({ text }) => base64Anchors({ text, ignoreCase: false }))
  return role === 'id' ? [...once, ...twice] : once
}

interface Widest {
  readonly keyword: Keyword
  /** Of the first part that has it. */
  readonly role: Role
  readonly bytes: number
}

function widestWindows({ parts }: Rule): readonly Widest[] {
  const found = new Map<string, Widest>()
  for (const { keywords, role, window } of parts) {
    for (const keyword of keywords) {
      const known = found.get(keyword.text)
      found.set(keyword.text, { keyword, role: known?.role ?? role, bytes: Math.max(VIEW_BYTES * window, known?.bytes ?? 0) })
    }
  }
  return [...found.values()]
}

/** Bytes of a blob on each side of an anchor that decide what is found there. */
export function reachOfAnchor({ patterns, views }: Anchor): number {
  return UTF16_BYTES * Math.max(...patterns.map(({ part }) => part.window + LOOKAROUND_BYTES), ...views.map(({ bytes }) => bytes + VIEW_MARGIN))
}
