import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from 'yauzl'
import { type Budget, UnpackError } from './budget.ts'
import { type Content, type Member, type UnreadableMember, withWholeContent } from './content.ts'
import { decompressed } from './decompress.ts'
import { type ByteRange, DEFLATED, STORED, unlistedMembers } from './zip-unlisted.ts'

/**
 * Yields the files of a zip: those of its central directory, then those that the directory does not
 * list, because it is broken or because someone removed them from it. Sizes in the directory are
 * used only to locate members; unpacked bytes are counted as they arrive.
 */
export function zipMembers(
  content: Content,
  budget: Budget,
): AsyncIterable<Member | UnreadableMember> {
  return withWholeContent(content, budget, (bytes) =>
    membersOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), budget),
  )
}

async function* membersOf(zip: Buffer, budget: Budget): AsyncGenerator<Member | UnreadableMember> {
  const ranges: ByteRange[] = []
  let failure: unknown
  try {
    yield* listedMembers(zip, ranges, budget)
  } catch (error) {
    if (error instanceof UnpackError) throw error
    failure = error
  }
  yield* unlistedMembers(zip, ranges, budget)
  if (failure !== undefined) throw failure
}

/** Yields the members of the central directory, and adds their positions to `ranges`. */
async function* listedMembers(
  zip: Buffer,
  ranges: ByteRange[],
  budget: Budget,
): AsyncGenerator<Member | UnreadableMember> {
  const file = await fromBufferPromise(zip, { decodeStrings: false, validateEntrySizes: false })
  let packedBytes = 0
  for await (const entry of file.eachEntry()) {
    const name = getFileNameLowLevel(
      entry.generalPurposeBitFlag,
      entry.fileNameRaw,
      entry.extraFields,
      false,
    )
    const range = await rangeOf(file, entry)
    if (range !== undefined) ranges.push(range)
    packedBytes += entry.compressedSize
    if (packedBytes > zip.length) throw new Error('its members overlap')
    if (entry.compressedSize > 0 || !name.endsWith('/'))
      yield memberOf(zip, entry, { name, range, budget })
  }
}

/** Returns undefined when there is no member where the directory says. */
async function rangeOf(file: ZipFile, entry: Entry): Promise<ByteRange | undefined> {
  try {
    const { fileDataStart: start } = await file.readLocalFileHeaderPromise(entry, { minimal: true })
    return { start, end: start + entry.compressedSize }
  } catch {
    return undefined
  }
}

interface MemberContext {
  readonly name: string
  readonly range: ByteRange | undefined
  readonly budget: Budget
}

function memberOf(
  zip: Buffer,
  entry: Entry,
  { name, range, budget }: MemberContext,
): Member | UnreadableMember {
  const { compressionMethod: method } = entry
  if (entry.isEncrypted()) return { name, reason: 'archive-encrypted' }
  if (method !== STORED && method !== DEFLATED)
    return { name, reason: 'archive-format', detail: `compression method ${method}` }
  if (range === undefined)
    return { name, reason: 'archive-corrupt', detail: 'it is not where the directory says' }
  const packed = { bytes: zip.subarray(range.start, range.end) }
  const content = method === STORED ? packed : decompressed('deflate', packed, budget)
  return { name, content }
}
