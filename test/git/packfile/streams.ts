import { constants, deflateSync, type ZlibOptions } from 'node:zlib'
import { randomBytes } from '../../support/pieces.ts'

export type Random = () => number

export function below(limit: number, random: Random): number {
  return Math.floor(random() * limit)
}

export function pick<T>(items: readonly T[], random: Random): T {
  return items[below(items.length, random)]!
}

const WORDS = (
  'const return function import export readonly string number the of and to if else while struct ' +
  'static void int char 0 1 2 == => {\n}\n;\n  (\t) , . / # * tree parent author committer'
).split(' ')

function text(size: number, random: Random): Buffer {
  const parts: string[] = []
  for (let length = 0; length < size; ) {
    const word = random() < 0.1 ? random().toString(36) : pick(WORDS, random)
    parts.push(word)
    length += word.length + 1
  }
  return Buffer.from(parts.join(' ')).subarray(0, size)
}

/** Returns a repeated piece, now and then with another byte. */
function repeated(size: number, random: Random): Buffer {
  const period = pick(
    [1, 2, 3, 4, 5, 7, 8, 11, 15, 16, 17, 31, 64, 300, 4000, 32_767, 32_768],
    random,
  )
  const piece = randomBytes(period, random)
  const bytes = Buffer.alloc(size, piece)
  const changes = size === 0 || random() < 0.5 ? 0 : 1 + size / 500
  for (let change = 0; change < changes; change += 1)
    bytes[below(size, random)] = below(256, random)
  return bytes
}

/** Returns bytes each half as frequent as the one before, which makes the longest Huffman codes. */
function skewed(size: number, random: Random): Buffer {
  return Buffer.from(
    Array.from({ length: size }, () =>
      Math.min(255, Math.floor(-Math.log2(random() + 1e-9) * 1.4)),
    ),
  )
}

function mixed(size: number, random: Random): Buffer {
  return Buffer.concat([text(size >> 1, random), randomBytes(size - (size >> 1), random)])
}

/** Returns bytes of a random sort: text, noise, repetitions, or bytes with long codes. */
export function content(size: number, random: Random): Buffer {
  return pick([text, repeated, skewed, randomBytes, mixed], random)(size, random)
}

const {
  Z_DEFAULT_STRATEGY,
  Z_FILTERED,
  Z_HUFFMAN_ONLY,
  Z_RLE,
  Z_FIXED,
  Z_NO_FLUSH,
  Z_SYNC_FLUSH,
  Z_FULL_FLUSH,
} = constants

export function anyOptions(random: Random): ZlibOptions {
  return {
    level: below(10, random),
    strategy: pick([Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED], random),
    memLevel: 1 + below(9, random),
    windowBits: 9 + below(7, random),
    flush: pick([Z_NO_FLUSH, Z_NO_FLUSH, Z_SYNC_FLUSH, Z_FULL_FLUSH], random),
  }
}

/** Returns small streams of every form: stored, with fixed codes, with codes of their own, empty. */
export function smallStreams(
  random: Random,
): readonly (readonly [name: string, content: Buffer, stream: Buffer])[] {
  const some = {
    words: text(400, random),
    noise: randomBytes(300, random),
    skewed: skewed(600, random),
    repeated: repeated(900, random),
    one: Buffer.from('x'),
    nothing: Buffer.alloc(0),
  }
  return Object.entries(some).flatMap(([name, bytes]) => [
    [`${name}, stored`, bytes, deflateSync(bytes, { level: 0 })] as const,
    [`${name}, fixed codes`, bytes, deflateSync(bytes, { strategy: Z_FIXED })] as const,
    [`${name}, only literals`, bytes, deflateSync(bytes, { strategy: Z_HUFFMAN_ONLY })] as const,
    [`${name}, as git does`, bytes, deflateSync(bytes)] as const,
  ])
}

/** Writes bits, from the lowest of a byte to the highest. */
export class BitWriter {
  readonly #bits: number[] = []

  /** Writes a number, its lowest bit first; `reversed` for Huffman codes, the highest first. */
  put(value: number, length: number, reversed = false): this {
    for (let bit = 0; bit < length; bit += 1)
      this.#bits.push((value >> (reversed ? length - 1 - bit : bit)) & 1)
    return this
  }

