/** `a.tgz` is a tar, `a.txt.gz` is `a.txt`. */
const endings: readonly (readonly [RegExp, string])[] = [
  [/\.t(?:gz|bz2?|xz|zst)$/i, '.tar'],
  [/\.(?:gz|gzip|z|bz2|xz|zst|zstd)$/i, ''],
  [/\.svgz$/i, '.svg'],
]

const HAS_EXTRA = 4
const HAS_NAME = 8
const MAX_NAME = 255

/** What a file of that name becomes when it is unpacked. */
export function unpackedName(name: string): string | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1)
  const ending = endings.find(([pattern]) => pattern.test(base))
  const unpacked = ending === undefined ? base : base.replace(...ending)
  return unpacked === '' ? undefined : unpacked
}

/**
 * The name that gzip keeps of a file: `1f 8b 08`, flags (8: a name), time, two bytes, extra fields
 * behind their length if flag 4 is set, then `.env\0`.
 */
export function gzipName(head: Uint8Array): string | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  const flags = bytes[3] ?? 0
  if ((flags & HAS_NAME) === 0 || bytes.length < 12) return undefined
  const start = (flags & HAS_EXTRA) === 0 ? 10 : 12 + bytes.readUInt16LE(10)
  const end = bytes.indexOf(0, start)
  return end > start && end - start <= MAX_NAME ? bytes.toString('utf8', start, end) : undefined
}
