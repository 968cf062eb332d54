import { grown } from '../index/byte-strings.ts'

/**
 * What an entry of a tree is, as far as git tells: files it runs and files it does not, and CONTENT
 * for what is in a folder.
 */
const FILE = 0
const PROGRAM = 1
const SYMLINK = 2
const SUBMODULE = 3
export const FOLDER = 4
export const CONTENT = 5

/**
 * `100755` → PROGRAM. Git takes what it does not know for a submodule, and of permissions it knows
 * one.
 */
export function kindOf(mode: number): number {
  const type = mode & 0o170000
  if (type === 0o100000) return (mode & 0o100) === 0 ? FILE : PROGRAM
  if (type === 0o120000) return SYMLINK
  return type === 0o040000 ? FOLDER : SUBMODULE
}

/**
 * A name, a kind and a target (the number of a wanted object, for CONTENT that of a tree), each
 * such entry once and by number.
 */
export class Entries {
  #fields = new Int32Array(3 << 8)
  #slots = new Int32Array(1 << 9)
  #count = 0

  numberOf(name: number, kind: number, target: number): number {
    const mask = this.#slots.length - 1
    let slot = hashOf(name, kind, target) & mask
    for (let known = this.#slots[slot] ?? 0; known > 0; known = this.#slots[slot] ?? 0) {
      const at = 3 * (known - 1)
      if (
        this.#fields[at + 2] === target &&
        this.#fields[at] === name &&
        this.#fields[at + 1] === kind
      )
        return known - 1
      slot = (slot + 1) & mask
    }
    const number = this.#count
    if (3 * number + 3 > this.#fields.length) this.#fields = grown(this.#fields, 3 * number + 3)
    this.#fields[3 * number] = name
    this.#fields[3 * number + 1] = kind
    this.#fields[3 * number + 2] = target
    this.#slots[slot] = number + 1
    this.#count = number + 1
    if (this.#count * 2 > this.#slots.length) this.#spread()
    return number
  }

  nameOf(entry: number): number {
    return this.#fields[3 * entry] ?? 0
  }

  kindOf(entry: number): number {
    return this.#fields[3 * entry + 1] ?? 0
  }

  targetOf(entry: number): number {
    return this.#fields[3 * entry + 2] ?? 0
  }

  #spread(): void {
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
