/**
 * The object IDs that trees, commits and tags refer to, read from their raw bytes for the
 * connectivity check: the parsers in TypeScript, and access to what `assembly/` has parsed.
 */
import type { WasmInstance } from '../../wasm/instantiate.ts'
import { readHex } from '../../objects/bytes.ts'

const DIGIT_0 = 0x30
const DIGIT_1 = 0x31
const DIGIT_4 = 0x34
const DIGIT_6 = 0x36
const DIGIT_7 = 0x37
const SPACE = 0x20

/**
 * Returns the offset behind the tree entry that begins at `at` (`100644 a.txt\0` and the bytes of
 * an ID), or -1 when no entry begins there. Git refuses a tree that has an entry without a name.
 */
export function treeEntryEnd(bytes: Uint8Array, at: number, idBytes: number): number {
  const space = modeEnd(bytes, at)
  const nul = space < 0 ? -1 : bytes.indexOf(0, space)
  const end = nul + 1 + idBytes
  return nul <= space + 1 || end > bytes.length ? -1 : end
}

/** True when the tree entry at `at` has mode `160000`: its ID is a commit of another repository. */
export function isSubmodule(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === DIGIT_6
}

/**
 * Returns the offset of the space behind the mode that begins at `at`, or -1. Modes of tree entries
 * are `40000`, `040000`, `100644`, `100755`, `100664`, `120000` and `160000`.
 */
function modeEnd(bytes: Uint8Array, at: number): number {
  const first = bytes[at]
  // Some programs wrote a zero before the mode of a folder.
  if (first === DIGIT_0 && bytes[at + 1] === DIGIT_4) return modeEnd(bytes, at + 1)
  if (first === DIGIT_4)
    return bytes[at + 5] === SPACE && bytes[at + 1] === DIGIT_0 && bytes[at + 2] === DIGIT_0
      ? at + 5
      : -1
  return first === DIGIT_1 && bytes[at + 6] === SPACE && isOctal(bytes, at + 1, at + 6)
    ? at + 6
    : -1
}

function isOctal(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1)
    if ((bytes[at] ?? 0) < DIGIT_0 || (bytes[at] ?? 0) > DIGIT_7) return false
  return true
}

/** Header fields of commits and tags that hold an object ID. */
const LINK_FIELDS = ['tree ', 'parent ', 'object '].map((word) => Buffer.from(word))
/** The fields that follow the last link: `author` in a commit, `type` in a tag. */
const AUTHOR = Buffer.from('author ')
const TYPE = Buffer.from('type ')

/**
 * Reads the IDs at the start of a commit (`tree 41a1…\nparent 3b18…\nauthor …`) or of a tag
 * (`object 41a1…\ntype commit`). Writes each ID to `id` and calls `isKnown`. Returns false when
 * `isKnown` did once, or when the header is not as git writes it and may have further links.
 */
export function headerLinksKnown(
  bytes: Uint8Array,
  id: Uint8Array,
  isKnown: () => boolean,
): boolean {
  let allKnown = true
  let at = 0
  for (let field = linkFieldAt(bytes, at); field !== undefined; field = linkFieldAt(bytes, at)) {
    if (!readHex(bytes, at + field.length, id) || !isKnown()) allKnown = false
    at += field.length + 2 * id.length + 1
  }
  return allKnown && at > 0 && (standsAt(bytes, at, AUTHOR) || standsAt(bytes, at, TYPE))
}

function linkFieldAt(bytes: Uint8Array, at: number): Uint8Array | undefined {
  return LINK_FIELDS.find((field) => standsAt(bytes, at, field))
}

function standsAt(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let place = 0; place < word.length; place += 1)
    if (bytes[at + place] !== word[place]) return false
  return true
}

/** Bytes from one ID of a header to the next, in the memory of `assembly/header-links.ts`. */
const HEADER_ID_STEP = 32

/**
 * The links that `assembly/links.ts` found in the object that it reports with `followLinks`. They
 * are valid until it reports the next object.
 */
export class WasmLinks {
  readonly #instance: WasmInstance

  /**
   * Lets `assembly/` look in trees for names with one of the fragments, each of three bytes or
   * more. Entries with the same name and object are reported once or a few times.
   */
  constructor(instance: WasmInstance, nameFragments: readonly string[]) {
    this.#instance = instance
    instance.loops.forgetRecent()
    for (const fragment of nameFragments)
      instance.loops.addNameFragment(
        fragment.charCodeAt(0) | (fragment.charCodeAt(1) << 8) | (fragment.charCodeAt(2) << 16),
      )
  }

  /**
   * Returns offsets in a tree: of `count` IDs of objects that are in no pack, and of bytes in names
   * that may be one of the fragments.
   */
  inTree(count: number): { readonly ids: Uint32Array; readonly fragments: Uint32Array } {
    const { loops, memory } = this.#instance
    const { buffer } = memory()
    return {
      ids: new Uint32Array(buffer, loops.linkOffsets(), count),
      fragments: new Uint32Array(buffer, loops.fragmentOffsets(), loops.fragmentCount()),
    }
  }

  /** The IDs of a commit or a tag: the address of the first one, and the bytes to the next. */
  get inHeader(): { readonly bytes: Uint8Array; readonly from: number; readonly step: number } {
    return {
      bytes: this.#instance.memory(),
      from: this.#instance.loops.headerIds(),
      step: HEADER_ID_STEP,
    }
  }
}
