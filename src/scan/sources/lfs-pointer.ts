/** Pointers of Git LFS: small blobs that stand for content kept outside of the object store. */

/** Longest pointer that Git LFS writes, in bytes. */
const MAX_POINTER_BYTES = 1024

const POINTER_START = Buffer.from('version https://')

/**
 * `version https://git-lfs.github.com/spec/v1⏎oid sha256:4d7a…393⏎size 12345⏎`, with lines of
 * extensions between them.
 */
const pointer =
  /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v\d+\r?\n(?:[^\n]{0,400}\n){0,12}oid sha256:(?<oid>[0-9a-f]{64})\r?\n(?:[^\n]{0,400}\n){0,4}size (?<size>\d{1,15})\r?\n/

/**
 * True when a blob begins like a pointer. Filters let such blobs through, though no rule finds
 * anything in them.
 */
export function isLfsPointer(bytes: Uint8Array): boolean {
  return (
    bytes[0] === POINTER_START[0] && POINTER_START.equals(bytes.subarray(0, POINTER_START.length))
  )
}

/** Parses a whole blob as a pointer; undefined when it is none. */
export function parseLfsPointer(
  bytes: Uint8Array,
): { readonly oid: string; readonly size: number } | undefined {
  if (bytes.length > MAX_POINTER_BYTES || !isLfsPointer(bytes)) return undefined
  const { oid, size } = pointer.exec(Buffer.from(bytes).toString('latin1'))?.groups ?? {}
  return oid === undefined ? undefined : { oid, size: Number(size) }
}
