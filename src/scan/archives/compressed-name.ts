/** Names of the content of compressed files. */

/** `a.tgz` holds a tar, `a.txt.gz` holds `a.txt`. */
const extensions: readonly (readonly [RegExp, string])[] = [
  [/\.t(?:gz|bz2?|xz|zst)$/i, '.tar'],
  [/\.(?:gz|gzip|z|bz2|xz|zst|zstd)$/i, ''],
  [/\.svgz$/i, '.svg'],
]

/** Bits of the flags in a gzip header (RFC 1952). */
const HAS_EXTRA = 4
const HAS_NAME = 8

const MAX_NAME_BYTES = 255

/** Returns the name of the content of a compressed file; undefined when only an extension is left. */
export function unpackedName(name: string): string | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1)
  const extension = extensions.find(([pattern]) => pattern.test(base))
  const unpacked = extension === undefined ? base : base.replace(...extension)
  return unpacked === '' ? undefined : unpacked
}

/**
 * Reads the file name in a gzip header: `1f 8b 08`, flags (bit 8: has a name), time, two bytes,
 * extra fields behind their length (bit 4), then `.env\0`.
 */
export function gzipName(head: Uint8Array): string | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  const flags = bytes[3] ?? 0
  if ((flags & HAS_NAME) === 0 || bytes.length < 12) return undefined
  const start = (flags & HAS_EXTRA) === 0 ? 10 : 12 + bytes.readUInt16LE(10)
  const end = bytes.indexOf(0, start)
  const hasName = end > start && end - start <= MAX_NAME_BYTES
  return hasName ? bytes.toString('utf8', start, end) : undefined
}
