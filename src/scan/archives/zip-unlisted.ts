import { getFileNameLowLevel } from 'yauzl'
import type { Budget } from './budget.ts'
import type { Member } from './content.ts'
import { decompressed } from './decompress.ts'

/** Compression methods of zip members that are unpacked: nearly all in use. */
export const STORED = 0
export const DEFLATED = 8

/** Start and end of the packed bytes of a member. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

interface UnlistedMember extends ByteRange {
  readonly name: string
  readonly method: number
}

const HEADER = Buffer.from('PK\x03\x04')
const HEADER_BYTES = 30

/** Bit of the flags in the header of a member. */
const ENCRYPTED = 1

/**
 * Yields members that the central directory does not list. Each begins with a header of its own,
 * and lies outside of the `listed` ranges.
 */
export function* unlistedMembers(
  zip: Buffer,
  listed: readonly ByteRange[],
  budget: Budget,
): Generator<Member> {
  const ranges = listed.toSorted((a, b) => a.start - b.start)
  const listedStarts = new Set(listed.map(({ start }) => start))
  let from = 0
  for (const { start: gapEnd, end } of [...ranges, { start: zip.length, end: zip.length }]) {
    for (
      let at = zip.indexOf(HEADER, from);
      at >= 0 && at < gapEnd;
      at = zip.indexOf(HEADER, from)
    ) {
      const member = memberAt(zip, at)
      from = at + HEADER.length
      if (member === undefined || listedStarts.has(member.start)) continue
      yield { name: member.name, content: contentOf(zip, member, budget) }
      if (member.end < gapEnd) from = member.end
    }
    from = Math.max(from, end)
  }
}

function contentOf(
  zip: Buffer,
  { start, end, method }: UnlistedMember,
  budget: Budget,
): Member['content'] {
  const packed = { bytes: zip.subarray(start, end) }
  return method === STORED ? packed : decompressed('deflate', packed, budget)
}

/**
 * Parses the header of a member: `PK\3\4`, version, flags at 6, method at 8, packed size at 18,
 * lengths of name and extra field at 26 and 28, then the name. The size is 0 when the writer put it
 * behind the data; deflated data shows its own end.
 */
function memberAt(zip: Buffer, offset: number): UnlistedMember | undefined {
  if (offset + HEADER_BYTES > zip.length) return undefined
  const flags = zip.readUInt16LE(offset + 6)
  const method = zip.readUInt16LE(offset + 8)
  const size = zip.readUInt32LE(offset + 18)
  const nameEnd = offset + HEADER_BYTES + zip.readUInt16LE(offset + 26)
  const start = nameEnd + zip.readUInt16LE(offset + 28)
  const isReadable = (flags & ENCRYPTED) === 0 && (method === STORED || method === DEFLATED)
  if (!isReadable || start >= zip.length) return undefined
  const name = getFileNameLowLevel(flags, zip.subarray(offset + HEADER_BYTES, nameEnd), [], false)
  const end = size === 0 && method === DEFLATED ? zip.length : Math.min(start + size, zip.length)
  return end === start ? undefined : { name, method, start, end }
}
