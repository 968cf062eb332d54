/** The refs of a repository, by which its history is reached. */
import { ScanError } from '../../model/errors.ts'
import { type GitCall, type GitContext, readGit } from '../../git/commands/run.ts'
import type { ObjectKind } from '../../model/model.ts'

/** One ref. Names are bytes, kept one a character. */
export interface NamedRef {
  readonly name: string
  readonly id: string
  readonly kind: ObjectKind
  /** The ref it stands for, where it is only another name. */
  readonly symbolic: string
}

export interface Refs {
  readonly all: readonly NamedRef[]
  /** The branch that `HEAD` names, or the commit it is at. */
  readonly head: { readonly branch: string } | { readonly commit: string } | undefined
}

/**
 * Refs of one work tree, and names for objects that are to be taken for others: no clone takes the
 * first, and the second name what is no more.
 */
const notCarried = /^refs\/(?:bisect|worktree|rewritten|replace)\//

/** Reads them all. ScanError when one is broken: what it named would be lost without a word. */
export async function readRefs(call: GitCall): Promise<Refs> {
  const listed = await readGit({
    ...call,
    args: ['for-each-ref', '--format=%(objectname) %(objecttype) %(symref)%00%(refname)'],
  })
  const all = listed
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): NamedRef => {
      const [facts = '', name = ''] = line.split('\0')
      const [id = '', kind = '', symbolic = ''] = facts.split(' ')
      return { name, id, kind: kindOf(kind), symbolic }
    })
  return { all, head: await readHead(call) }
}

/** Those that a rewritten repository has as well, and those it cannot have. */
export function carriedRefs({ all }: Refs): {
  readonly carried: readonly NamedRef[]
  readonly dropped: readonly NamedRef[]
} {
  return {
    carried: all.filter(({ name }) => !notCarried.test(name)),
    dropped: all.filter(({ name }) => notCarried.test(name)),
  }
}

/** Do two states name the same objects by the same names? */
export function areSame(one: Refs, other: Refs): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/**
 * Creates, moves and deletes refs, all or none; an empty id deletes. Nobody waits for each of them
 * to be on disk: they are packed in the end.
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

function kindOf(text: string): ObjectKind {
  if (text === 'blob' || text === 'tree' || text === 'commit' || text === 'tag') return text
  throw new ScanError(`git for-each-ref names an object of kind ${text}`)
}

async function readHead(call: GitCall): Promise<Refs['head']> {
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
