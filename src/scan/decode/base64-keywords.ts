import type { Keyword, Role, RulePart } from '../../model/rule.ts'
import { type Base64Keyword, base64Keywords } from './base64-text.ts'

/**
 * Escapes make text longer, and so does base64, twice by 16/9: bytes for each character of a
 * window.
 */
const VIEW_BYTES = 2

/** What of a rule decides how it is looked for in views. */
interface Viewed {
  readonly parts: readonly Pick<RulePart, 'keywords' | 'role' | 'window'>[]
}

/** All forms in which the keywords of a rule stand in base64 that are looked for. */
export function base64KeywordsOf(rule: Viewed): readonly Base64Keyword[] {
  return widestWindows(rule).flatMap(({ keyword, role }) => base64FormsOf(keyword, role))
}

/**
 * What a keyword is in base64; and what an id is that begins a value in base64, which is in base64
 * again, as in a manifest that is kept in a variable. Every form is one more to look for in all
 * bytes, so those of a token, which stands beside an id, are left out.
 */
export function base64FormsOf(keyword: Keyword, role: Role): readonly Base64Keyword[] {
  if (role === 'token') return []
  const once = base64Keywords(keyword)
  const twice = once.slice(0, 1).flatMap(({ text }) => base64Keywords({ text, ignoreCase: false }))
  return role === 'id' ? [...once, ...twice] : once
}

interface Widest {
  readonly keyword: Keyword
  /** Of the first part that has it. */
  readonly role: Role
  readonly bytes: number
}

/** Each keyword of a rule, and how far it is looked for. */
export function widestWindows({ parts }: Viewed): readonly Widest[] {
  const found = new Map<string, Widest>()
  for (const { keywords, role, window } of parts) {
    for (const keyword of keywords) {
      const known = found.get(keyword.text)
      found.set(keyword.text, {
        keyword,
        role: known?.role ?? role,
        bytes: Math.max(VIEW_BYTES * window, known?.bytes ?? 0),
      })
    }
  }
  return [...found.values()]
}
