/**
 * A repository of its own with everything that another one's refs lead to. No git runs in that one
 * but to list its refs.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../../git/commands/environment.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { type GitCall, type GitContext, readGit } from '../../git/commands/run.ts'
import { carriedRefs, type NamedRef, type Refs, updateRefs } from './refs.ts'

/** Where a detached `HEAD` is kept meanwhile: only what has a name is rewritten. */
export const detachedHead = 'refs/oakum-rewrite/HEAD'

/** A bare repository in a folder of its own. */
export interface Mirror extends GitCall {
  readonly refs: readonly NamedRef[]
  /**
   * Names of objects that are no commits, and lead to none: `git fast-export` does not know them.
   */
  readonly aside: readonly NamedRef[]
}

interface Wish {
  readonly source: Repository
  readonly refs: Refs
  /** Is made. */
  readonly folder: string
  readonly env: Environment
  readonly signal: AbortSignal
}

/**
 * Takes the objects over from the source's store as an alternate, packs those that refs lead to,
 * and lets go of the store. The source is read only: cloning would run a git there with the
 * configuration it finds.
 */
export async function makeMirror({ source, refs, folder, env, signal }: Wish): Promise<Mirror> {
  const place = { cwd: folder, env, signal }
  await readGit({
    ...place,
    cwd: join(folder, '..'),
    args: ['init', '--quiet', '--bare', '--template=', '--', folder],
  })
  const store = (
    await readGit({
      ...source,
      args: ['rev-parse', '--path-format=absolute', '--git-path', 'objects'],
    })
  )
    .toString('latin1')
    .replace(/\n$/, '')
  const alternates = join(folder, 'objects', 'info', 'alternates')
  writeFileSync(alternates, Buffer.from(`${quoted(store)}\n`, 'latin1'), { flag: 'wx' })

  const { carried } = carriedRefs(refs)
  const { head } = refs
  const named = carried.filter(({ symbolic }) => symbolic === '')
  await updateRefs(place, [
    ...named,
    ...(head !== undefined && 'commit' in head ? [{ name: detachedHead, id: head.commit }] : []),
  ])
  if (head !== undefined && 'branch' in head) await pointTo(place, 'HEAD', head.branch)
  await pack(place)
  rmSync(alternates)

  const aside = await leadingNowhere(place, named)
  await updateRefs(
    place,
    aside.map(({ name }) => ({ name, id: '' })),
  )
  return { ...place, refs: carried, aside }
}

/** Makes a ref another name for a ref. */
export async function pointTo(place: GitContext, name: string, target: string): Promise<void> {
  await readGit({ ...place, args: ['symbolic-ref', '--', asArgument(name), asArgument(target)] })
}

/** Names are bytes, one a character. */
function asArgument(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8')
}

/** Packs all that refs lead to, and the refs, and drops the rest. */
export async function pack(place: GitContext): Promise<void> {
  await readGit({
    ...place,
    processGroup: true,
    args: ['-c', 'repack.writeBitmaps=false', 'repack', '-a', '-d', '--quiet'],
  })
  await readGit({ ...place, args: ['prune', '--expire=now'] })
  await readGit({ ...place, args: ['pack-refs', '--all'] })
}

/** A tag may name a tag, and that a file. */
async function leadingNowhere(
  place: GitContext,
  refs: readonly NamedRef[],
): Promise<readonly NamedRef[]> {
  const others = refs.filter(({ kind }) => kind !== 'commit')
  const input = others.map(({ id }) => `${id}^{}\n`)
  const kinds = (
    await readGit({ ...place, args: ['cat-file', '--batch-check=%(objecttype)'], input })
  )
    .toString('latin1')
    .split('\n')
  return others.filter((_, at) => kinds[at] !== 'commit')
}

/** A path as git reads it in `info/alternates`: in quotes, as in C, whatever stands in it. */
function quoted(path: string): string {
  return `"${path.replaceAll(/[^ !#-[\]-~]/g, (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`)}"`
}
