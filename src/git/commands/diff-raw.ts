import type { RepoPath } from '../../model/model.ts'
import { repoPath } from './path.ts'

/** One path that a commit (or the index) changed. */
export interface RawChange {
  /** The commit, or '' where the diff is not of one. */
  readonly commit: string
  /** What the new side is: 160000 is a submodule, 040000 a tree, 000000 nothing (deleted). */
  readonly mode: string
  /** The object on the new side. */
  readonly id: string
  /** The objects on the other sides, one a parent, without those where there was nothing. */
  readonly oldIds: readonly string[]
  /** A (added), M, D, R (renamed), T (type), U (unmerged); one letter a parent for merges. */
  readonly status: string
  readonly path: RepoPath
}

const NOTHING = /^0+$/

/**
 * Parses `git diff-tree --stdin -r -c --raw -z` and `git diff-index --raw -z` as they arrive;
 * fields end with NUL:
 * ```
 * 41a1…e7\0:100644 100644 3b18e51… d95f3ad… M\0src/a.ts\0:100644 100644 3b18e51… 3b18e51…
 * R100\0old.ts\0new.ts\0 77c0…12\0::100644 100644 100644 3b18e51… d95f3ad… 0cfbf08… MM\0merged.ts\0
 * ```
 * A commit's name stands before its changes; a merge has as many colons as parents and shows the
 * final path only. Only changes whose new object is `wanted` are given.
 */
export async function* parseRawDiff(
  output: AsyncIterable<Buffer>,
  wanted?: (id: string) => boolean,
): AsyncGenerator<RawChange> {
  const parser = new RawDiffParser(wanted)
  for await (const chunk of output) yield* parser.take(chunk)
}

/** The same for output in pieces as they are at hand. */
export class RawDiffParser {
  readonly #wanted: (id: string) => boolean
  #commit = ''
  #meta: string | undefined
  #old = false
  #rest: Buffer = Buffer.alloc(0)

  constructor(wanted: (id: string) => boolean = () => true) {
    this.#wanted = wanted
  }

  /** The changes that the next piece completes. */
  *take(chunk: Buffer): Generator<RawChange> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let from = 0
    for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, from)) {
      const change = this.#field(bytes.subarray(from, at))
      if (change !== undefined) yield change
      from = at + 1
    }
    this.#rest = bytes.subarray(from)
  }

  #field(field: Buffer): RawChange | undefined {
    if (this.#meta === undefined) {
      if (field[0] === 0x3a) {
        this.#meta = field.toString('latin1')
        this.#old = isRename(this.#meta)
      } else {
        this.#commit = field.toString('latin1').trim()
      }
      return undefined
    }
    if (this.#old) {
      this.#old = false
      return undefined
    }
    const meta = this.#meta
    this.#meta = undefined
    return changeOf(this.#commit, meta, field, this.#wanted)
  }
}

/** A rename or copy from one parent is followed by two paths, the old one first. */
function isRename(meta: string): boolean {
  return !meta.startsWith('::') && / [RC]\d*$/.test(meta)
}

function changeOf(
  commit: string,
  meta: string,
  path: Buffer,
  wanted: (id: string) => boolean,
): RawChange | undefined {
  const parents = meta.lastIndexOf(':') + 1
  const words = meta.slice(parents).split(' ')
  const sides = words.slice(parents + 1, -1)
  const id = sides.at(-1) ?? ''
  if (!wanted(id)) return undefined
  return {
    commit,
    mode: words[parents] ?? '',
    id,
    oldIds: [...new Set(sides.slice(0, -1))].filter((side) => !NOTHING.test(side)),
    status: words.at(-1) ?? '',
    path: repoPath(path),
  }
}
