import type { RepoPath } from '../../model/model.ts'

/** Needs no quotes in any shell, and is no option. */
const plain = /^[\w./@%+:][\w./@%+:,=-]*$/

/** Anything but letters, digits, punctuation, symbols and the space, or what looks like nothing. */
const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|\p{Default_Ignorable_Code_Point}/u

/**
 * A name as one word of a POSIX shell: as it is, in `'…'`, or, when it holds bytes that cannot be
 * shown, in `$'…'` (bash, zsh, ksh) with these as `\NNN`.
 */
export function shellQuote(path: RepoPath): string {
  if (path.bytes !== undefined || unprintable.test(path.text))
    return inBytes(path.bytes ?? Buffer.from(path.text))
  if (plain.test(path.text)) return path.text
  return `'${path.text.replaceAll("'", String.raw`'\''`)}'`
}

/**
 * A name as an argument that git takes for this one path: `:(literal)` keeps `*`, `?`, `[` and a
 * leading `:` from meaning more.
 */
export function quotePathspec(path: RepoPath): string {
  if (!/^:|[*?[\\]/.test(path.text)) return shellQuote(path)
  const magic = ':(literal)'
  return shellQuote({
    text: magic + path.text,
    ...(path.bytes && { bytes: Buffer.concat([Buffer.from(magic), path.bytes]) }),
  })
}

function inBytes(bytes: Uint8Array): string {
  return `$'${Array.from(bytes, asByte).join('')}'`
}

function asByte(byte: number): string {
  const character = String.fromCharCode(byte)
  if (character === "'" || character === '\\') return `\\${character}`
  // Three octal digits: after `\xNN` a shell may read on, if hexadecimal digits follow.
  return byte >= 0x20 && byte < 0x7f ? character : `\\${byte.toString(8).padStart(3, '0')}`
}
