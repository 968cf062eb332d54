import { type Around, type DeltaSizes, GAP, KernelError, type Region } from './walk/kernel.ts'

/** 2 GiB, and more, is promised by no delta that is applied here. */
const TOO_MUCH = 2 ** 31

/**
 * What the header of a delta promises. Undefined where there is no whole header, or too much is
 * promised. Twin of `resultSizeOf` in assembly/delta.ts.
 */
export function deltaSizes(memory: Uint8Array, delta: Region): DeltaSizes | undefined {
  const header = readHeader(memory, delta)
  if (header === undefined) return undefined
  const op = header.end < delta.to ? (memory[header.end] ?? 0) : 0
  const first = op < 0x80 ? undefined : readCopy(memory, header.end + 1, op)
  return { result: header.result, kept: first?.offset === 0 ? first.size : 0 }
}

interface Header extends Omit<DeltaSizes, 'kept'> {
  readonly base: number
  /** Where the instructions begin. */
  readonly end: number
}

/**
 * `b4 02 0a`: a size of the base, 0x34 + 2 * 128, and one of the result; seven bits a byte, and bit
 * 7 where more follow.
 */
function readHeader(memory: Uint8Array, { from, to }: Region): Header | undefined {
  const base = readSize(memory, from, to)
  const result = readSize(memory, from + base.bytes, to)
  return base.bytes === 0 || result.bytes === 0
    ? undefined
    : { base: base.value, result: result.value, end: from + base.bytes + result.bytes }
}

/** A size and its own bytes: none where it is cut short or too large. */
function readSize(
  memory: Uint8Array,
  from: number,
  to: number,
): { readonly value: number; readonly bytes: number } {
  let value = 0
  let scale = 1
  for (let at = from; at < to && scale < 2 ** 35; at += 1) {
    const byte = memory[at] ?? 0
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return { value, bytes: value < TOO_MUCH ? at + 1 - from : 0 }
    scale *= 128
  }
  return { value, bytes: 0 }
}

/**
 * Takes what an instruction adds to the result: `size` bytes that stand at `from` in memory. False
 * if there is no room for them.
 */
type Sink = (from: number, size: number, isCopy: boolean) => boolean

/**
 * Gives what all instructions of a delta add, if they make exactly what its header promises of
 * exactly such a base.
 */
function walk(memory: Uint8Array, delta: Region, base: Region, sink: Sink): number {
  const header = readHeader(memory, delta)
  if (header === undefined || header.base !== base.to - base.from) return KernelError.damaged
  let left = header.result
  for (let at = header.end; at < delta.to; ) {
    const op = memory[at] ?? 0
    at += 1
    const copied = op < 0x80 ? undefined : readCopy(memory, at, op)
    const size = copied === undefined ? op : copied.size
    const end = copied === undefined ? at + op : copied.end
    const from = copied === undefined ? at : base.from + copied.offset
    if (
      op === 0 ||
      end > delta.to ||
      size > left ||
      (copied !== undefined && from + size > base.to)
    )
      return KernelError.damaged
    if (!sink(from, size, copied !== undefined)) return KernelError.tooLong
    left -= size
    at = end
  }
  return left === 0 ? header.result : KernelError.damaged
}

/**
 * What to copy: `93 10 27 40` has bit 7 for a copy, bits 0 and 1 for two bytes of its offset,
 * 0x2710, bit 4 for one of its size, 0x40. Bits 0 to 3 are for offsets, 4 to 6 for sizes, and no
 * size means 0x10000.
 */
function readCopy(
  memory: Uint8Array,
  start: number,
  op: number,
): { readonly offset: number; readonly size: number; readonly end: number } {
  let [offset, size, end] = [0, 0, start]
  for (let bit = 0; bit < 7; bit += 1) {
    if ((op & (1 << bit)) === 0) continue
    const byte = memory[end] ?? 0
    end += 1
    if (bit < 4) offset += byte * 2 ** (8 * bit)
    else size += byte * 2 ** (8 * (bit - 4))
  }
  return { offset, size: size === 0 ? 0x1_0000 : size, end }
}

/**
 * The result's size, or a `KernelError`. Twin of `applyDelta` in assembly/delta.ts, and what it
 * means.
 */
export function applyDelta(memory: Uint8Array, delta: Region, base: Region, into: Region): number {
  const sizes = readHeader(memory, delta)
  if (sizes?.base === base.to - base.from && sizes.result > into.to - into.from)
    return KernelError.tooLong
  let at = into.from
  return walk(memory, delta, base, (from, size) => {
    memory.copyWithin(at, from, from + size)
    at += size
    return true
  })
}

interface DirtyRegions extends Around {
  readonly delta: Region
  readonly base: Region
  readonly into: Region
}

/**
 * The stream's length, or a `KernelError`. Twin of `dirtyStream` in assembly/delta.ts, and what it
 * means.
 */
export function dirtyStream(
  memory: Uint8Array,
  { delta, base, into, reach, head }: DirtyRegions,
): number {
  let at = into.from
  const write = (from: number, size: number): boolean => {
    if (size > into.to - at) return false
    memory.copyWithin(at, from, from + size)
    at += size
    return true
  }
  // A copy that the next one may go on with, and where it begins in the result.
  let [start, length, place] = [0, 0, 0]
  const writeCopy = (): boolean => {
    const first = Math.max(reach, head - place)
    if (length <= first + reach + GAP.length) return write(start, length)
    if (first + reach + GAP.length > into.to - at) return false
    write(start, first)
    memory.set(GAP, at)
    at += GAP.length
    return write(start + length - reach, reach)
  }
  const result = walk(memory, delta, base, (from, size, isCopy) => {
    const goesOn = isCopy && length > 0 && from === start + length
    if (!goesOn && !writeCopy()) return false
    if (!goesOn) [start, length, place] = [from, 0, place + length]
    if (isCopy) length += size
    else place += size
    return isCopy || write(from, size)
  })
  if (result < 0) return result
  return writeCopy() ? at - into.from : KernelError.tooLong
}
