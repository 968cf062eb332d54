import { type Content, withWholeContent, type Member } from './content.ts'
import type { Budget } from './budget.ts'

const LEAF_OF_TABLE = 0x0d
const HEADER_BYTES = 100
/**
 * Of what SQLite stores by number: null, integers of growing size, a float, 0 and 1, two that are
 * reserved.
 */
const SIZES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0]

/** Text is in UTF-8, or by the number in the header in UTF-16. */
const WIDE = new Set([2, 3])

interface Database {
  readonly bytes: Buffer
  readonly pageBytes: number
  /** Bytes of a page that hold cells. */
  readonly usable: number
}

/**
 * The rows of a SQLite database as text, a line each: in the file the values of a row stand side by
 * side, `configAKIA…`, so that nobody can tell where one ends. Rows that were deleted are only
 * searched in the file itself.
 */
export function sqliteRows(content: Content, budget: Budget): AsyncIterable<Member> {
  return withWholeContent(content, budget, (bytes) =>
    rowsOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), budget),
  )
}

async function* rowsOf(bytes: Buffer, budget: Budget): AsyncGenerator<Member> {
  if (bytes.length < HEADER_BYTES || WIDE.has(bytes.readUInt32BE(56))) return
  const size = bytes.readUInt16BE(16)
  const pageBytes = size === 1 ? 1 << 16 : size
  const usable = pageBytes - (bytes[20] ?? 0)
  if (pageBytes < 512 || usable < 480) throw new Error('its pages have no size')
  yield { name: 'rows', content: { stream: () => linesOf({ bytes, pageBytes, usable }, budget) } }
}

async function* linesOf(database: Database, budget: Budget): AsyncGenerator<Uint8Array> {
  const { bytes, pageBytes } = database
  for (let page = 0; page < bytes.length; page += pageBytes) {
    const start = page === 0 ? HEADER_BYTES : page
    if (bytes[start] !== LEAF_OF_TABLE || start + 8 > bytes.length) continue
    const cells = Math.min(bytes.readUInt16BE(start + 3), pageBytes >> 2)
    for (let cell = 0; cell < cells; cell += 1) {
      const pointer = start + 8 + 2 * cell
      if (pointer + 2 > bytes.length) break
      const line = lineOf(payloadAt(database, page + bytes.readUInt16BE(pointer)))
      // Cells of a broken database may all lead to the same bytes.
      budget.countUnpacked(line.length)
      yield line
    }
  }
}

/**
 * A cell: size of its payload, number of the row, the payload, as far as it fits; then the page
 * that has the rest of it.
 */
function payloadAt({ bytes, pageBytes, usable }: Database, at: number): Buffer {
  const [size, afterSize] = varintAt(bytes, at)
  const [, start] = varintAt(bytes, afterSize)
  if (size <= usable - 35) return bytes.subarray(start, start + size)
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const fitting = least + ((size - least) % (usable - 4))
  const local = fitting <= usable - 35 ? fitting : least
  const parts = [bytes.subarray(start, start + local)]
  let left = Math.min(size, bytes.length) - local
  let next = start + local + 4 <= bytes.length ? bytes.readUInt32BE(start + local) : 0
  while (left > 0 && next > 0 && next * pageBytes <= bytes.length) {
    const page = (next - 1) * pageBytes
    parts.push(bytes.subarray(page + 4, page + Math.min(usable, 4 + left)))
    left -= usable - 4
    next = bytes.readUInt32BE(page)
  }
  return Buffer.concat(parts)
}

/**
 * The texts of a row: its payload begins with the size of this head and the type of each value; `13
 * + 2n` is a text of n bytes.
 */
function lineOf(payload: Buffer): Buffer {
  const [headSize, first] = varintAt(payload, 0)
  const texts: Buffer[] = []
  for (
    let [at, value] = [first, headSize];
    at < Math.min(headSize, payload.length) && value < payload.length;
  ) {
    const [type, next] = varintAt(payload, at)
    const size = type < SIZES.length ? (SIZES[type] ?? 0) : (type - 12) >>> 1
    if (type > SIZES.length && type % 2 === 1)
      texts.push(
        Buffer.from(texts.length === 0 ? '' : ' = '),
        payload.subarray(value, value + size),
      )
    value += size
    at = next
  }
  return Buffer.concat([...texts, Buffer.from('\n')])
}

/**
 * Seven bits a byte, the highest first, while the eighth is set. Numbers beyond four bytes are
 * larger than any file that is held.
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
