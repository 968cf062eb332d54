import { getFileNameLowLevel } from 'yauzl'
import type { Member } from './content.ts'
import { decompressed } from './decompress.ts'
import type { Budget } from './budget.ts'

/** Ways to compress a member; nearly all that are in use. */
export const STORED = 0
export const DEFLATED = 8

/** Where a member's bytes are. */
export interface Range {
  readonly start: number
  readonly end: number
}

const HEADER = Buffer.from('PK\x03\x04')
const HEADER_BYTES = 30
const ENCRYPTED = 1

/**
 * Members that no directory leads to: each begins with a header of its own, and stands outside of
 * those that were seen.
 */
export function* unlistedMembers(
  zip: Buffer,
  seen: readonly Range[],
  budget: Budget,
): Generator<Member> {
  const ranges = seen.toSorted((a, b) => a.start - b.start)
  const starts = new Set(seen.map(({ start }) => start))
  let from = 0
  for (const { start, end } of [...ranges, { start: zip.length, end: zip.length }]) {
    for (
      let at = zip.indexOf(HEADER, from);
      at >= 0 && at < start;
      at = zip.indexOf(HEADER, from)
    ) {
      const found = headerAt(zip, at)
      from = at + HEADER.length
      if (found === undefined || starts.has(found.start)) continue
      yield {
        name: found.name,
        content:
          found.method === STORED
            ? { bytes: zip.subarray(found.start, found.end) }
            : decompressed('deflate', { bytes: zip.subarray(found.start, found.end) }, budget),
      }
      if (found.end < start) from = found.end
    }
    from = Math.max(from, end)
  }
}

/**
 * `PK\3\4`, version, flags at 6, method at 8, packed size at 18, lengths of name and extra field at
 * 26 and 28, the name. Who wrote the size behind the data wrote none here; deflated data knows its
 * own end.
 */
function headerAt(
  zip: Buffer,
  at: number,
): (Range & { readonly name: string; readonly method: number }) | undefined {
  if (at + HEADER_BYTES > zip.length) return undefined
  const [flags, method, size] = [
    zip.readUInt16LE(at + 6),
    zip.readUInt16LE(at + 8),
    zip.readUInt32LE(at + 18),
  ]
  const nameEnd = at + HEADER_BYTES + zip.readUInt16LE(at + 26)
  const start = nameEnd + zip.readUInt16LE(at + 28)
  if (
    (flags & ENCRYPTED) !== 0 ||
    (method !== STORED && method !== DEFLATED) ||
    start >= zip.length
  )
    return undefined
  const name = getFileNameLowLevel(flags, zip.subarray(at + HEADER_BYTES, nameEnd), [], false)
  const end = size === 0 && method === DEFLATED ? zip.length : Math.min(start + size, zip.length)
  return end === start ? undefined : { name, method, start, end }
}
