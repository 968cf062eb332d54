/**
 * Characters that act on a terminal or cannot be seen: controls (C0, DEL, C1), format characters
 * (bidi, zero width, tags), lone surrogates, line and paragraph separators, fillers and variation
 * selectors, and the blank braille pattern.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu

/** ASCII that is seen, without `#`. */
const harmless = /^[ -"$-~]*$/

/**
 * What a log of a build server takes for a command, wherever it stands: `##[error]`, `##vso[…]`,
 * `##teamcity[…]`.
 */
const logCommand = /#(?=#[a-z]{0,20}\[)/gi

const named: Readonly<Record<string, string>> = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
}

/**
 * Text in one line in which nothing acts or hides: such characters are shown as `\n`, `\x1b`,
 * `\u202e` or `\u{e0041}`. For reading, not for reading back: a backslash stays as it is, so
 * escaping twice changes nothing.
 */
export function escapeForTerminal(text: string): string {
  // Nearly all is; and the classes of Unicode take longer to compile than a hook has.
  if (harmless.test(text)) return text
  return text
    .replace(unseen, (character) => named[character] ?? visible(character.codePointAt(0) ?? 0))
    .replace(logCommand, String.raw`\x23`)
}

/**
 * The same JSON value, with the characters that hide or act written as `\uXXXX`. Takes what
 * `JSON.stringify` gave.
 */
export function escapeJson(json: string): string {
  // JSON.stringify has escaped the line feeds of strings: those that are left lay the text out.
  return json
    .replace(unseen, (character) =>
      character === '\n' ? character : Array.from(unitsOf(character), asUnit).join(''),
    )
    .replace(logCommand, asUnit(0x23))
}

function visible(code: number): string {
  if (code < 0x1_00) return String.raw`\x${code.toString(16).padStart(2, '0')}`
  return code < 0x1_00_00 ? asUnit(code) : String.raw`\u{${code.toString(16)}}`
}

function asUnit(unit: number): string {
  return String.raw`\u${unit.toString(16).padStart(4, '0')}`
}

function* unitsOf(character: string): Generator<number> {
  for (let index = 0; index < character.length; index += 1) yield character.charCodeAt(index)
}
