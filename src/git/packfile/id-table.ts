import { wordAt } from '../objects/bytes.ts'
import { type PlanLoops, instantiatePlanLoops } from '../wasm/plan-loops.ts'
import { PackSurprise } from './pack-surprise.ts'
import { plainMemory, type PlanMemory } from './plan/plan-memory.ts'
import type { ObjectLocations } from './walk/connectivity-check.ts'

/**
 * Slots in a row that an ID may stand in. IDs are hashes: by chance a hundred slots in a row are
 * taken when half of millions of slots are.
 */
const MAX_STEPS = 256

/** The memory of a table, which threads can share. */
export interface IdTableMemory {
  readonly idBytes: number
  /** The IDs, one behind the other, in the order of their numbers. */
  readonly ids: Uint8Array
  /** A hash table: in each slot the number of an ID and 1 added, or 0. */
  readonly slots: Int32Array
  /** The memory that holds all of these arrays, when WebAssembly works on the table. */
  readonly wasmMemory: WebAssembly.SharedMemory | undefined
  /** For the sorted IDs: the number of the first one that begins with each value of 16 bits. */
  readonly fanout: Int32Array
  /** One number: how many of the first IDs are sorted and found through `fanout`. */
  readonly sortedCount: Int32Array
}

/** An element for each value of 16 bits, and one behind the last. */
const FANOUT_LENGTH = 65_537

/** Locates objects by a table of their IDs, of which the first `packedCount` are in packs. */
export function locationsIn(ids: IdTable, packedCount: number): ObjectLocations {
  return {
    idBytes: ids.memory.idBytes,
    wasmTable: ids.loops && { find: ids.loops.find, packedCount },
    locationOf(bytes, at) {
      const number = ids.find(bytes, at)
      return number < 0 ? undefined : number < packedCount ? 'pack' : 'loose'
    },
  }
}

/**
 * A table of object IDs, numbered in the order they are added: half a million SHA-1 IDs take 14 MB.
 * IDs are hashes, so their first bits choose the slot where the search begins; sorted IDs, as an
 * index has them, are therefore added to one slot after the other. Threads may search the same
 * table once it is filled.
 */
export class IdTable {
  readonly memory: IdTableMemory
  readonly #loops: PlanLoops | undefined
  readonly #idText: Buffer
  #count = 0

  /** `loops` are those of WebAssembly over this memory. */
  constructor(
    memory: IdTableMemory,
    loops = memory.wasmMemory && instantiatePlanLoops(memory.wasmMemory),
  ) {
    const { ids, slots, fanout, sortedCount, idBytes } = memory
    this.memory = memory
    this.#loops = loops
    this.#idText = Buffer.from(ids.buffer, ids.byteOffset, ids.length)
    loops?.setIds(
      ids.byteOffset,
      slots.byteOffset,
      slots.length,
      fanout.byteOffset,
      idBytes,
      sortedCount[0] ?? 0,
    )
  }

  /** Creates a table with room for `maxIds` IDs of 20 (SHA-1) or 32 (SHA-256) bytes. */
  static withRoom(
    maxIds: number,
    idBytes: number,
    { allocate, wasm }: PlanMemory = plainMemory(),
  ): IdTable {
    return new IdTable(
      {
        idBytes,
        ids: allocate(Uint8Array, maxIds * idBytes),
        slots: allocate(Int32Array, slotCountFor(maxIds)),
        fanout: allocate(Int32Array, wasm === undefined ? 0 : FANOUT_LENGTH),
        sortedCount: allocate(Int32Array, 1),
        wasmMemory: wasm?.memory,
      },
      wasm?.loops,
    )
  }

  /** Returns how many bytes a table with this much room takes. */
  static bytesFor(maxIds: number, idBytes: number): number {
    return maxIds * idBytes + 4 * (slotCountFor(maxIds) + FANOUT_LENGTH + 1)
  }

  /** The loops of assembly/plan.ts over this table, when there are any. */
  get loops(): PlanLoops | undefined {
    return this.#loops
  }

  /** The number of IDs that this thread has added. */
  get count(): number {
    return this.#count
  }

