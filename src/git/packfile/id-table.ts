import { type PlanLoops, planLoops } from '../wasm/plan-loops.ts'
import { wordAt } from './entry-bytes.ts'
import type { KnownObjects } from './walk/connectivity-check.ts'
import { PackSurprise } from './pack-surprise.ts'
import { plainMemory, type PlanMemory } from './plan/plan-memory.ts'

/**
 * A name is in one of so many slots. Names are hashes: by chance a hundred slots in a row are
 * taken, if half of millions are.
 */
const MAX_STEPS = 256

/** The memory of a table, to be shared between threads. */
export interface IdTableMemory {
  readonly idBytes: number
  readonly ids: Uint8Array
  readonly slots: Int32Array
  /**
   * For the loops, if there are some: what all of it is in, and by their first 16 bits where names
   * are that were added in order.
   */
  readonly shared: WebAssembly.SharedMemory | undefined
  readonly fanout: Int32Array
  /** So many of them were. */
  readonly inOrder: Int32Array
}

/** By 16 bits, and behind the last. */
const FANOUT = 65_537

/** Says where objects are: names below `packed` are those of packs. */
export function knownIn(names: IdTable, packed: number): KnownObjects {
  return {
    idBytes: names.memory.idBytes,
    table: names.loops && { find: names.loops.find, packed },
    whereIs(bytes, at) {
      const number = names.find(bytes, at)
      return number < 0 ? undefined : number < packed ? 'pack' : 'loose'
    },
  }
}

/**
 * Names of objects as bytes, numbered in the order they were added: half a million SHA-1 names take
 * 14 MB. They are hashes, so their own first bits say where to look for them, and names that are
 * added in their order, as in an index, go to one place after the other. Threads may look into the
 * same table once it is filled.
 */
export class IdTable {
  readonly memory: IdTableMemory
  readonly #loops: PlanLoops | undefined
  #count = 0
  readonly #text: Buffer

  /** `loops`: over the table's memory, if there are some already. */
  constructor(memory: IdTableMemory, loops = memory.shared && planLoops(memory.shared)) {
    const { ids, slots, fanout, inOrder, idBytes } = memory
    this.memory = memory
    this.#loops = loops
    this.#text = Buffer.from(ids.buffer, ids.byteOffset, ids.length)
    loops?.setIds(
      ids.byteOffset,
      slots.byteOffset,
      slots.length,
      fanout.byteOffset,
      idBytes,
      inOrder[0] ?? 0,
    )
  }

  /** A table with room for so many names of 20 (SHA-1) or 32 (SHA-256) bytes. */
  static withRoom(
    most: number,
    idBytes: number,
    { take, fast }: PlanMemory = plainMemory(),
  ): IdTable {
    return new IdTable(
      {
        idBytes,
        ids: take(Uint8Array, most * idBytes),
        slots: take(Int32Array, slotsFor(most)),
        fanout: take(Int32Array, fast === undefined ? 0 : FANOUT),
        inOrder: take(Int32Array, 1),
        shared: fast?.memory,
      },
      fast?.loops,
    )
  }

  /** Bytes of a table with so much room. */
  static bytesFor(most: number, idBytes: number): number {
    return most * idBytes + 4 * (slotsFor(most) + FANOUT + 1)
  }

  /** Those of assembly/plan.ts, if they can work on this table. */
  get loops(): PlanLoops | undefined {
    return this.#loops
  }

  /** Names added by this thread. */
  get count(): number {
    return this.#count
  }

  /**
   * The number of the name at `at`, which is added if it was not there. Throws PackSurprise for
   * names that someone chose to meet in one place.
   */
  add(bytes: Uint8Array, at: number): number {
    const { ids, slots, idBytes } = this.memory
    const found = this.#loops === undefined ? -1 : this.find(bytes, at)
    if (found >= 0) return found
    const slot = this.#slotOf(bytes, at)
    if (slot < 0) throw tooMuchAlike()
    const known = (slots[slot] ?? 0) - 1
    if (known >= 0) return known
    const number = this.#count
    for (let byte = 0; byte < idBytes; byte += 1)
      ids[number * idBytes + byte] = bytes[at + byte] ?? 0
    slots[slot] = number + 1
    this.#count += 1
    return number
  }

  /**
   * Adds so many names at once, `step` bytes apart from each other, and writes the number of each.
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
    const free = ids.subarray(this.#count * idBytes)
    if (step === idBytes) free.set(bytes.subarray(at, at + step * count))
    else
      for (let place = 0; place < count; place += 1)
        free.set(bytes.subarray(at + step * place, at + step * place + idBytes), idBytes * place)
    if (this.#count === 0 && this.#loops.addInOrder(count, numbers.byteOffset) === 1)
      this.#count = this.memory.inOrder[0] = count
    else this.#count = this.#loops.addIds(this.#count, count, numbers.byteOffset)
    if (this.#count < 0) throw tooMuchAlike()
  }

  /** The number of the name at `at`, or -1. */
  find(bytes: Uint8Array, at: number): number {
    // A shorter name has fewer words, and what comes behind it is not looked at.
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

  /** In hexadecimal. */
  nameOf(number: number): string {
    const { idBytes } = this.memory
    return this.#text.toString('hex', number * idBytes, (number + 1) * idBytes)
  }

  #isNamed(number: number, bytes: Uint8Array, at: number): boolean {
    const { ids, idBytes } = this.memory
    const from = number * idBytes
    for (let byte = 0; byte < idBytes; byte += 1)
      if (ids[from + byte] !== bytes[at + byte]) return false
    return true
  }

  /** Where the name is, or belongs; -1 where others have taken all slots that it may be in. */
  #slotOf(bytes: Uint8Array, at: number): number {
    const { slots } = this.memory
    const first =
      ((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)
    let slot = first >>> (Math.clz32(slots.length) + 1)
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const number = (slots[slot] ?? 0) - 1
      if (number < 0 || this.#isNamed(number, bytes, at)) return slot
      slot = slot + 1 === slots.length ? 0 : slot + 1
    }
    return -1
  }
}

/** Twice as many as names at least, and a power of two. */
function slotsFor(names: number): number {
  return 1 << Math.max(4, 33 - Math.clz32(names))
}

function tooMuchAlike(): PackSurprise {
  return new PackSurprise('names of objects are too much alike')
}
