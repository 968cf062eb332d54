/** Completes the refs after the filter: notes, refs without a commit, symbolic refs and `HEAD`. */
import { type GitCall, readGit } from '../../git/commands/run.ts'
import type { CommitMap } from './filter.ts'
import type { FilterData } from './filter-callbacks.ts'
import { DETACHED_HEAD_REF, type Mirror, setSymbolicRef } from './mirror.ts'
import { moveNotes } from './notes.ts'
import { type NamedRef, readRefs, type RefState, updateRefs } from './refs.ts'

interface FilteredMirror {
  readonly mirror: Mirror
  /** Refs of the source. */
  readonly refs: RefState
  readonly map: CommitMap
  readonly data: FilterData
  readonly signal: AbortSignal
}

export interface FinishedRefs {
  /** Number of moved notes. */
  readonly notes: number
  /** Names of dropped refs: they lead to no commit, and to an object with a secret. */
  readonly dropped: readonly string[]
  /** True when all carried refs exist and each leads to what its commit became. */
  readonly equal: boolean
}

/** Checks the filtered refs, and restores those that git filter-repo cannot handle. */
export async function finishRefs(filtered: FilteredMirror): Promise<FinishedRefs> {
  const { mirror, refs, map, data, signal } = filtered
  const equal = await areRefsEqual(filtered)
  const notes = await moveNotes(mirror, mirror.refs, map, signal)
  const restored: NamedRef[] = []
  const dropped: string[] = []
  for (const ref of mirror.nonCommitRefs) {
    if (await leadsToEdited({ ...mirror, signal }, ref, data)) dropped.push(ref.name)
    else restored.push(ref)
  }
  await updateRefs(mirror, restored)
  for (const { name, symbolic } of mirror.refs)
    if (symbolic !== '') await setSymbolicRef(mirror, name, symbolic)
  const { head } = refs
  if (head !== undefined && 'commit' in head) {
    await updateRefs(mirror, [
      { name: DETACHED_HEAD_REF, id: '' },
      { name: 'HEAD', id: map.get(head.commit) ?? head.commit },
    ])
  }
  return { notes, dropped, equal }
}

/** True when the filtered refs are those of the source, and lead to the rewritten commits. */
async function areRefsEqual({ mirror, refs, map, signal }: FilteredMirror): Promise<boolean> {
  const filtered = await readRefs(mirror)
  const filteredByName = new Map(filtered.all.map((ref) => [ref.name, ref]))
  const peeled = await peel({ ...mirror, signal }, [...filtered.all, ...mirror.refs])
  const commitOf = (ref: NamedRef): string => peeled.get(ref.id) ?? ''
  const isRewritten = (ref: NamedRef): boolean => {
    const filteredRef = filteredByName.get(ref.name)
    return (
      filteredRef !== undefined &&
      filteredRef.kind === ref.kind &&
      commitOf(filteredRef) === (map.get(commitOf(ref)) ?? commitOf(ref))
    )
  }
  const nonCommitNames = new Set(mirror.nonCommitRefs.map(({ name }) => name))
  const commitRefs = mirror.refs.filter(
    ({ name, symbolic }) => symbolic === '' && !nonCommitNames.has(name),
  )
  const isDetached = refs.head !== undefined && 'commit' in refs.head
  return (
    commitRefs.every(isRewritten) && filtered.all.length === commitRefs.length + Number(isDetached)
  )
}

/** Returns ref target → the object it leads to after following tags of tags. */
async function peel(
  call: GitCall,
  refs: readonly NamedRef[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(refs.map(({ id }) => id))]
  const output = await readGit({
    ...call,
    args: ['cat-file', '--batch-check=%(objectname)', '--buffer'],
    input: ids.map((id) => `${id}^{}\n`),
  })
  const peeled = output.toString('latin1').split('\n')
  return new Map(ids.map((id, index) => [id, peeled[index] ?? '']))
}

/** True when a ref to a blob, a tree or a tag of one leads to an edited object. */
async function leadsToEdited(call: GitCall, { id }: NamedRef, data: FilterData): Promise<boolean> {
  const output = await readGit({
    ...call,
    args: ['rev-list', '--objects', '--no-object-names', id],
  })
  const objects = output.toString('latin1').split('\n')
  return (
    data.texts[id] !== undefined ||
    objects.some((object) => data.blobs[object] !== undefined || data.texts[object] !== undefined)
  )
}
