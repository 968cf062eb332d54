/** Moves git notes to the new commits: git stores notes by the id of the commit they annotate. */
import { type GitCall, type GitContext, readGit } from '../../git/commands/run.ts'
import type { CommitMap } from './filter.ts'
import type { NamedRef } from './refs.ts'

/** Author of the commits on notes refs that move notes. */
const notesAuthor = {
  GIT_AUTHOR_NAME: 'Oakum',
  GIT_AUTHOR_EMAIL: 'oakum@localhost',
  GIT_COMMITTER_NAME: 'Oakum',
  GIT_COMMITTER_EMAIL: 'oakum@localhost',
}

/**
 * Moves the notes of rewritten commits and returns their number. Each changed notes ref gets
 * additional commits.
 */
export async function moveNotes(
  place: GitContext,
  refs: readonly NamedRef[],
  map: CommitMap,
  signal: AbortSignal,
): Promise<number> {
  let movedCount = 0
  for (const { name } of refs.filter(
    (ref) => ref.name.startsWith('refs/notes/') && ref.symbolic === '',
  )) {
    // A ref name that is not ASCII may not be UTF-8, and then cannot be passed to git.
    if (!/^[!-~]+$/.test(name)) continue
    const call: GitCall = {
      ...place,
      env: { ...place.env, ...notesAuthor, GIT_NOTES_REF: name },
      signal,
    }
    movedCount += await moveNotesOfRef(call, map)
  }
  return movedCount
}

/** Moves the notes of the ref in `GIT_NOTES_REF`. */
async function moveNotesOfRef(call: GitCall, map: CommitMap): Promise<number> {
  // Each line is `<id of the note> <id of the annotated object>`.
  const list = await readGit({ ...call, args: ['notes', 'list'] })
  const annotated = list
    .toString('latin1')
    .split('\n')
    .map((line) => line.slice(41))
  const pairs = annotated.flatMap((oldId) => {
    const newId = map.get(oldId)
    return newId === undefined || newId === oldId ? [] : [[oldId, newId] as const]
  })
  if (pairs.length === 0) return 0
  await readGit({
    ...call,
    args: ['notes', 'copy', '--force', '--stdin'],
    input: pairs.map(([oldId, newId]) => `${oldId} ${newId}\n`),
  })
  await readGit({
    ...call,
    args: ['notes', 'remove', '--ignore-missing', '--stdin'],
    input: pairs.map(([oldId]) => `${oldId}\n`),
    writesToStderr: true,
  })
  return pairs.length
}
