/** Finds the whole name around a keyword: `spring.datasource.password` around `passw`. */

/** Longest name, in characters. A keyword in a longer run stands there by chance. */
const MAX_NAME_LENGTH = 80

const isNameChar = Array.from({ length: 256 }, (_, code) =>
  /[\w.-]/.test(String.fromCharCode(code)),
)

/** Words that make a name of two words, as in `API key: …` and `secret key = …`. */
const qualifier =
  /(?:^|[^A-Za-z])(?<word>api|secret|access|private|license|master|encryption|auth)[ ]$/i

/** A name with its offsets in the text. */
export interface FoundName {
  readonly name: string
  readonly start: number
  readonly end: number
}

/** Returns the name around the keyword at `at`, or undefined when the run there is no name. */
export function nameAt(text: string, at: number): FoundName | undefined {
  let start = at
  while (start > 0 && at - start <= MAX_NAME_LENGTH && isNameChar[text.charCodeAt(start - 1)])
    start -= 1
  let end = at
  while (end < text.length && end - at <= MAX_NAME_LENGTH && isNameChar[text.charCodeAt(end)])
    end += 1
  if (end - start > MAX_NAME_LENGTH) return undefined
  while (start < end && /[.-]/.test(text.charAt(start))) start += 1
  // The letter of an escape, `\nPASSWORD=`, and the end of a colour, `[31mPASSWORD`, are no name.
  if (text.charAt(start - 1) === '\\' && /[nrt]/.test(text.charAt(start))) start += 1
  if (text.charAt(start - 1) === '[')
    start += /^[\d;]{1,6}m/.exec(text.slice(start, end))?.[0].length ?? 0
  while (end > start && text.charAt(end - 1) === '.') end -= 1
  const name = text.slice(start, end)
  if (!/[A-Za-z]{3}/.test(name)) return undefined
  const word = /^key$/i.test(name)
    ? qualifier.exec(text.slice(Math.max(0, start - 16), start))
    : null
  return word === null
    ? { name, start, end }
    : { name: `${word.groups?.['word'] ?? ''}_key`, start, end }
}
