/** Parses the raw output of git's diff commands. */
import type { RepoPath } from '../../model/model.ts'
import { repoPath } from './path.ts'

/** One path that a commit (or the index) changed. */
export interface RawChange {
  /** Id of the commit, or '' when the diff is not of a commit. */
  readonly commit: string
  /** Mode of the new side: 160000 is a submodule, 040000 a tree, 000000 nothing (deleted). */
  readonly mode: string
  /** Id of the object on the new side. */
  readonly id: string
  /** Distinct ids of the objects on the old sides (one side a parent), where there are any. */
  readonly oldIds: readonly string[]
  /** A (added), M, D, R (renamed), T (type), U (unmerged); one letter a parent for merges. */
  readonly status: string
  readonly path: RepoPath
  /** True when the object also changed at paths that are not listed. */
  readonly hasMorePaths?: true
}

/**
 * Arguments of the git that compares commits, whose ids it reads from standard input, with all of
 * their parents, in the form that `parseRawDiff` reads. Options that say how may follow.
 */
export const RAW_DIFF_ARGS: readonly string[] = [
  'diff-tree',
  '--stdin',
  '--root',
  '-r',
  '-c',
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-ext-diff',
  '--no-textconv',
]

const NULL_ID = /^0+$/

/**
 * Parses `git diff-tree --stdin -r -c --raw -z` and `git diff-index --raw -z` as they arrive.
 * Fields end with NUL:
 * ```
 * 41a1…e7\0:100644 100644 3b18e51… d95f3ad… M\0src/a.ts\0:100644 100644 3b18e51… 3b18e51…
 * R100\0old.ts\0new.ts\0 77c0…12\0::100644 100644 100644 3b18e51… d95f3ad… 0cfbf08… MM\0merged.ts\0
 * ```
 * The id of a commit comes before its changes. The line of a merge has as many colons as the merge
 * has parents, and only the new path. Yields the changes whose new id `accepts`.
 */
export async function* parseRawDiff(
  output: AsyncIterable<Buffer>,
  accepts?: (id: string) => boolean,
): AsyncGenerator<RawChange> {
  const parser = new RawDiffParser(accepts)
  for await (const chunk of output) yield* parser.take(chunk)
}

/** Parses the same output for a caller that has its chunks at hand. */
export class RawDiffParser {
  readonly #accepts: (id: string) => boolean
  #commit = ''
  /** The line of modes, ids and status whose path has not arrived yet. */
  #meta: string | undefined
  /** True when the next field is the old path of a rename or copy. */
  #expectsOldPath = false
  /** Bytes of the field that the last chunk cut. */
  #rest: Buffer = Buffer.alloc(0)

  constructor(accepts: (id: string) => boolean = () => true) {
    this.#accepts = accepts
  }

  /** Yields the changes that the next chunk completes. */
  *take(chunk: Buffer): Generator<RawChange> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let from = 0
    for (let nul = bytes.indexOf(0); nul >= 0; nul = bytes.indexOf(0, from)) {
      const change = this.#parseField(bytes.subarray(from, nul))
      if (change !== undefined) yield change
      from = nul + 1
    }
    this.#rest = bytes.subarray(from)
  }

  #parseField(field: Buffer): RawChange | undefined {
    if (this.#meta === undefined) {
      if (field[0] === 0x3a) {
        this.#meta = field.toString('latin1')
        this.#expectsOldPath = isRename(this.#meta)
      } else {
        this.#commit = field.toString('latin1').trim()
      }
      return undefined
    }
    if (this.#expectsOldPath) {
      this.#expectsOldPath = false
      return undefined
    }
    const meta = this.#meta
    this.#meta = undefined
    return changeOf(this.#commit, meta, field, this.#accepts)
  }
}

/** True for a rename or copy from one parent: two paths follow, the old one first. */
function isRename(meta: string): boolean {
  return !meta.startsWith('::') && / [RC]\d*$/.test(meta)
}

function changeOf(
  commit: string,
  meta: string,
  path: Buffer,
  accepts: (id: string) => boolean,
): RawChange | undefined {
  const parents = meta.lastIndexOf(':') + 1
  const words = meta.slice(parents).split(' ')
  const ids = words.slice(parents + 1, -1)
  const id = ids.at(-1) ?? ''
  if (!accepts(id)) return undefined
  return {
    commit,
    mode: words[parents] ?? '',
    id,
    oldIds: [...new Set(ids.slice(0, -1))].filter((oldId) => !NULL_ID.test(oldId)),
    status: words.at(-1) ?? '',
    path: repoPath(path),
  }
}
