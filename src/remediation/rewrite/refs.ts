/** Reads and updates the refs of a repository. */
import { ScanError } from '../../model/errors.ts'
import { type GitCall, type GitContext, readGit } from '../../git/commands/run.ts'
import type { ObjectKind } from '../../model/model.ts'

export interface NamedRef {
  /** Full name, with one byte in each character. */
  readonly name: string
  readonly id: string
  readonly kind: ObjectKind
  /** Full name of the target of a symbolic ref; empty for a direct ref. */
  readonly symbolic: string
}

export interface RefState {
  readonly all: readonly NamedRef[]
  /** Branch of `HEAD`, or its commit when detached; undefined for a broken `HEAD`. */
  readonly head: { readonly branch: string } | { readonly commit: string } | undefined
}

/**
 * Refs that a rewritten repository does not get. Refs of a single work tree are never cloned, and
 * `refs/replace/` names objects by ids that no longer exist.
 */
const NOT_CARRIED = /^refs\/(?:bisect|worktree|rewritten|replace)\//

/** Reads all refs. Throws a ScanError for a broken ref, whose history would silently be lost. */
export async function readRefs(call: GitCall): Promise<RefState> {
  const output = await readGit({
    ...call,
    args: ['for-each-ref', '--format=%(objectname) %(objecttype) %(symref)%00%(refname)'],
  })
  const all = output
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): NamedRef => {
      const [fields = '', name = ''] = line.split('\0')
      const [id = '', kind = '', symbolic = ''] = fields.split(' ')
      return { name, id, kind: toObjectKind(kind), symbolic }
    })
  return { all, head: await readHead(call) }
}

/** Splits refs into those that a rewritten repository gets and those that it cannot have. */
export function carriedRefs({ all }: RefState): {
  readonly carried: readonly NamedRef[]
  readonly dropped: readonly NamedRef[]
} {
  return {
    carried: all.filter(({ name }) => !NOT_CARRIED.test(name)),
    dropped: all.filter(({ name }) => NOT_CARRIED.test(name)),
  }
}

/** True when two states have the same refs with the same targets. */
export function isSameRefState(a: RefState, b: RefState): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/**
 * Creates, moves and deletes refs in one transaction; an empty id deletes. Refs are not flushed to
 * disk one by one, since they are packed at the end.
 */
export async function updateRefs(
  place: GitContext,
  updates: readonly { readonly name: string; readonly id: string }[],
): Promise<void> {
  if (updates.length === 0) return
  const input = updates.map(({ name, id }) =>
    Buffer.from(id === '' ? `delete ${name}\0\0` : `update ${name}\0${id}\0\0`, 'latin1'),
  )
  await readGit({
    ...place,
    args: ['-c', 'core.fsync=-reference', 'update-ref', '--no-deref', '-z', '--stdin'],
    input,
  })
}

function toObjectKind(text: string): ObjectKind {
  if (text === 'blob' || text === 'tree' || text === 'commit' || text === 'tag') return text
  throw new ScanError(`git for-each-ref names an object of unknown kind ${text}`)
}

async function readHead(call: GitCall): Promise<RefState['head']> {
  const branch = await readGit({ ...call, args: ['symbolic-ref', '--quiet', 'HEAD'] }).catch(
    () => undefined,
  )
  if (branch !== undefined) return { branch: branch.toString('latin1').trimEnd() }
  const commit = await readGit({
    ...call,
    args: ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'],
  }).catch(() => undefined)
  return commit === undefined ? undefined : { commit: commit.toString('latin1').trimEnd() }
}
