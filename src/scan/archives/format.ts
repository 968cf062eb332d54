/** Recognizes archives and compressed files by their first bytes, whatever their name is. */
import { isPython } from './python-strings.ts'

/**
 * Format of a file whose content is unpacked before it is scanned. Compiled Python and SQLite
 * databases are no archives, but the texts in them are separated in the same way.
 */
export type ArchiveFormat =
  | 'zip'
  | 'tar'
  | 'gzip'
  | 'bzip2'
  | 'xz'
  | 'zstd'
  | '7z'
  | 'rar'
  | 'python'
  | 'sqlite'

/** Bytes that `formatOf` needs: one block of a tar. */
export const HEAD_BYTES = 512

const TAR_CHECKSUM = { start: 148, end: 156 } as const
const SPACE = 0x20
const SQLITE = Buffer.from('SQLite format 3\0')

/**
 * Returns the format that the first bytes of a file show. With a shorter head a format may be
 * missed, never mistaken for another.
 */
export function formatOf(head: Uint8Array): ArchiveFormat | undefined {
  switch (head[0]) {
    // `PK\3\4`. An empty zip is only its end, `PK\5\6`; the first of several volumes begins
    // `PK\7\b`.
    case 0x50:
      if (
        hasAt(head, 0, [0x50, 0x4b]) &&
        (head[2] ?? 0) + 1 === head[3] &&
        [3, 5, 7].includes(head[2] ?? 0)
      )
        return 'zip'
      break
    // `#!/usr/bin/env python3\nPK\3\4`: an executable zip.
    case 0x23:
      if (head[1] === 0x21 && hasAt(head, head.indexOf(0x0a) + 1, [0x50, 0x4b, 3, 4])) return 'zip'
      break
    case 0x53:
      if (Buffer.from(head.subarray(0, 16)).equals(SQLITE)) return 'sqlite'
      break
    // `\x1f\x8b`, then 8 for deflate, the only method that gzip has.
    case 0x1f:
      if (hasAt(head, 1, [0x8b, 8])) return 'gzip'
      break
    // `BZh9`, then digits of pi, or of its square root when there is no block.
    case 0x42:
      if (
        hasAt(head, 1, [0x5a, 0x68]) &&
        (hasAt(head, 4, [0x31, 0x41, 0x59, 0x26]) || hasAt(head, 4, [0x17, 0x72, 0x45, 0x38]))
      )
        return 'bzip2'
      break
    // `\xfd7zXZ\0`
    case 0xfd:
      if (hasAt(head, 1, [0x37, 0x7a, 0x58, 0x5a, 0])) return 'xz'
      break
    case 0x28:
      if (hasAt(head, 1, [0xb5, 0x2f, 0xfd])) return 'zstd'
      break
    // `7z\xbc\xaf'\x1c`
    case 0x37:
      if (hasAt(head, 1, [0x7a, 0xbc, 0xaf, 0x27, 0x1c])) return '7z'
      break
    // `Rar!\x1a\7`
    case 0x52:
      if (hasAt(head, 1, [0x61, 0x72, 0x21, 0x1a, 7])) return 'rar'
      break
  }
  // A frame to skip, as pzstd writes before the others: `\x50*M\x18` to `\x5f*M\x18`.
  if (((head[0] ?? 0) & 0xf0) === 0x50 && hasAt(head, 1, [0x2a, 0x4d, 0x18])) return 'zstd'
  if (isPython(head)) return 'python'
  return isTar(head) ? 'tar' : undefined
}

/** True when the first 512 bytes of a file are those of an archive or a compressed file. */
export function isArchive(head: Uint8Array): boolean {
  return formatOf(head) !== undefined
}

function hasAt(bytes: Uint8Array, offset: number, expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[offset + index] === byte)
}

/**
 * True when a file begins with the header of a tar member, known by its checksum: the sum of the
 * header's bytes, in octal, `0012345\0` or ` 12345\0 ` at 148, with the checksum itself counted as
 * spaces. Some writers add the bytes up as signed. `ustar` at 257 is not required, since the first
 * tars have none.
 */
function isTar(head: Uint8Array): boolean {
  if (head.length < HEAD_BYTES) return false
  const { start, end } = TAR_CHECKSUM
  for (let at = start; at < end; at += 1) if (!isChecksumByte(head[at])) return false
  const field = String.fromCharCode(...head.subarray(start, end))
  const stored = /^ *([0-7]{1,7})[\0 ]*$/.exec(field)?.[1]
  if (stored === undefined) return false
  let [unsigned, signed] = [0, 0]
  for (let at = 0; at < HEAD_BYTES; at += 1) {
    const byte = at >= start && at < end ? SPACE : (head[at] ?? 0)
    unsigned += byte
    signed += byte < 0x80 ? byte : byte - 0x100
  }
  const checksum = Number.parseInt(stored, 8)
  return checksum === unsigned || checksum === signed
}

/** True for an octal digit, a space and NUL. */
function isChecksumByte(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte < 0x38) || byte === SPACE || byte === 0)
}
