/**
 * Creates a bare repository with everything that another repository's refs lead to. No git process
 * runs in the source, except to list its refs.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../../git/commands/environment.ts'
import type { Repository } from '../../git/commands/repository.ts'
import {
  type GitCall,
  type GitContext,
  MAX_SILENT_REWRITE_MS,
  readGit,
} from '../../git/commands/run.ts'
import { carriedRefs, type NamedRef, type RefState, updateRefs } from './refs.ts'

/** Temporary ref for a detached `HEAD`: git filter-repo rewrites only what a ref leads to. */
export const DETACHED_HEAD_REF = 'refs/oakum-rewrite/HEAD'

/** The bare repository, in a folder of its own. */
export interface Mirror extends GitCall {
  readonly refs: readonly NamedRef[]
  /** Refs that lead to no commit: `git fast-export` does not export them. */
  readonly nonCommitRefs: readonly NamedRef[]
}

interface MirrorRequest {
  readonly source: Repository
  readonly refs: RefState
  /** Folder of the mirror; it is created. */
  readonly folder: string
  readonly env: Environment
  readonly signal: AbortSignal
}

/**
 * Creates the mirror: uses the source's object store as an alternate, packs the objects that refs
 * lead to, and removes the alternate. The source is only read; `git clone` would run a git there
 * with the configuration it finds.
 */
export async function makeMirror({
  source,
  refs,
  folder,
  env,
  signal,
}: MirrorRequest): Promise<Mirror> {
  const place = { cwd: folder, env, signal }
  await readGit({
    ...place,
    cwd: join(folder, '..'),
    args: ['init', '--quiet', '--bare', '--template=', '--', folder],
  })
  const store = await readGit({
    ...source,
    args: ['rev-parse', '--path-format=absolute', '--git-path', 'objects'],
  })
  const storePath = store.toString('latin1').replace(/\n$/, '')
  const alternates = join(folder, 'objects', 'info', 'alternates')
  writeFileSync(alternates, Buffer.from(`${cQuote(storePath)}\n`, 'latin1'), { flag: 'wx' })

  const { carried } = carriedRefs(refs)
  const { head } = refs
  const directRefs = carried.filter(({ symbolic }) => symbolic === '')
  await updateRefs(place, [
    ...directRefs,
    ...(head !== undefined && 'commit' in head
      ? [{ name: DETACHED_HEAD_REF, id: head.commit }]
      : []),
  ])
  if (head !== undefined && 'branch' in head) await setSymbolicRef(place, 'HEAD', head.branch)
  await packObjects(place)
  rmSync(alternates)

  const nonCommitRefs = await refsWithoutCommit(place, directRefs)
  await updateRefs(
    place,
    nonCommitRefs.map(({ name }) => ({ name, id: '' })),
  )
  return { ...place, refs: carried, nonCommitRefs }
}

/** Makes `name` a symbolic ref to `target`. */
export async function setSymbolicRef(
  place: GitContext,
  name: string,
  target: string,
): Promise<void> {
  await readGit({ ...place, args: ['symbolic-ref', '--', toArgument(name), toArgument(target)] })
}

/** Converts a ref name, which has one byte in each character, to a process argument. */
function toArgument(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8')
}

/** Packs the reachable objects and the refs, and deletes unreachable objects. */
export async function packObjects(place: GitContext): Promise<void> {
  await readGit({
    ...place,
    processGroup: true,
    maxSilentMs: MAX_SILENT_REWRITE_MS,
    args: ['-c', 'repack.writeBitmaps=false', 'repack', '-a', '-d', '--quiet'],
  })
  await readGit({
    ...place,
    maxSilentMs: MAX_SILENT_REWRITE_MS,
    args: ['prune', '--expire=now'],
  })
  await readGit({ ...place, args: ['pack-refs', '--all'] })
}

/** Returns the refs that lead to a blob or a tree, directly or through tags. */
async function refsWithoutCommit(
  place: GitContext,
  refs: readonly NamedRef[],
): Promise<readonly NamedRef[]> {
  const others = refs.filter(({ kind }) => kind !== 'commit')
  const input = others.map(({ id }) => `${id}^{}\n`)
  const output = await readGit({
    ...place,
    args: ['cat-file', '--batch-check=%(objecttype)'],
    input,
  })
  const kinds = output.toString('latin1').split('\n')
  return others.filter((_, index) => kinds[index] !== 'commit')
}

/** Quotes a path as a C string, as git reads it from `info/alternates`. */
function cQuote(path: string): string {
  const escaped = path.replaceAll(
    /[^ !#-[\]-~]/g,
    (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`,
  )
  return `"${escaped}"`
}
