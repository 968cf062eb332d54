import { BatchParser } from '../objects/cat-file.ts'
import type { Ref } from '../commands/refs.ts'
import { type GitCall, readGit } from '../commands/run.ts'
import { treeEntries } from '../objects/tree.ts'
import type { Lookup } from './commit-details.ts'
import { FOLDER, kindOf } from './history/entries.ts'

/**
 * The same refs, with tags between the first and the end of a chain of tags: git itself names only
 * both ends.
 */
export async function withInnerTags(refs: readonly Ref[], call: GitCall): Promise<readonly Ref[]> {
  const tagged = await taggedTags(
    call,
    refs.flatMap(({ ids }) => (ids.length > 1 ? ids.slice(0, 1) : [])),
  )
  return refs.map(({ name, ids }) => {
    const all = [...ids]
    for (let id = tagged.get(ids[0] ?? ''); id !== undefined; id = tagged.get(id)) all.push(id)
    return { name, ids: all }
  })
}

/** Of tags that tag tags, which. */
async function taggedTags(
  call: GitCall,
  tags: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const tagged = new Map<string, string>()
  const read = new Set<string>()
  for (let ids = tags; ids.length > 0; ) {
    const inner: string[] = []
    const output = await readGit({
      ...call,
      args: ['cat-file', '--batch', '--buffer'],
      input: [`${ids.join('\n')}\n`],
    })
    // There can be thousands, and hardly ever one of another.
    if (!output.includes('\ntype tag\n')) break
    for (const object of new BatchParser().push(output)) {
      const found =
        'missing' in object
          ? null
          : /^object ([0-9a-f]+)\ntype tag\n/.exec(Buffer.from(object.bytes).toString('latin1'))
      if (found?.[1] === undefined) continue
      tagged.set(object.id, found[1])
      inner.push(found[1])
    }
    for (const id of ids) read.add(id)
    ids = inner.filter((id) => !read.has(id))
  }
  return tagged
}

/**
 * For trees, such as refs lead to without a commit: what each holds, at whatever depth. Each is
 * read once, a level at a time.
 */
export async function objectsWithin(
  trees: readonly string[],
  idBytes: number,
  { reader, signal, onSkip }: Lookup,
): Promise<(tree: string) => ReadonlySet<string>> {
  const held = new Map<string, readonly string[]>()
  for (let ids = [...new Set(trees)]; ids.length > 0; ) {
    const folders = new Set<string>()
    for await (const batch of reader.readObjects(ids, signal)) {
      for (const object of batch) {
        if ('outcome' in object) {
          // What refs lead to and is not there is known from the scan itself.
          if (object.object === undefined) onSkip(object)
        } else if (object.kind === 'tree' && object.start === 0) {
          const entries = [...treeEntries(Buffer.from(object.bytes), idBytes)]
          held.set(
            object.id,
            entries.map((entry) => entry.id),
          )
          for (const entry of entries)
            if (kindOf(Number.parseInt(entry.mode, 8)) === FOLDER) folders.add(entry.id)
        }
      }
    }
    ids = [...folders].filter((id) => !held.has(id))
  }
  return (tree) => {
    const found = new Set([tree])
    for (const id of found) for (const below of held.get(id) ?? []) found.add(below)
    return found
  }
}
