/**
 * The parser of raw tree objects. A tree is a sequence of entries, and an entry is
 * `100644 .env\0` followed by the 20 (SHA-1) or 32 (SHA-256) bytes of the object's id.
 */

const SPACE = 0x20
const DIGIT_1 = 0x31
const DIGIT_4 = 0x34

/** The most bytes of a mode together with the space behind it. */
const MAX_MODE_BYTES = 8

/**
 * Walks the entries of a raw tree by offsets. Every tree of a history may pass through here, so
 * nothing is allocated for an entry.
 */
export class TreeCursor {
  /** Offset of the current entry, which begins with its mode. */
  modeStart = 0
  /** Offset of the current entry's name. */
  nameStart = 0
  /** Offset of the NUL behind the current entry's name; the object's id follows the NUL. */
  nameEnd = 0
  /** Offset behind the current entry. After the walk: where the first incomplete entry begins. */
  end: number
  /** True when the walk ended at bytes that cannot be an entry, however many would follow. */
  isMalformed = false
  readonly #bytes: Uint8Array
  readonly #idBytes: number

  constructor(bytes: Uint8Array, idBytes: number, from = 0) {
    this.#bytes = bytes
    this.#idBytes = idBytes
    this.end = from
  }

  /** Moves to the next entry. Returns false behind the last complete one. */
  next(): boolean {
    const bytes = this.#bytes
    const start = this.end
    if (start >= bytes.length) return false
    const nameStart = this.#nameStartOf(start)
    if (nameStart < 0) return false
    const nul = nulFrom(bytes, nameStart)
    if (nul + 1 + this.#idBytes > bytes.length) return false
    this.modeStart = start
    this.nameStart = nameStart
    this.nameEnd = nul
    this.end = nul + 1 + this.#idBytes
    return true
  }

  /** The current entry's mode as a number: `100644` is 0o100644. */
  get mode(): number {
    let mode = 0
    for (let at = this.modeStart; at < this.nameStart - 1; at += 1)
      mode = mode * 8 + (this.#bytes[at] ?? 0) - 0x30
    return mode
  }

  #nameStartOf(start: number): number {
    const bytes = this.#bytes
    const first = bytes[start]
    if (first === DIGIT_1 && bytes[start + 6] === SPACE) return start + 7
    if (first === DIGIT_4 && bytes[start + 5] === SPACE) return start + 6
    const space = bytes.subarray(start, start + MAX_MODE_BYTES).indexOf(SPACE)
    if (space >= 0) return start + space + 1
    this.isMalformed = bytes.length - start >= MAX_MODE_BYTES
    return -1
  }
}

/**
 * Returns the offset of the next NUL, or the end of the bytes. Compares four bytes a round, since
 * the loop itself costs as much as a comparison.
 */
function nulFrom(bytes: Uint8Array, from: number): number {
  const end = bytes.length
  let at = from
  for (; at + 3 < end; at += 4) {
    if (bytes[at] === 0) return at
    if (bytes[at + 1] === 0) return at + 1
    if (bytes[at + 2] === 0) return at + 2
    if (bytes[at + 3] === 0) return at + 3
  }
  while (at < end && bytes[at] !== 0) at += 1
  return at
}

/** An entry of a tree object. */
export interface TreeEntry {
  readonly mode: string
  readonly name: Buffer
  readonly id: string
}

/** Yields the entries of a raw tree. Stops at the first incomplete or malformed entry. */
export function* treeEntries(tree: Buffer, idBytes: number): Generator<TreeEntry> {
  const cursor = new TreeCursor(tree, idBytes)
  while (cursor.next()) yield entryOf(tree, cursor)
}

function entryOf(tree: Buffer, { modeStart, nameStart, nameEnd, end }: TreeCursor): TreeEntry {
  return {
    mode: tree.toString('latin1', modeStart, nameStart - 1),
    name: tree.subarray(nameStart, nameEnd),
    id: tree.toString('hex', nameEnd + 1, end),
  }
}

/** Returns the entry that covers an offset of a raw tree, read from the tree's start. */
export function entryAtOffset(
  tree: Buffer,
  offset: number,
  idBytes: number,
): TreeEntry | undefined {
  const cursor = new TreeCursor(tree, idBytes)
  while (cursor.next()) if (cursor.end > offset) return entryOf(tree, cursor)
  return undefined
}

const FILE_MODES = ['100644 ', '100755 ', '100664 ']
const MAX_NAME_BYTES = 4096

/**
 * Returns the entry of a file whose name covers an offset, or undefined when there is none. Looks
 * back for the entry's mode instead of reading the tree from its start.
 */
export function fileEntryAround(
  tree: Buffer,
  offset: number,
  idBytes: number,
): TreeEntry | undefined {
  const from = Math.max(0, offset - MAX_NAME_BYTES)
  const before = tree.subarray(from, offset)
  const mode = FILE_MODES.reduce((best, text) => Math.max(best, before.lastIndexOf(text)), -1)
  if (mode < 0) return undefined
  const cursor = new TreeCursor(tree, idBytes, from + mode)
  // The offset lies behind the name when the mode found belongs to the previous entry.
  return cursor.next() && cursor.nameEnd >= offset ? entryOf(tree, cursor) : undefined
}
