/** Makes untrusted text harmless for terminals, build logs and readers of JSON. */

/**
 * Characters that control a terminal or cannot be seen: controls (C0, DEL, C1), format characters
 * (bidi, zero width, tags), lone surrogates, line and paragraph separators, fillers, variation
 * selectors, and the blank braille pattern.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu

/** Printable ASCII except `#`, which can start a log command. */
const harmless = /^[ -"$-~]*$/

/**
 * Log commands of build servers, which are executed anywhere in a line: `##[error]` and `##vso[…]`
 * of Azure Pipelines, `##teamcity[…]` of TeamCity.
 */
const logCommand = /#(?=#[a-z]{0,20}\[)/gi

const shortEscapes: Readonly<Record<string, string>> = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
}

/**
 * Escapes text so that it prints as one harmless line: unsafe characters become `\n`, `\x1b`,
 * `\u202e` or `\u{e0041}`. Backslashes are not escaped, so the result cannot be decoded, and
 * escaping twice changes nothing.
 */
export function escapeForTerminal(text: string): string {
  // Most text is plain ASCII. Compiling the Unicode classes would add milliseconds to a hook.
  if (harmless.test(text)) return text
  return text
    .replace(
      unsafe,
      (character) => shortEscapes[character] ?? codePointEscape(character.codePointAt(0) ?? 0),
    )
    .replace(logCommand, String.raw`\x23`)
}

/**
 * Escapes unsafe characters in the output of `JSON.stringify` as `\uXXXX`. The parsed value stays
 * the same.
 */
export function escapeJson(json: string): string {
  // JSON.stringify escapes line feeds in strings, so the remaining ones are layout.
  return json
    .replace(unsafe, (character) =>
      character === '\n' ? character : Array.from(codeUnits(character), codeUnitEscape).join(''),
    )
    .replace(logCommand, codeUnitEscape(0x23))
}

function codePointEscape(code: number): string {
  if (code < 0x1_00) return String.raw`\x${code.toString(16).padStart(2, '0')}`
  return code < 0x1_00_00 ? codeUnitEscape(code) : String.raw`\u{${code.toString(16)}}`
}

function codeUnitEscape(unit: number): string {
  return String.raw`\u${unit.toString(16).padStart(4, '0')}`
}

function* codeUnits(character: string): Generator<number> {
  for (let index = 0; index < character.length; index += 1) yield character.charCodeAt(index)
}