  bytes(): Buffer {
    const bytes = Buffer.alloc(Math.ceil(this.#bits.length / 8))
    this.#bits.forEach((bit, at) => (bytes[at >> 3]! |= bit << (at & 7)))
    return bytes
  }
}

/** A stored block as long as the farthest distance. */
const FAR = Buffer.concat([
  Buffer.from([0x78, 0x9c, 0, 0, 0x80, 0xff, 0x7f]),
  Buffer.alloc(0x8000, 'far away; '),
])

/** Returns a zlib stream with a block of these code lengths, followed by the bits of `rest`. */
export function streamWithCodes(
  literals: readonly number[],
  distances: readonly number[],
  rest: Uint8Array,
): Buffer {
  const writer = new BitWriter()
  putCodes(writer, literals, distances)
  for (const byte of rest) writer.put(byte, 8)
  return Buffer.concat([FAR, writer.bytes()])
}

function putCodes(
  writer: BitWriter,
  literals: readonly number[],
  distances: readonly number[],
): void {
  writer.put(1, 1).put(2, 2)
  writer
    .put(literals.length - 257, 5)
    .put(distances.length - 1, 5)
    .put(15, 4)
  for (const symbol of [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15])
    writer.put(symbol < 16 ? 4 : 0, 3)
  for (const length of [...literals, ...distances]) writer.put(length, 4, true)
}

/** Returns the canonical code of each symbol that has one (RFC 1951, section 3.2.2). */
function codesOf(
  lengths: readonly number[],
): readonly { readonly symbol: number; readonly length: number; readonly code: number }[] {
  const symbols = lengths
    .flatMap((length, symbol) => (length > 0 ? [{ symbol, length }] : []))
    .sort((a, b) => a.length - b.length || a.symbol - b.symbol)
  let [code, before] = [-1, 0]
  return symbols.map(({ symbol, length }) => {
    code = (code + 1) * 2 ** (length - before)
    before = length
    return { symbol, length, code }
  })
}

/**
 * Returns a stream of random symbols with these codes, among them matches of any length and
 * distance, and the bytes that it inflates to.
 */
export function streamOfSymbols(
  literals: readonly number[],
  distances: readonly number[],
  random: Random,
): { readonly stream: Buffer; readonly bytes: Buffer } {
  const writer = new BitWriter()
  putCodes(writer, literals, distances)
  const [literalCodes, distanceCodes] = [codesOf(literals), codesOf(distances)]
  const bytes = [...FAR.subarray(7)]
  for (let count = below(600, random); count > 0; count -= 1) {
    const { symbol, length: bits, code } = pick(literalCodes, random)
    if (symbol === 256) continue
    writer.put(code, bits, true)
    if (symbol < 256) {
      bytes.push(symbol)
      continue
    }
    const length = putExtra(writer, symbol === 285 ? [258, 0] : baseOf(symbol - 257, 3, 4), random)
    const distanceCode = pick(distanceCodes, random)
    writer.put(distanceCode.code, distanceCode.length, true)
    const distance = putExtra(writer, baseOf(distanceCode.symbol, 1, 2), random)
    for (let copied = 0; copied < length; copied += 1) bytes.push(bytes.at(-distance)!)
  }
  const end = literalCodes.find(({ symbol }) => symbol === 256)!
  writer.put(end.code, end.length, true)
  const checksum = deflateSync(Buffer.from(bytes), { level: 0 }).subarray(-4)
  return { bytes: Buffer.from(bytes), stream: Buffer.concat([FAR, writer.bytes(), checksum]) }
}

/**
 * Returns the lowest length or distance of a symbol, and the number of its extra bits; the first
 * two times `step` symbols have none.
 */
function baseOf(
  index: number,
  first: number,
  step: number,
): readonly [base: number, extra: number] {
  const extraOf = (at: number): number => Math.max(0, Math.floor(at / step) - 1)
  return [
    Array.from({ length: index }, (_, at) => 2 ** extraOf(at)).reduce(
      (sum, size) => sum + size,
      first,
    ),
    extraOf(index),
  ]
}

function putExtra(
  writer: BitWriter,
  [base, extra]: readonly [number, number],
  random: Random,
): number {
  const chosen = pick([0, 2 ** extra - 1, below(2 ** extra, random)], random)
  writer.put(chosen, extra)
  return base + chosen
}
