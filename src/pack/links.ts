import type { ObjectKind } from '../model.ts'
import { GAP } from './kernel.ts'

/** Which objects there are, by the bytes of their names. */
export interface Known {
  readonly idBytes: number
  /** Where the object with the name at `at` is. */
  whereIs(bytes: Uint8Array, at: number): 'pack' | 'loose' | undefined
}

/** An entry of a tree with the longest name that a file system has, and a SHA-256 name. */
export const LONGEST_ENTRY_BYTES = 320

/** Names seen lately: most entries of a tree were in the version before. */
const LATELY = 1 << 14

/** Of the modes a tree's entries have: `40000 `, `100644 `, `100755 `, `100664 `, `120000 `, `160000 `. */
const DIGIT_4 = 0x34
const DIGIT_1 = 0x31
const DIGIT_6 = 0x36
const SPACE = 0x20

/**
 * Checks that all that objects refer to is there. It may say no where that is so, since a part of a tree can be misread,
 * but never yes where it is not: then git is asked, who walks.
 */
export class LinkCheck {
  readonly #known: Known
  readonly #lately = new Int32Array(LATELY * 2)
  readonly #outside = new Set<string>()
  #linked = true

  constructor(known: Known) {
    this.#known = known
  }

  /** Names of objects in no pack that were referred to since this was asked last. */
  takeOutside(): readonly string[] {
    const outside = [...this.#outside]
    this.#outside.clear()
    return outside
  }

  /** Was everything found since this was asked last? */
  takeLinked(): boolean {
    const linked = this.#linked
    this.#linked = true
    return linked
  }

  /** Looks at a whole object, or at what a dirty stream has of it. */
  follow(bytes: Uint8Array, kind: ObjectKind, whole: boolean): void {
    if (kind === 'tree') this.#followTree(bytes, whole)
    else if (kind !== 'blob') this.#followHeader(bytes)
  }

  /**
   * `tree 41a1…\nparent 3b18…\nauthor …` of a commit and `object 41a1…\ntype commit` of a tag: names in hexadecimal come
   * before anything else.
   */
  #followHeader(bytes: Uint8Array): void {
    const digits = this.#known.idBytes * 2
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = 0
    for (;;) {
      const space = text.indexOf(SPACE, at)
      const word = space < 0 || space - at > 6 ? '' : text.toString('latin1', at, space)
      if (word !== 'tree' && word !== 'parent' && word !== 'object') break
      const id = Buffer.from(text.toString('latin1', space + 1, space + 1 + digits), 'hex')
      if (id.length * 2 !== digits || !this.#isKnown(id, 0)) this.#linked = false
      at = space + 1 + digits + 1
    }
    // Names of the object's own author come behind the links; where neither stands, some of them may have been left out.
    const next = text.toString('latin1', at, at + 7)
    if (at === 0 || (next !== 'author ' && !next.startsWith('type '))) this.#linked = false
  }

  /**
   * `100644 .env\0` and 20 bytes, again and again. Where something was left out of a tree, the entry that is cut there was
   * in the version before, and the next whole one is looked for.
   */
  #followTree(bytes: Uint8Array, whole: boolean): void {
    const { idBytes } = this.#known
    let aligned = true
    let skipped = 0
    for (let at = 0; at < bytes.length; ) {
      const space = modeEnd(bytes, at)
      const nul = space < 0 ? -1 : nameEnd(bytes, space + 1)
      const next = nul + 1 + idBytes
      const sound = nul >= 0 && next <= bytes.length
      // `160000`: a commit of another repository.
      const linked = sound && (bytes[at + 1] === DIGIT_6 || this.#isThere(bytes, nul + 1))
      const cut = sound ? !linked && gapIn(bytes, nul + 1, next) : nul !== PAST_END
      if (!linked && (whole || (aligned && !cut))) this.#linked = false
      if (linked || (sound && !cut)) {
        aligned = true
        skipped = 0
        at = next
      } else {
        aligned = false
        skipped = isGap(bytes, at) ? 0 : skipped + 1
        at += 1
      }
      // A cut entry is shorter than that, or so long that where it is new was not seen.
      if (skipped > LONGEST_ENTRY_BYTES + GAP.length) this.#linked = false
    }
  }

  #isKnown(bytes: Uint8Array, at: number): boolean {
    const where = this.#known.whereIs(bytes, at)
    if (where === 'loose') this.#outside.add(Buffer.from(bytes.subarray(at, at + this.#known.idBytes)).toString('hex'))
    return where !== undefined
  }

  #isThere(bytes: Uint8Array, at: number): boolean {
    const one = wordAt(bytes, at)
    const two = wordAt(bytes, at + 4)
    const place = 2 * (one & (LATELY - 1))
    if (this.#lately[place] === one && this.#lately[place + 1] === two) return true
    if (!this.#isKnown(bytes, at)) return false
    this.#lately[place] = one
    this.#lately[place + 1] = two
    return true
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
}

const PAST_END = -2

/** Where the NUL behind a name stands; -1 when something was left out before it, PAST_END when there is none. */
function nameEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    if (bytes[at] === 0) return at
    if (bytes[at] === 0xff && isGap(bytes, at)) return -1
  }
  return PAST_END
}

function gapIn(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from - GAP.length + 1; at < to; at += 1) if (isGap(bytes, at)) return true
  return false
}

function isGap(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xff && bytes[at + 1] === 0xff && bytes[at + 2] === 0xff && bytes[at + 3] === 0xff
}

/** Where the space behind a mode stands, if one begins here, else -1. */
function modeEnd(bytes: Uint8Array, at: number): number {
  const first = bytes[at]
  if (first === DIGIT_4) return bytes[at + 5] === SPACE && bytes[at + 1] === 0x30 && bytes[at + 2] === 0x30 ? at + 5 : -1
  return first === DIGIT_1 && bytes[at + 6] === SPACE && isDigits(bytes, at + 1, at + 6) ? at + 6 : -1
}

function isDigits(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if ((bytes[at] ?? 0) < 0x30 || (bytes[at] ?? 0) > 0x37) return false
  return true
}
