/** Completes refs with objects that `git show-ref` does not list. */
import type { Ref } from '../commands/refs.ts'
import { type GitCall, readGit } from '../commands/run.ts'
import { BatchParser } from '../objects/cat-file.ts'
import { headerFields } from '../objects/commit.ts'
import { TreeCursor } from '../objects/tree.ts'
import type { Lookup } from './commit-details.ts'
import { FOLDER, kindOf } from './history/entries.ts'

/**
 * Adds to refs the tags in the middle of a chain of tags. Git itself lists only the first tag and
 * the object at the end.
 */
export async function withInnerTags(refs: readonly Ref[], call: GitCall): Promise<readonly Ref[]> {
  const taggedTags = await readTaggedTags(
    call,
    refs.flatMap(({ ids }) => (ids.length > 1 ? ids.slice(0, 1) : [])),
  )
  return refs.map(({ name, ids }) => {
    const all = [...ids]
    let id = taggedTags.get(ids[0] ?? '')
    for (; id !== undefined; id = taggedTags.get(id)) all.push(id)
    return { name, ids: all }
  })
}

/** Returns, for each tag that tags another tag, the id of the other tag. */
async function readTaggedTags(
  call: GitCall,
  tags: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const taggedTags = new Map<string, string>()
  const visited = new Set<string>()
  for (let ids = tags; ids.length > 0; ) {
    const inner: string[] = []
    const output = await readGit({
      ...call,
      args: ['cat-file', '--batch', '--buffer'],
      input: [`${ids.join('\n')}\n`],
    })
    // There can be thousands of tags, and hardly ever one of another tag.
    if (!output.includes('\ntype tag\n')) break
    for (const object of new BatchParser().push(output)) {
      const target = 'missing' in object ? undefined : taggedTagIn(object.bytes)
      if (target === undefined) continue
      taggedTags.set(object.id, target)
      inner.push(target)
    }
    for (const id of ids) visited.add(id)
    ids = inner.filter((id) => !visited.has(id))
  }
  return taggedTags
}

/** Parses a tag that begins with `object 41a1…\ntype tag\n`. */
function taggedTagIn(raw: Uint8Array): string | undefined {
  const [object, type] = headerFields(raw)
  return object?.name === 'object' && type?.name === 'type' && type.value === 'tag'
    ? object.value
    : undefined
}

/**
 * Reads trees that refs point at without a commit, one level of folders at a time and each tree
 * once. The returned function lists the objects in such a tree, at any depth.
 */
export async function objectsWithin(
  trees: readonly string[],
  idBytes: number,
  { reader, signal, onSkip }: Lookup,
): Promise<(tree: string) => ReadonlySet<string>> {
  const objectsIn = new Map<string, readonly string[]>()
  for (let ids = [...new Set(trees)]; ids.length > 0; ) {
    const folders = new Set<string>()
    for await (const batch of reader.readObjects(ids, signal)) {
      for (const object of batch) {
        if ('outcome' in object) {
          // The scan itself reports objects that are missing.
          if (object.object === undefined) onSkip(object)
        } else if (object.kind === 'tree' && object.start === 0) {
          objectsIn.set(object.id, readEntries(object.bytes, idBytes, folders))
        }
      }
    }
    ids = [...folders].filter((id) => !objectsIn.has(id))
  }
  return (tree) => {
    const found = new Set([tree])
    // The loop also visits the ids that it adds.
    for (const id of found) for (const child of objectsIn.get(id) ?? []) found.add(child)
    return found
  }
}

/** Returns the ids in a raw tree, and adds those of folders to `folders`. */
function readEntries(tree: Uint8Array, idBytes: number, folders: Set<string>): readonly string[] {
  const bytes = Buffer.from(tree)
  const ids: string[] = []
  const cursor = new TreeCursor(bytes, idBytes)
  while (cursor.next()) {
    const id = bytes.toString('hex', cursor.nameEnd + 1, cursor.end)
    ids.push(id)
    if (kindOf(cursor.mode) === FOLDER) folders.add(id)
  }
  return ids
}
