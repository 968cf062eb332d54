import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from 'yauzl'
import { type Content, held, type Member, type Unreadable } from './content.ts'
import { decompressed } from './decompress.ts'
import type { Budget } from './limits.ts'

const STORED = 0
const DEFLATED = 8

/**
 * The files of a zip, by its directory. What the directory says of sizes is only used to find where a member is: how
 * large it is shows when it is unpacked.
 */
export function zipMembers(content: Content, budget: Budget): AsyncIterable<Member | Unreadable> {
  return held(content, budget, (bytes) => listed(bytes, budget))
}

async function* listed(bytes: Uint8Array, budget: Budget): AsyncGenerator<Member | Unreadable> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const zip = await fromBufferPromise(buffer, { decodeStrings: false, validateEntrySizes: false })
  let packed = 0
  for await (const entry of zip.eachEntry()) {
    const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false)
    if (name.endsWith('/') && entry.compressedSize === 0) continue
    packed += entry.compressedSize
    if (packed > buffer.length) throw new Error('its members overlap')
    yield await memberOf(zip, entry, { buffer, name, budget })
  }
}

interface Zip {
  readonly buffer: Buffer
  readonly name: string
  readonly budget: Budget
}

async function memberOf(zip: ZipFile, entry: Entry, { buffer, name, budget }: Zip): Promise<Member | Unreadable> {
  if (entry.isEncrypted()) return { name, reason: 'archive-encrypted' }
  const { compressionMethod, compressedSize } = entry
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) return { name, reason: 'archive-format', detail: `compression method ${compressionMethod}` }
  const start = await zip.readLocalFileHeaderPromise(entry, { minimal: true }).then((header) => header.fileDataStart, String)
  if (typeof start === 'string') return { name, reason: 'archive-corrupt', detail: start }
  const packed = { bytes: buffer.subarray(start, start + compressedSize) }
  return { name, content: compressionMethod === STORED ? packed : decompressed('deflate', packed, budget) }
}