  /**
   * Returns the number of the ID at `at`, and adds the ID when it is new. Throws PackSurprise when
   * more IDs share a slot than chance explains: somebody chose them.
   */
  add(bytes: Uint8Array, at: number): number {
    const { ids, slots, idBytes } = this.memory
    const found = this.#loops === undefined ? -1 : this.find(bytes, at)
    if (found >= 0) return found
    const slot = this.#slotOf(bytes, at)
    if (slot < 0) throw tooManyInOneSlot()
    const foundInSlot = (slots[slot] ?? 0) - 1
    if (foundInSlot >= 0) return foundInSlot
    const number = this.#count
    for (let byte = 0; byte < idBytes; byte += 1)
      ids[number * idBytes + byte] = bytes[at + byte] ?? 0
    slots[slot] = number + 1
    this.#count += 1
    return number
  }

  /**
   * Adds as many IDs as `numbers` has room for, the first at `at` and each `step` bytes behind the
   * one before, and writes their numbers. Throws PackSurprise as `add` does.
   */
  addAll(
    bytes: Uint8Array,
    { at, step }: { readonly at: number; readonly step: number },
    numbers: Int32Array,
  ): void {
    const { ids, idBytes } = this.memory
    const count = numbers.length
    if (
      this.#loops === undefined ||
      numbers.buffer !== ids.buffer ||
      (this.#count + count) * idBytes > ids.length
    ) {
      for (let place = 0; place < count; place += 1)
        numbers[place] = this.add(bytes, at + step * place)
      return
    }
    const unused = ids.subarray(this.#count * idBytes)
    if (step === idBytes) unused.set(bytes.subarray(at, at + step * count))
    else
      for (let place = 0; place < count; place += 1) {
        const from = at + step * place
        unused.set(bytes.subarray(from, from + idBytes), idBytes * place)
      }
    if (this.#count === 0 && this.#loops.addSortedIds(count, numbers.byteOffset) === 1)
      this.#count = this.memory.sortedCount[0] = count
    else this.#count = this.#loops.addIds(this.#count, count, numbers.byteOffset)
    if (this.#count < 0) throw tooManyInOneSlot()
  }

  /** Returns the number of the ID at `at`, or -1. */
  find(bytes: Uint8Array, at: number): number {
    // An ID of 20 bytes has five words; the loops do not look at the other three.
    const word = (place: number): number => wordAt(bytes, at + 4 * place)
    if (this.#loops !== undefined)
      return this.#loops.find(
        word(0),
        word(1),
        word(2),
        word(3),
        word(4),
        word(5),
        word(6),
        word(7),
      )
    const slot = this.#slotOf(bytes, at)
    return slot < 0 ? -1 : (this.memory.slots[slot] ?? 0) - 1
  }

  /** Returns the ID with this number in hexadecimal. */
  idOf(number: number): string {
    const { idBytes } = this.memory
    return this.#idText.toString('hex', number * idBytes, (number + 1) * idBytes)
  }

  #isIdAt(number: number, bytes: Uint8Array, at: number): boolean {
    const { ids, idBytes } = this.memory
    const from = number * idBytes
    for (let byte = 0; byte < idBytes; byte += 1)
      if (ids[from + byte] !== bytes[at + byte]) return false
    return true
  }

  /** Returns the slot that has the ID, or is free for it; -1 when all its slots have other IDs. */
  #slotOf(bytes: Uint8Array, at: number): number {
    const { slots } = this.memory
    const firstBits =
      ((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)
    let slot = firstBits >>> (Math.clz32(slots.length) + 1)
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const number = (slots[slot] ?? 0) - 1
      if (number < 0 || this.#isIdAt(number, bytes, at)) return slot
      slot = slot + 1 === slots.length ? 0 : slot + 1
    }
    return -1
  }
}

/** Returns a power of two that is at least twice the number of IDs. */
function slotCountFor(ids: number): number {
  return 1 << Math.max(4, 33 - Math.clz32(ids))
}

function tooManyInOneSlot(): PackSurprise {
  return new PackSurprise('too many object IDs begin alike')
}
