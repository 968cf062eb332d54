/** After the filter: notes, names that lead to no commit, and where `HEAD` is. */
import { type GitCall, readGit } from '../../git/commands/run.ts'
import type { CommitMap } from './filter.ts'
import type { FilterData } from './filter-callbacks.ts'
import { DETACHED_HEAD_REF, type Mirror, setSymbolicRef } from './mirror.ts'
import { moveNotes } from './notes.ts'
import { type NamedRef, readRefs, type RefState, updateRefs } from './refs.ts'

interface FilteredMirror {
  readonly mirror: Mirror
  readonly refs: RefState
  readonly map: CommitMap
  readonly data: FilterData
  readonly signal: AbortSignal
}

/** What became of refs. */
export interface FinishedRefs {
  readonly notes: number
  /** The names that had to go, since what they name holds a secret and is no commit. */
  readonly dropped: readonly string[]
  /** All names that were carried are there, and each branch names what its commit became. */
  readonly equal: boolean
}

/** Puts everything where it was, and looks whether it is. */
export async function finishRefs({
  mirror,
  refs,
  map,
  data,
  signal,
}: FilteredMirror): Promise<FinishedRefs> {
  const { head } = refs
  const now = await readRefs(mirror)
  const byName = new Map(now.all.map((ref) => [ref.name, ref]))
  const peeled = await peel({ ...mirror, signal }, [...now.all, ...mirror.refs])
  const commitOf = (ref: NamedRef): string => peeled.get(ref.id) ?? ''
  const isRight = (ref: NamedRef): boolean => {
    const fresh = byName.get(ref.name)
    return (
      fresh !== undefined &&
      fresh.kind === ref.kind &&
      commitOf(fresh) === (map.get(commitOf(ref)) ?? commitOf(ref))
    )
  }
  const asideNames = new Set(mirror.nonCommitRefs.map(({ name }) => name))
  const plain = mirror.refs.filter(({ name, symbolic }) => symbolic === '' && !asideNames.has(name))
  const equal =
    plain.every(isRight) &&
    now.all.length === plain.length + Number(head !== undefined && 'commit' in head)

  const notes = await moveNotes(mirror, mirror.refs, map, signal)
  const kept: NamedRef[] = []
  for (const ref of mirror.nonCommitRefs)
    if (!(await leadsToEdited({ ...mirror, signal }, ref, data))) kept.push(ref)
  await updateRefs(mirror, kept)
  for (const { name, symbolic } of mirror.refs)
    if (symbolic !== '') await setSymbolicRef(mirror, name, symbolic)
  if (head !== undefined && 'commit' in head) {
    await updateRefs(mirror, [
      { name: DETACHED_HEAD_REF, id: '' },
      { name: 'HEAD', id: map.get(head.commit) ?? head.commit },
    ])
  }
  return {
    notes,
    dropped: mirror.nonCommitRefs.filter((ref) => !kept.includes(ref)).map(({ name }) => name),
    equal,
  }
}

/** What tags name in the end. */
async function peel(
  call: GitCall,
  refs: readonly NamedRef[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(refs.map(({ id }) => id))]
  const peeled = (
    await readGit({
      ...call,
      args: ['cat-file', '--batch-check=%(objectname)', '--buffer'],
      input: ids.map((id) => `${id}^{}\n`),
    })
  )
    .toString('latin1')
    .split('\n')
  return new Map(ids.map((id, at) => [id, peeled[at] ?? '']))
}

/** A tag may name a file or a folder: such objects are not rewritten. */
async function leadsToEdited(call: GitCall, { id }: NamedRef, data: FilterData): Promise<boolean> {
  const objects = (
    await readGit({ ...call, args: ['rev-list', '--objects', '--no-object-names', id] })
  )
    .toString('latin1')
    .split('\n')
  return (
    data.texts[id] !== undefined ||
    objects.some((object) => data.blobs[object] !== undefined || data.texts[object] !== undefined)
  )
}
