/** Quotes file names for POSIX shells and for git. */
import type { RepoPath } from '../../model/model.ts'

/** Text that needs no quotes in any shell, and cannot be taken for an option. */
const plain = /^[\w./@%+:][\w./@%+:,=-]*$/

/** Characters other than letters, digits, punctuation, symbols and spaces, and invisible ones. */
const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|\p{Default_Ignorable_Code_Point}/u

/**
 * Quotes a name as one word of a POSIX shell: unquoted if possible, else in `'…'`. A name with
 * unprintable bytes becomes `$'…'` with `\NNN` escapes, which bash, zsh and ksh understand.
 */
export function shellQuote(path: RepoPath): string {
  if (path.bytes !== undefined || unprintable.test(path.text))
    return ansiCQuoted(path.bytes ?? Buffer.from(path.text))
  if (plain.test(path.text)) return path.text
  return `'${path.text.replaceAll("'", String.raw`'\''`)}'`
}

/**
 * Quotes a name as a pathspec that matches only this path: the prefix `:(literal)` disables the
 * meaning of `*`, `?`, `[` and a leading `:`.
 */
export function quotePathspec(path: RepoPath): string {
  if (!/^:|[*?[\\]/.test(path.text)) return shellQuote(path)
  const magic = ':(literal)'
  return shellQuote({
    text: magic + path.text,
    ...(path.bytes && { bytes: Buffer.concat([Buffer.from(magic), path.bytes]) }),
  })
}

function ansiCQuoted(bytes: Uint8Array): string {
  return `$'${Array.from(bytes, escapedByte).join('')}'`
}

function escapedByte(byte: number): string {
  const character = String.fromCharCode(byte)
  if (character === "'" || character === '\\') return `\\${character}`
  // Octal escapes have three digits at most. `\xNN` could absorb hexadecimal digits that follow.
  return byte >= 0x20 && byte < 0x7f ? character : `\\${byte.toString(8).padStart(3, '0')}`
}
