import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from 'yauzl'
import { type Content, withWholeContent, type Member, type UnreadableMember } from './content.ts'
import { decompressed } from './decompress.ts'
import { type Budget, UnpackError } from './budget.ts'
import { DEFLATED, type Range, STORED, unlistedMembers } from './zip-unlisted.ts'

/**
 * The files of a zip: those of its directory, then those that are in it all the same, because
 * somebody took them out of the directory, or because it is broken. What it says of sizes is only
 * used to find where a member is: how large it is shows when it is unpacked.
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
  const seen: Range[] = []
  let fault: unknown
  try {
    yield* listedMembers(zip, seen, budget)
  } catch (error) {
    if (error instanceof UnpackError) throw error
    fault = error
  }
  yield* unlistedMembers(zip, seen, budget)
  if (fault !== undefined) throw fault
}

async function* listedMembers(
  zip: Buffer,
  seen: Range[],
  budget: Budget,
): AsyncGenerator<Member | UnreadableMember> {
  const file = await fromBufferPromise(zip, { decodeStrings: false, validateEntrySizes: false })
  let packed = 0
  for await (const entry of file.eachEntry()) {
    const name = getFileNameLowLevel(
      entry.generalPurposeBitFlag,
      entry.fileNameRaw,
      entry.extraFields,
      false,
    )
    const range = await rangeOf(file, entry)
    if (range !== undefined) seen.push(range)
    packed += entry.compressedSize
    if (packed > zip.length) throw new Error('its members overlap')
    if (entry.compressedSize > 0 || !name.endsWith('/'))
      yield memberOf(zip, entry, { name, range, budget })
  }
}

/** Nothing where there is no member. */
async function rangeOf(file: ZipFile, entry: Entry): Promise<Range | undefined> {
  try {
    const { fileDataStart: start } = await file.readLocalFileHeaderPromise(entry, { minimal: true })
    return { start, end: start + entry.compressedSize }
  } catch {
    return undefined
  }
}

interface Place {
  readonly name: string
  readonly range: Range | undefined
  readonly budget: Budget
}

function memberOf(
  zip: Buffer,
  entry: Entry,
  { name, range, budget }: Place,
): Member | UnreadableMember {
  const { compressionMethod } = entry
  if (entry.isEncrypted()) return { name, reason: 'archive-encrypted' }
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
    return { name, reason: 'archive-format', detail: `compression method ${compressionMethod}` }
  if (range === undefined)
    return { name, reason: 'archive-corrupt', detail: 'it is not where the directory says' }
  const packed = { bytes: zip.subarray(range.start, range.end) }
  return {
    name,
    content: compressionMethod === STORED ? packed : decompressed('deflate', packed, budget),
  }
}
