/** Entries of trees by number, and their kinds. */
import { grown } from '../index/byte-strings.ts'

/** Kinds of entries that git distinguishes. CONTENT stands for the content of a folder. */
const FILE = 0
const PROGRAM = 1
const SYMLINK = 2
const SUBMODULE = 3
export const FOLDER = 4
export const CONTENT = 5

/**
 * Returns the kind of an entry: mode `100755` is PROGRAM. Like git it takes an unknown type for a
 * submodule, and looks at the owner's execute permission only.
 */
export function kindOf(mode: number): number {
  const type = mode & 0o170000
  if (type === 0o100000) return (mode & 0o100) === 0 ? FILE : PROGRAM
  if (type === 0o120000) return SYMLINK
  return type === 0o040000 ? FOLDER : SUBMODULE
}

/** Numbers in the fields of an entry. */
const FIELDS = 3

/**
 * Distinct entries by number. An entry is the number of a name, a kind, and a target: the number of
 * a wanted object or, for CONTENT, of a tree.
 */
export class Entries {
  #fields = new Int32Array(FIELDS << 8)
  /** Hash table with open addressing: an entry's number + 1, or 0 for a free slot. */
  #slots = new Int32Array(1 << 9)
  #count = 0

  /** Returns the number of an entry, which is added when it is new. */
  numberOf(name: number, kind: number, target: number): number {
    const mask = this.#slots.length - 1
    let slot = hashOf(name, kind, target) & mask
    for (let occupant = this.#slots[slot] ?? 0; occupant > 0; occupant = this.#slots[slot] ?? 0) {
      const at = FIELDS * (occupant - 1)
      if (
        this.#fields[at + 2] === target &&
        this.#fields[at] === name &&
        this.#fields[at + 1] === kind
      )
        return occupant - 1
      slot = (slot + 1) & mask
    }
    const number = this.#count
    const at = FIELDS * number
    if (at + FIELDS > this.#fields.length) this.#fields = grown(this.#fields, at + FIELDS)
    this.#fields[at] = name
    this.#fields[at + 1] = kind
    this.#fields[at + 2] = target
    this.#slots[slot] = number + 1
    this.#count = number + 1
    if (this.#count * 2 > this.#slots.length) this.#rehash()
    return number
  }

  nameOf(entry: number): number {
    return this.#fields[FIELDS * entry] ?? 0
  }

  kindOf(entry: number): number {
    return this.#fields[FIELDS * entry + 1] ?? 0
  }

  targetOf(entry: number): number {
    return this.#fields[FIELDS * entry + 2] ?? 0
  }

  #rehash(): void {
    const mask = this.#slots.length * 2 - 1
    this.#slots = new Int32Array(mask + 1)
    for (let number = 0; number < this.#count; number += 1) {
      let slot = hashOf(this.nameOf(number), this.kindOf(number), this.targetOf(number)) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = number + 1
    }
  }
}

function hashOf(name: number, kind: number, target: number): number {
  const hash = Math.imul(Math.imul(name, 0x9e3779b1) ^ target, 0x85ebca6b) + kind
  return hash ^ (hash >>> 15)
}
