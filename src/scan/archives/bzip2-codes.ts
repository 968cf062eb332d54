/** Reads the bits of bzip2, and the codes of symbols in them. */

/** Bits of the longest code of a symbol. */
const MAX_CODE_BITS = 20

/** Reads bits, the highest bit of each byte first. Throws when the input ends early. */
export class BitReader {
  readonly #bytes: Uint8Array
  #at = 0
  /** The last `#count` bits are not yet read. */
  #held = 0
  #count = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** True when every byte is read. */
  get isAtEnd(): boolean {
    return this.#at - (this.#count >> 3) >= this.#bytes.length
  }

  /** Reads at most 24 bits. */
  read(bits: number): number {
    const value = this.peek(bits)
    this.skip(bits)
    return value
  }

  /** Returns at most 24 bits without reading them; behind the end there are zeros. */
  peek(bits: number): number {
    while (this.#count < bits) {
      this.#held = (this.#held << 8) | (this.#bytes[this.#at] ?? 0)
      this.#at += 1
      this.#count += 8
    }
    return (this.#held >>> (this.#count - bits)) & ((1 << bits) - 1)
  }

  skip(bits: number): void {
    this.#count -= bits
    if (this.#at * 8 - this.#count > this.#bytes.length * 8) throw new Error('it ends early')
  }

  /** Skips the rest of a byte that was read in part. */
  skipToByte(): void {
    this.#count -= this.#count % 8
  }
}

/** The codes of one table: the shortest codes are the smallest numbers. */
export interface CodeTable {
  readonly minBits: number
  /** For each length, the first number that is no code of this length, in 20 bits. */
  readonly limits: Int32Array
  /** For each length, what added to a code gives its index in `symbols`. */
  readonly offsets: Int32Array
  readonly symbols: Uint16Array
}

/** Reads the length of each symbol's code, told by its difference to the one before. */
export function readTable(reader: BitReader, symbolCount: number): CodeTable {
  const lengths = new Uint8Array(symbolCount)
  const counts = new Uint16Array(MAX_CODE_BITS + 1)
  let length = reader.read(5)
  for (let symbol = 0; symbol < symbolCount; symbol += 1) {
    for (;;) {
      if (length < 1 || length > MAX_CODE_BITS) throw new Error('a broken block')
      if (reader.read(1) === 0) break
      length += reader.read(1) === 0 ? 1 : -1
    }
    lengths[symbol] = length
    counts[length] = (counts[length] ?? 0) + 1
  }
  return codeTable(lengths, counts)
}

function codeTable(lengths: Uint8Array, counts: Uint16Array): CodeTable {
  const limits = new Int32Array(MAX_CODE_BITS + 1)
  const offsets = new Int32Array(MAX_CODE_BITS + 1)
  const starts = new Uint16Array(MAX_CODE_BITS + 1)
  let [code, index] = [0, 0]
  for (let bits = 1; bits <= MAX_CODE_BITS; bits += 1) {
    const count = counts[bits] ?? 0
    code <<= 1
    offsets[bits] = index - code
    starts[bits] = index
    code += count
    index += count
    // Codes of lengths that add up to too many are no codes, and are cut here.
    limits[bits] = Math.min(code, 1 << bits) << (MAX_CODE_BITS - bits)
    code = Math.min(code, 1 << bits)
  }
  const symbols = new Uint16Array(lengths.length)
  for (const [symbol, length] of lengths.entries()) {
    const start = starts[length] ?? 0
    symbols[start] = symbol
    starts[length] = start + 1
  }
  return { minBits: Math.min(...lengths), limits, offsets, symbols }
}

export function readSymbol(
  reader: BitReader,
  { minBits, limits, offsets, symbols }: CodeTable,
): number {
  const code = reader.peek(MAX_CODE_BITS)
  let bits = minBits
  while (code >= (limits[bits] ?? Infinity)) bits += 1
  if (bits > MAX_CODE_BITS) throw new Error('a broken block')
  reader.skip(bits)
  return symbols[(offsets[bits] ?? 0) + (code >>> (MAX_CODE_BITS - bits))] ?? 0
}
