/** Notes are kept by the names of the commits they are about, which are others now. */
import { type GitCall, type GitContext, readGit } from '../../git/commands/run.ts'
import type { CommitMap } from './filter.ts'
import type { NamedRef } from './refs.ts'

const author = {
  GIT_AUTHOR_NAME: 'Oakum',
  GIT_AUTHOR_EMAIL: 'oakum@localhost',
  GIT_COMMITTER_NAME: 'Oakum',
  GIT_COMMITTER_EMAIL: 'oakum@localhost',
}

/**
 * Hangs notes on the new commits, one commit more on each ref of notes that had to change; gives
 * how many notes moved.
 */
export async function moveNotes(
  place: GitContext,
  refs: readonly NamedRef[],
  map: CommitMap,
  signal: AbortSignal,
): Promise<number> {
  let moved = 0
  for (const { name } of refs.filter(
    (ref) => ref.name.startsWith('refs/notes/') && ref.symbolic === '',
  )) {
    // A name that is not UTF-8 cannot be an argument.
    if (!/^[!-~]+$/.test(name)) continue
    const call: GitCall = {
      ...place,
      env: { ...place.env, ...author, GIT_NOTES_REF: name },
      signal,
    }
    const notes = (await readGit({ ...call, args: ['notes', 'list'] }))
      .toString('latin1')
      .split('\n')
      .map((line) => line.slice(41))
    const pairs = notes.flatMap((old) => {
      const fresh = map.get(old)
      return fresh === undefined || fresh === old ? [] : [[old, fresh] as const]
    })
    if (pairs.length === 0) continue
    await readGit({
      ...call,
      args: ['notes', 'copy', '--force', '--stdin'],
      input: pairs.map(([old, fresh]) => `${old} ${fresh}\n`),
    })
    await readGit({
      ...call,
      args: ['notes', 'remove', '--ignore-missing', '--stdin'],
      input: pairs.map(([old]) => `${old}\n`),
      writesToStderr: true,
    })
    moved += pairs.length
  }
  return moved
}
