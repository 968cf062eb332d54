import { isPython } from './python-strings.ts'

/**
 * What a container is packed as. For people, compiled Python and databases are none, but what they
 * hold has to be told apart.
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

/** As much of a file as `formatOf` looks at: one block of a tar. */
export const HEAD_BYTES = 512

const TAR_CHECKSUM = { start: 148, end: 156 } as const
const SPACE = 0x20
const SQLITE = Buffer.from('SQLite format 3\0')

/**
 * The format that the first bytes of a file show, whatever the file is called. A shorter head shows
 * less, never something else.
 */
export function formatOf(head: Uint8Array): ArchiveFormat | undefined {
  switch (head[0]) {
    case 0x50: // `PK\3\4`; an empty one is only its end, `PK\5\6`; the first volume of several begins `PK\7\b`
      if (
        hasAt(head, 0, [0x50, 0x4b]) &&
        (head[2] ?? 0) + 1 === head[3] &&
        [3, 5, 7].includes(head[2] ?? 0)
      )
        return 'zip'
      break
    case 0x23: // `#!/usr/bin/env python3\nPK\3\4`: a zip that runs
      if (head[1] === 0x21 && hasAt(head, head.indexOf(0x0a) + 1, [0x50, 0x4b, 3, 4])) return 'zip'
      break
    case 0x53:
      if (Buffer.from(head.subarray(0, 16)).equals(SQLITE)) return 'sqlite'
      break
    case 0x1f: // 8 is deflate, the only method there ever was
      if (hasAt(head, 1, [0x8b, 8])) return 'gzip'
      break
    case 0x42: // `BZh9`, then pi, or the square root of pi where there is no block
      if (
        hasAt(head, 1, [0x5a, 0x68]) &&
        (hasAt(head, 4, [0x31, 0x41, 0x59, 0x26]) || hasAt(head, 4, [0x17, 0x72, 0x45, 0x38]))
      )
        return 'bzip2'
      break
    case 0xfd: // `\xfd7zXZ\0`
      if (hasAt(head, 1, [0x37, 0x7a, 0x58, 0x5a, 0])) return 'xz'
      break
    case 0x28:
      if (hasAt(head, 1, [0xb5, 0x2f, 0xfd])) return 'zstd'
      break
    case 0x37: // `7z\xbc\xaf'\x1c`
      if (hasAt(head, 1, [0x7a, 0xbc, 0xaf, 0x27, 0x1c])) return '7z'
      break
    case 0x52: // `Rar!\x1a\7`
      if (hasAt(head, 1, [0x61, 0x72, 0x21, 0x1a, 7])) return 'rar'
      break
  }
  if (isPython(head)) return 'python'
  return isTar(head) ? 'tar' : undefined
}

/** Is it an archive or a compressed file, by its first 512 bytes? */
export function isArchive(head: Uint8Array): boolean {
  return formatOf(head) !== undefined
}

function hasAt(bytes: Uint8Array, at: number, expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[at + index] === byte)
}

/**
 * A tar begins with the header of its first member: `ustar` at 257, or in the first tars nothing
 * but a sum of the header's bytes, in octal: `0012345\0` or ` 12345\0 ` at 148, itself summed as
 * spaces, and by some writers as signed bytes.
 */
function isTar(head: Uint8Array): boolean {
  if (head.length < HEAD_BYTES) return false
  const { start, end } = TAR_CHECKSUM
  for (let at = start; at < end; at += 1) if (!isOfNumber(head[at])) return false
  const stored = /^ *([0-7]{1,7})[\0 ]*$/.exec(
    String.fromCharCode(...head.subarray(start, end)),
  )?.[1]
  if (stored === undefined) return false
  let [unsigned, signed] = [0, 0]
  for (let at = 0; at < HEAD_BYTES; at += 1) {
    const byte = at >= start && at < end ? SPACE : (head[at] ?? 0)
    unsigned += byte
    signed += byte < 0x80 ? byte : byte - 0x100
  }
  const sum = Number.parseInt(stored, 8)
  return sum === unsigned || sum === signed
}

/** An octal digit, or what stands in front of such a number or behind it. */
function isOfNumber(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte < 0x38) || byte === SPACE || byte === 0)
}
