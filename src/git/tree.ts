/** An entry of a tree object. */
export interface TreeEntry {
  readonly mode: string
  readonly name: Buffer
  readonly id: string
}

/**
 * Entries of a raw tree: `100644 .env\0` followed by the 20 (SHA-1) or 32 (SHA-256) bytes of the object's name, again
 * and again. Stops at the first entry that is not one.
 */
export function* treeEntries(tree: Buffer, idBytes: number): Generator<TreeEntry> {
  for (let from = 0; from < tree.length; ) {
    const space = tree.indexOf(0x20, from)
    const nul = space < 0 ? -1 : tree.indexOf(0, space)
    const end = nul + 1 + idBytes
    if (nul < 0 || end > tree.length) return
    yield { mode: tree.toString('latin1', from, space), name: tree.subarray(space + 1, nul), id: tree.toString('hex', nul + 1, end) }
    from = end
  }
}
