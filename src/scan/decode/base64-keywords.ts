// Keywords for decoded text: their base64 forms, and how far around them a rule is searched for.
import type { Keyword, Role, RulePart } from '../../model/rule.ts'
import { type Base64Keyword, base64Keywords } from './base64-text.ts'

/**
 * Encoded bytes for each byte of a window: escapes make text longer, and base64 twice makes it
 * longer by 16/9.
 */
const MAX_EXPANSION = 2

/**
 * Bytes of a form of text that is encoded twice: shorter ones occur by chance, and cost more than
 * the one offset in nine that has no longer one.
 */
const MIN_TWICE_BYTES = 5

/** The properties of a rule on which the search in decoded text depends. */
interface DecodableRule {
  readonly parts: readonly Pick<RulePart, 'keywords' | 'role' | 'window'>[]
}

/** Returns all base64 forms that the keywords of a rule are searched for in. */
export function base64KeywordsOf(rule: DecodableRule): readonly Base64Keyword[] {
  return keywordRadii(rule).flatMap(({ keyword, role }) => base64FormsOf(keyword, role))
}

/**
 * Returns the base64 forms of a keyword. For an id also the forms of text that is encoded twice,
 * as in a manifest that is kept in a variable. A token stands beside an id, so
 * its forms are omitted: each form is one more to search for in all bytes.
 */
export function base64FormsOf(keyword: Keyword, role: Role): readonly Base64Keyword[] {
  if (role === 'token') return []
  const once = base64Keywords(keyword)
  const twice = once
    .flatMap(({ text }) => base64Keywords({ text, ignoreCase: false }))
    .filter(({ text }) => text.length >= MIN_TWICE_BYTES)
  return role === 'id' ? [...once, ...twice] : once
}

interface KeywordRadius {
  readonly keyword: Keyword
  /** The role of the first part with this keyword. */
  readonly role: Role
  /** Encoded bytes on each side of the keyword. */
  readonly radius: number
}

/** Returns each keyword of a rule once, with the largest radius of its parts. */
export function keywordRadii({ parts }: DecodableRule): readonly KeywordRadius[] {
  const byText = new Map<string, KeywordRadius>()
  for (const { keywords, role, window } of parts) {
    for (const keyword of keywords) {
      const earlier = byText.get(keyword.text)
      byText.set(keyword.text, {
        keyword,
        role: earlier?.role ?? role,
        radius: Math.max(MAX_EXPANSION * window, earlier?.radius ?? 0),
      })
    }
  }
  return [...byText.values()]
}
