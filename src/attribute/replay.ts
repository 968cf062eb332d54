import { eachNoted, type Noted, PREFIX_BYTES, Sign } from '../git/noted.ts'
import type { ByteStrings } from './byte-strings.ts'
import { NOTHING } from './entry-sets.ts'
import { ABSENT, type Trees } from './trees.ts'

/** How many of the bits of a prefix say where it would stand. */
const BITS = 16

interface Change {
  readonly gone: number[]
  readonly come: number[]
}

interface Range {
  readonly from: number
  readonly to: number
}

interface Into {
  readonly trees: Trees
  readonly wanted: ByteStrings
}

/** Takes what was noted of trees, each after what it is based on. Twin: `Trees.add`, by which each is read. */
export class Replay {
  readonly #noted: Noted
  readonly #trees: Trees
  /** First bytes of the names of wanted objects: by the first two which there are, and as numbers. */
  readonly #likely = new Uint8Array(1 << BITS)
  readonly #prefixes = new Set<number>()
  /** 1 for a tree that was noted, 2 for one of which that is not enough. */
  readonly #state: Uint8Array

  constructor(noted: Noted, { trees, wanted }: Into) {
    this.#noted = noted
    this.#trees = trees
    this.#state = new Uint8Array(noted.limit)
    for (let number = 0; number < wanted.count; number += 1) {
      const id = wanted.bytesOf(number)
      this.#likely[id.readUInt16LE(0)] = 1
      this.#prefixes.add(id.readUIntLE(0, PREFIX_BYTES))
    }
  }

  /** Calls for each commit with its name, and those of its tree and of its parents. */
  eachCommit(visit: (id: Uint8Array, links: Uint8Array) => void): void {
    const { names } = this.#noted
    eachNoted(this.#noted, (object, bytes, { from, to }) => {
      if (this.#noted.kindOf(object) !== 'commit') return
      const at = this.#noted.nameAt(object)
      visit(names.subarray(at, at + this.#trees.idBytes), bytes.subarray(from, to))
    })
  }

  /** Names of trees that have to be read: something that may be wanted came or went, or what they are based on was not noted. */
  unclear(): readonly string[] {
    const unclear: string[] = []
    eachNoted(this.#noted, (object, bytes, { from, to }) => {
      if (this.#noted.kindOf(object) !== 'tree') return
      const base = this.#noted.baseOf(object)
      const isBased = base < 0 || this.#state[base] !== 0
      const isEnough = isBased && !this.#mayHaveWanted(bytes, from, to)
      // Of what is based on it all the same is known what differs.
      if (isBased) this.#state[object] = isEnough ? 1 : 2
      if (!isEnough) unclear.push(this.#nameOf(object).toString('hex'))
    })
    return unclear
  }

  /** Gives all others what they hold, when those that are unclear were read. */
  takeTrees(): void {
    const { ids } = this.#trees
    const contents = new Int32Array(this.#noted.limit)
    eachNoted(this.#noted, (object, bytes, { from, to }) => {
      const state = this.#state[object] ?? 0
      if (state === 0) return
      const name = this.#nameOf(object)
      const tree = ids.numberOf(name, 0, name.length)
      if (state === 1) {
        const base = this.#noted.baseOf(object)
        const set = base < 0 ? NOTHING : (contents[base] ?? ABSENT)
        contents[object] = set === ABSENT ? ABSENT : this.#trees.change(tree, set, this.#changeIn(bytes, { from, to }, set))
      } else contents[object] = this.#trees.contentOf(tree)
    })
  }

  #nameOf(object: number): Buffer {
    const { names, nameAt } = this.#noted
    return Buffer.from(names.buffer, names.byteOffset + nameAt(object), this.#trees.idBytes)
  }

  #mayHaveWanted(bytes: Buffer, from: number, to: number): boolean {
    for (let at = from; at < to; ) {
      const sign = bytes[at] ?? 0
      if (isFolder(sign)) {
        at += 3 + bytes.readUInt16LE(at + 1)
        if (this.#trees.folders && this.#mayBeWanted(bytes, at - this.#trees.idBytes)) return true
      } else {
        const end = at + 1 + PREFIX_BYTES * sign
        for (at += 1; at < end; at += PREFIX_BYTES) if (this.#mayBeWanted(bytes, at)) return true
      }
    }
    return false
  }

  #mayBeWanted(bytes: Buffer, at: number): boolean {
    return this.#likely[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] === 1 && this.#prefixes.has(bytes.readUIntLE(at, PREFIX_BYTES))
  }

  /** What tells a tree from one that holds `set`. */
  #changeIn(bytes: Buffer, { from, to }: Range, set: number): Change {
    const change: Change = { gone: [], come: [] }
    for (let at = from; at < to; ) {
      const sign = bytes[at] ?? 0
      if (!isFolder(sign)) {
        at += 1 + PREFIX_BYTES * sign
        continue
      }
      const start = at + 3
      at = start + bytes.readUInt16LE(at + 1)
      const folder = this.#trees.folderOf(bytes, start, at)
      if (sign === Sign.gone) change.gone.push(folder)
      else change.come.push(folder)
      if (sign === Sign.changed) change.gone.push(...this.#trees.foldersLike(folder, set))
    }
    return change
  }
}

function isFolder(sign: number): boolean {
  return sign === Sign.changed || sign >= Sign.gone
}
