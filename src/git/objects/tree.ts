/** An entry of a tree object. */
export interface TreeEntry {
  readonly mode: string
  readonly name: Buffer
  readonly id: string
}

/**
 * Entries of a raw tree: `100644 .env\0` followed by the 20 (SHA-1) or 32 (SHA-256) bytes of the
 * object's name, again and again. Stops at the first entry that is not one.
 */
export function* treeEntries(tree: Buffer, idBytes: number): Generator<TreeEntry> {
  for (let from = 0; from < tree.length; ) {
    const space = tree.indexOf(0x20, from)
    const nul = space < 0 ? -1 : tree.indexOf(0, space)
    const end = nul + 1 + idBytes
    if (nul < 0 || end > tree.length) return
    yield {
      mode: tree.toString('latin1', from, space),
      name: tree.subarray(space + 1, nul),
      id: tree.toString('hex', nul + 1, end),
    }
    from = end
  }
}

const FILE_MODES = ['100644 ', '100755 ', '100664 ']
const MAX_NAME = 4096

/**
 * The entry of a file whose name has the byte at an offset, found without reading the tree from its
 * start; undefined when there is none. `treeEntries` says what an entry is.
 */
export function fileEntryAround(
  tree: Buffer,
  offset: number,
  idBytes: number,
): TreeEntry | undefined {
  const from = Math.max(0, offset - MAX_NAME)
  const before = tree.subarray(from, offset)
  const mode = FILE_MODES.reduce((best, text) => Math.max(best, before.lastIndexOf(text)), -1)
  const nul = tree.indexOf(0, offset)
  const end = nul + 1 + idBytes
  if (mode < 0 || nul < 0 || end > tree.length) return undefined
  const name = tree.subarray(from + mode + 7, nul)
  // A NUL between the mode and here: that was the entry before.
  return name.includes(0)
    ? undefined
    : {
        mode: tree.toString('latin1', from + mode, from + mode + 6),
        name,
        id: tree.toString('hex', nul + 1, end),
      }
}
