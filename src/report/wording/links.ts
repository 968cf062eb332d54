import type { Rule } from '../../model/rule.ts'

/**
 * The references of a rule as addresses of the web, written as browsers do; what is none is left
 * out.
 */
export function linksOf({ references }: Rule): readonly string[] {
  return references.flatMap((reference) => {
    if (!/^https?:/i.test(reference) || !URL.canParse(reference)) return []
    // Browsers let pass some of what RFC 3986 does not.
    return new URL(reference).href.replace(/[<>{}[\]|\\^`\s]|%(?![\da-f]{2})/gi, encodeURIComponent)
  })
}
