/** Rows of SQLite databases as lines of text: https://www.sqlite.org/fileformat2.html */
import type { Budget } from './budget.ts'
import { type Content, type Member, withWholeContent } from './content.ts'

/** Type of a page that holds rows of a table. */
const TABLE_LEAF = 0x0d

/** Length of the header of the file, before the first page's own. */
const FILE_HEADER_BYTES = 100

/**
 * Bytes of a value by its serial type: null, integers of growing size, a float, the constants 0 and
 * 1, two reserved types.
 */
const VALUE_BYTES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0]

/** Text encodings in the file header that stand for UTF-16. */
const UTF16_ENCODINGS = new Set([2, 3])

interface Database {
  readonly bytes: Buffer
  readonly pageBytes: number
  /** Bytes of a page that hold cells. */
  readonly usableBytes: number
}

/**
 * Yields one member with the rows of a database, a line each. In the file the values of a row stand
 * side by side, `configAKIA…`, so that no rule can tell where a value ends. Deleted rows are found
 * only in the file itself, which is scanned too.
 */
export function sqliteRows(content: Content, budget: Budget): AsyncIterable<Member> {
  return withWholeContent(content, budget, (bytes) =>
    rowsMember(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), budget),
  )
}

async function* rowsMember(bytes: Buffer, budget: Budget): AsyncGenerator<Member> {
  if (bytes.length < FILE_HEADER_BYTES || UTF16_ENCODINGS.has(bytes.readUInt32BE(56))) return
  const size = bytes.readUInt16BE(16)
  const pageBytes = size === 1 ? 1 << 16 : size
  const usableBytes = pageBytes - (bytes[20] ?? 0)
  if (pageBytes < 512 || usableBytes < 480) throw new Error('its pages have no size')
  const database = { bytes, pageBytes, usableBytes }
  yield { name: 'rows', content: { stream: () => rowLines(database, budget) } }
}

async function* rowLines(database: Database, budget: Budget): AsyncGenerator<Uint8Array> {
  const { bytes, pageBytes } = database
  for (let page = 0; page < bytes.length; page += pageBytes) {
    const start = page === 0 ? FILE_HEADER_BYTES : page
    if (bytes[start] !== TABLE_LEAF || start + 8 > bytes.length) continue
    const cells = Math.min(bytes.readUInt16BE(start + 3), pageBytes >> 2)
    for (let cell = 0; cell < cells; cell += 1) {
      const pointer = start + 8 + 2 * cell
      if (pointer + 2 > bytes.length) break
      const line = rowLine(payloadAt(database, page + bytes.readUInt16BE(pointer)))
      // All cells of a forged database may lead to the same bytes.
      budget.countUnpacked(line.length)
      yield line
    }
  }
}

/**
 * Reads the payload of a cell: its size, the number of the row, the payload as far as it fits, then
 * the number of the overflow page with the rest.
 */
function payloadAt({ bytes, pageBytes, usableBytes }: Database, offset: number): Buffer {
  const [size, afterSize] = varintAt(bytes, offset)
  const [, start] = varintAt(bytes, afterSize)
  const maxLocal = usableBytes - 35
  if (size <= maxLocal) return bytes.subarray(start, start + size)
  const minLocal = Math.floor(((usableBytes - 12) * 32) / 255) - 23
  const fitting = minLocal + ((size - minLocal) % (usableBytes - 4))
  const local = fitting <= maxLocal ? fitting : minLocal
  const parts = [bytes.subarray(start, start + local)]
  let bytesLeft = Math.min(size, bytes.length) - local
  let next = start + local + 4 <= bytes.length ? bytes.readUInt32BE(start + local) : 0
  while (bytesLeft > 0 && next > 0 && next * pageBytes <= bytes.length) {
    const page = (next - 1) * pageBytes
    parts.push(bytes.subarray(page + 4, page + Math.min(usableBytes, 4 + bytesLeft)))
    bytesLeft -= usableBytes - 4
    next = bytes.readUInt32BE(page)
  }
  return Buffer.concat(parts)
}

/**
 * Joins the texts of a row. Its payload begins with the size of the row's header and the serial
 * type of each value; `13 + 2n` is a text of n bytes.
 */
function rowLine(payload: Buffer): Buffer {
  const [headerSize, firstType] = varintAt(payload, 0)
  const headerEnd = Math.min(headerSize, payload.length)
  const parts: Buffer[] = []
  for (let [at, value] = [firstType, headerSize]; at < headerEnd && value < payload.length; ) {
    const [type, next] = varintAt(payload, at)
    const size = type < VALUE_BYTES.length ? (VALUE_BYTES[type] ?? 0) : (type - 12) >>> 1
    const isText = type > VALUE_BYTES.length && type % 2 === 1
    if (isText) {
      const separator = parts.length === 0 ? '' : ' = '
      parts.push(Buffer.from(separator), payload.subarray(value, value + size))
    }
    value += size
    at = next
  }
  return Buffer.concat([...parts, Buffer.from('\n')])
}

/**
 * Reads a variable-length integer: seven bits a byte, the highest first, while the eighth bit is
 * set. Values over 32 bits, larger than any file in memory, are returned as the largest of 32 bits.
 */
function varintAt(bytes: Buffer, start: number): readonly [value: number, end: number] {
  let value = 0
  for (let at = start; at < start + 9; at += 1) {
    const byte = bytes[at] ?? 0
    value = Math.min(value * 128 + (byte & 0x7f), 0xffffffff)
    if (byte < 0x80) return [value, at + 1]
  }
  return [value, start + 9]
}
