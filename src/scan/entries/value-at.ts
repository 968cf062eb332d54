/** Reads a value of any language at a place: in quotes of any depth of escapes, or without quotes. */

/** Longest value that is read, in characters. Longer ones are data. */
const MAX_VALUE_LENGTH = 512

/** A value with its offsets in the text. */
export interface FoundValue {
  readonly value: string
  readonly start: number
  readonly end: number
  readonly delimited: boolean
}

/** Codes of ANSI colours, raw or as an escape of a string: `\x1b[31m`. */
export const ANSI = String.raw`(?:(?:\x1b|\\(?:x1[bB]|u001[bB]|e|033))\[[\d;]{0,12}m)`

/** A quote, behind as many backslashes as strings are nested, or as an entity of HTML. */
export const QUOTE = String.raw`(?:\\{0,7}["'\`]|&(?:quot|#34|#39|apos);|\\{1,4}u002[27])`

/** Prefixes of string literals: `b"…"`, `@"…"`, `L"…"`, `$'…'`, `rb'…'`, `&"…"`. */
const opening = new RegExp(
  `(?<prefix>(?:[bBrRuULfF]{1,2}|@|\\$|&)(?=["'\`]))?(?<quote>"""|'''|${QUOTE})`,
  'y',
)

/** The name of a scheme before the value of a header. */
const scheme =
  /^(?:Bearer|Basic|Token|Bot|ApiKey|Api-Key|Key|OAuth|SSWS|GenieKey|Splunk|Klaviyo-API-Key)[ ]{1,4}(?:token=)?(?=\S)/i

/** Escapes that end an unquoted value inside a string: a line feed, or the string's own end. */
const unquotedEnd = new RegExp(String.raw`\\{1,4}(?:[nrt"'\`]|u00(?:0[ad]|2[267]|3[ce]))|${ANSI}`)

/** Returns the value in quotes at `at`, or undefined when no quote opens or closes there. */
export function quotedAt(text: string, at: number): FoundValue | undefined {
  opening.lastIndex = at
  const open = opening.exec(text)?.groups
  const quote = open?.['quote']
  if (quote === undefined) return undefined
  // A template whose value is filled in at run time is none.
  const isTemplate = /[fF]/.test(open?.['prefix'] ?? '') || quote.endsWith('`')
  const start = opening.lastIndex
  const end = closeOf(text, start, quote)
  if (end === undefined || (isTemplate && /[$#]?\{/.test(text.slice(start, end)))) return undefined
  return withoutScheme({ ...unescaped(text.slice(start, end), quote), start, end, delimited: true })
}

/** Returns the offset of the quote that closes the string, on the same line. */
function closeOf(text: string, start: number, quote: string): number | undefined {
  const limit = Math.min(text.length, start + MAX_VALUE_LENGTH + 32)
  for (let at = start; at < limit; at += 1) {
    const char = text.charAt(at)
    if (char === '\n' || char === '\r') return undefined
    if (text.startsWith(quote, at)) return at
    // One backslash more than the quote has escapes what follows it.
    if (char === '\\' && !quote.startsWith('\\')) at += 1
    else if (char === '\\' && /["'`]/.test(text.charAt(at + 1))) return undefined
  }
  return undefined
}

/** Removes the backslashes of a string that has any. */
function unescaped(raw: string, quote: string): { readonly value: string } {
  if (!raw.includes('\\') || quote === "'''" || quote === '`') return { value: raw }
  return { value: raw.replaceAll(/\\{1,4}(["'\\/$])/g, '$1') }
}

/** Removes `Bearer ` and its like from the beginning of a value. */
function withoutScheme(found: FoundValue): FoundValue {
  const length = scheme.exec(found.value)?.[0].length ?? 0
  return length === 0
    ? found
    : { ...found, value: found.value.slice(length), start: found.start + length }
}

/**
 * Returns the run of characters without quotes at `at`. `stop` holds further characters that end
 * it: `<` in markup, `;` in a connection string.
 */
export function unquotedAt(text: string, at: number, stop: string): FoundValue | undefined {
  const lead = scheme.exec(text.slice(at, at + 24))?.[0].length ?? 0
  const start = at + lead
  const run = new RegExp(`[^\\s"'\`<>${stop}]{1,${MAX_VALUE_LENGTH + 1}}`, 'y')
  run.lastIndex = start
  const raw = run.exec(text)?.[0]
  if (raw === undefined) return undefined
  const cut = unquotedEnd.exec(raw)?.index ?? raw.length
  const value = trimmed(raw.slice(0, cut))
  return value === '' || value.length > MAX_VALUE_LENGTH
    ? undefined
    : { value, start, end: start + value.length, delimited: false }
}

/** Removes the punctuation of the surrounding text from the end: `value),`, `value;`, `value.` */
function trimmed(value: string): string {
  const end = /[,;:.]{1,3}$/.exec(value)?.index ?? value.length
  const head = value.slice(0, end)
  for (const [open, close] of ['()', '[]', '{}'] as const)
    if (head.endsWith(close ?? '') && !head.includes(open ?? ''))
      return head.replace(/[)\]}]{1,4}$/, '')
  return head
}
