/** What a scan can be asked for. Types only. */
import type { LimitOptions } from './limits.ts'
import type { Shard } from './shard.ts'
import type { RepoPath } from './model.ts'
import type { ScanEvent } from './outcome.ts'
import type { Policy } from './policy.ts'

/** What to scan. Relative paths are relative to `ScanOptions.cwd`. */
export type Target =
  /**
   * Files git would take, or with `git: false` every file of plain folders. No path means the
   * current folder.
   */
  | { readonly name: 'scan'; readonly paths?: readonly string[]; readonly git?: boolean }
  /** What the next commit would add. */
  | { readonly name: 'staged' }
  /** Commits of `base..head`, all parents of merges; or a set of commits. */
  | { readonly name: 'range'; readonly range: string | CommitSet }
  /**
   * Every object, or with `reachable` or `since` (a date git understands) only what refs lead to,
   * or only these objects and nothing they refer to; of a `shard` its part of that.
   */
  | {
      readonly name: 'history'
      readonly path?: string
      readonly reachable?: boolean
      readonly since?: string
      readonly allowShallow?: boolean
      readonly objects?: readonly NamedObject[]
      readonly shard?: Shard
    }
  /** Bytes from a pipe; or, as `message`, what a commit is about to say. */
  | { readonly name: 'stdin'; readonly stream: AsyncIterable<Uint8Array>; readonly message?: true }

/** What `heads` lead to and nothing of the others does. */
export interface CommitSet {
  /** Ids of commits, and of tags, trees and blobs too: whatever a push can name. */
  readonly heads: readonly string[]
  /** Ids; those that are not here count for nothing. */
  readonly without: readonly string[]
  /** Folders of refs, whole: `refs/remotes/origin`, or `refs` for all. */
  readonly withoutRefs?: readonly string[]
}

/** An object, with a path it goes by where that is known: some files are read by their names. */
export interface NamedObject {
  readonly id: string
  readonly path?: RepoPath
}

/**
 * `pack` reads packs in WebAssembly, `zlib` the same in plain JavaScript, `cat-file` leaves it to
 * git.
 */
export type ReaderChoice = 'auto' | 'pack' | 'zlib' | 'cat-file'

/** Options of a scan; its limits are described where `Limits` is declared. */
export interface ScanOptions extends LimitOptions {
  /** Default: the process's. */
  readonly cwd?: string
  /** Default: the process's. Only the variables git needs are passed on. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Ids, families or providers of the rules to use; default all. */
  readonly rules?: readonly string[]
  /**
   * What configuration decides; default nothing. Its limits are not among this: they are options.
   */
  readonly policy?: Policy
  /** What a change makes of the policy: findings that it would suppress say so. Default nothing. */
  readonly proposed?: Policy
  /**
   * How the history's objects are read; default the fastest way that works here. All find the same.
   */
  readonly reader?: ReaderChoice
  /**
   * Keep in `.git/oakum/` which objects of packs hold nothing, and believe what is kept there;
   * default false.
   */
  readonly cache?: boolean
  /** Ends the scan early: its receipt says so. */
  readonly signal?: AbortSignal
  /** Called for everything the scan meets, while it runs. */
  readonly onEvent?: (event: ScanEvent) => void
}
