/**
 * The deltas of git's packs (gitformat-pack), which make an object of another one, its base: the
 * operations of the kernel over node:zlib. Twins: the functions of assembly/delta.ts.
 */
import {
  type ChangeContext,
  type DeltaSizes,
  GAP,
  KernelError,
  type Region,
} from './walk/kernel.ts'

/** No delta is applied that states a size of 2 GiB or more. */
const MAX_STATED_BYTES = 2 ** 31

/** Bytes of a copy whose size is not written. */
const DEFAULT_COPY_BYTES = 0x1_0000

/**
 * Reads the sizes in the header of a delta. Returns undefined when the header is cut short or
 * states too much. Twin: `resultSizeOf` in assembly/delta.ts.
 */
export function deltaSizes(memory: Uint8Array, delta: Region): DeltaSizes | undefined {
  const header = readHeader(memory, delta)
  if (header === undefined) return undefined
  const op = header.end < delta.to ? (memory[header.end] ?? 0) : 0
  const firstCopy = isCopy(op) ? readCopy(memory, header.end + 1, op) : undefined
  return { result: header.result, keptPrefix: firstCopy?.offset === 0 ? firstCopy.size : 0 }
}

interface DeltaHeader {
  /** Bytes of the base that the delta belongs to. */
  readonly base: number
  /** Bytes of the object that it makes. */
  readonly result: number
  /** Address of the first instruction. */
  readonly end: number
}

/**
 * Reads `b4 02 0a`: the size of the base, 0x34 + 2 * 128, and the size of the result, 10. Each byte
 * has seven bits of a size, the lowest first; bit 7 is set when another byte follows.
 */
function readHeader(memory: Uint8Array, { from, to }: Region): DeltaHeader | undefined {
  const base = readSize(memory, from, to)
  const result = base && readSize(memory, base.end, to)
  return base && result && { base: base.value, result: result.value, end: result.end }
}

/** Reads one size; undefined when it is cut short or too large. */
function readSize(
  memory: Uint8Array,
  from: number,
  to: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0
  let scale = 1
  for (let at = from; at < to && scale < 2 ** 35; at += 1) {
    const byte = memory[at] ?? 0
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value < MAX_STATED_BYTES ? { value, end: at + 1 } : undefined
    scale *= 128
  }
  return undefined
}

/** True for an instruction that copies from the base; the other ones insert bytes of the delta. */
function isCopy(op: number): boolean {
  return op >= 0x80
}

/**
 * Adds the bytes of one instruction to the result: `size` bytes at the address `from`, which are in
 * the base when `copied`. Returns false when there is no room for them.
 */
type AddBytes = (from: number, size: number, copied: boolean) => boolean

/**
 * Passes to `add` what each instruction of a delta adds to the result. Returns the size of the
 * result, or a `KernelError`: the delta must belong to a base of this size, and make as many bytes
 * as its header states.
 */
function runInstructions(memory: Uint8Array, delta: Region, base: Region, add: AddBytes): number {
  const header = readHeader(memory, delta)
  if (header === undefined || header.base !== base.to - base.from) return KernelError.damaged
  let remaining = header.result
  for (let at = header.end; at < delta.to; ) {
    const op = memory[at] ?? 0
    at += 1
    const copy = isCopy(op) ? readCopy(memory, at, op) : undefined
    const size = copy === undefined ? op : copy.size
    const end = copy === undefined ? at + op : copy.end
    const from = copy === undefined ? at : base.from + copy.offset
    const isBeyondBase = copy !== undefined && from + size > base.to
    if (op === 0 || end > delta.to || size > remaining || isBeyondBase) return KernelError.damaged
    if (!add(from, size, copy !== undefined)) return KernelError.tooLong
    remaining -= size
    at = end
  }
  return remaining === 0 ? header.result : KernelError.damaged
}

/**
 * Reads the arguments of a copy. In `93 10 27 40` bit 7 of the first byte says that this is a copy,
 * bits 0 and 1 that two bytes of its offset follow, 0x2710, and bit 4 that one byte of its size
 * does, 0x40. Bits 0 to 3 stand for the bytes of the offset, bits 4 to 6 for those of the size; a
 * size of 0 means 0x10000.
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
  return { offset, size: size === 0 ? DEFAULT_COPY_BYTES : size, end }
}

/** Implements `Kernel.applyDelta`. Twin: `applyDelta` in assembly/delta.ts. */
export function applyDelta(memory: Uint8Array, delta: Region, base: Region, into: Region): number {
  const header = readHeader(memory, delta)
  if (header?.base === base.to - base.from && header.result > into.to - into.from)
    return KernelError.tooLong
  let at = into.from
  return runInstructions(memory, delta, base, (from, size) => {
    memory.copyWithin(at, from, from + size)
    at += size
    return true
  })
}

interface DirtyStreamRegions extends ChangeContext {
  readonly delta: Region
  readonly base: Region
  readonly into: Region
}

/** Implements `Kernel.dirtyStream`. Twin: `dirtyStream` in assembly/delta.ts. */
export function dirtyStream(
  memory: Uint8Array,
  { delta, base, into, radius, headBytes }: DirtyStreamRegions,
): number {
  let at = into.from
  const write = (from: number, size: number): boolean => {
    if (size > into.to - at) return false
    memory.copyWithin(at, from, from + size)
    at += size
    return true
  }
  // The current copy: its address in the base, its length, and its offset in the result. It is
  // written when the next instruction does not continue it.
  let [copyFrom, copyLength, resultOffset] = [0, 0, 0]
  const writeCopy = (): boolean => {
    const start = Math.max(radius, headBytes - resultOffset)
    if (copyLength <= start + radius + GAP.length) return write(copyFrom, copyLength)
    if (start + radius + GAP.length > into.to - at) return false
    write(copyFrom, start)
    memory.set(GAP, at)
    at += GAP.length
    return write(copyFrom + copyLength - radius, radius)
  }
  const result = runInstructions(memory, delta, base, (from, size, copied) => {
    const continues = copied && copyLength > 0 && from === copyFrom + copyLength
    if (!continues && !writeCopy()) return false
    if (!continues) [copyFrom, copyLength, resultOffset] = [from, 0, resultOffset + copyLength]
    if (copied) copyLength += size
    else resultOffset += size
    return copied || write(from, size)
  })
  if (result < 0) return result
  return writeCopy() ? at - into.from : KernelError.tooLong
}
