/** Targets and options of a scan. Types only. */
import type { LimitOptions } from './limits.ts'
import type { Shard } from './shard.ts'
import type { RepoPath } from './model.ts'
import type { ScanEvent } from './outcome.ts'
import type { Policy } from './policy.ts'

/** The target of a scan. Relative paths are relative to `ScanOptions.cwd`. */
export type Target =
  /**
   * Files that git would add, or with `git: false` every file of plain folders. Without paths the
   * current folder.
   */
  | { readonly name: 'scan'; readonly paths?: readonly string[]; readonly git?: boolean }
  /** Changes that the next commit would add. */
  | { readonly name: 'staged' }
  /** Commits of `base..head`, with all parents of merges; or a set of commits. */
  | { readonly name: 'range'; readonly range: string | CommitSet }
  /**
   * Every object; or with `reachable` or `since` (a date git understands) the objects that refs
   * reach; or with `objects` these objects and nothing they refer to. With `shard` only a part of
   * those. With `verifyObjects` the id of every object is verified.
   */
  | {
      readonly name: 'history'
      readonly path?: string
      readonly reachable?: boolean
      readonly since?: string
      readonly allowShallow?: boolean
      readonly verifyObjects?: boolean
      readonly objects?: readonly NamedObject[]
      readonly shard?: Shard
    }
  /** Bytes from a pipe; or, with `message`, a commit message. `as`: path that they are read as. */
  | {
      readonly name: 'stdin'
      readonly stream: AsyncIterable<Uint8Array>
      readonly message?: true
      readonly as?: string
    }

/** Commits that `heads` reach and the others do not. */
export interface CommitSet {
  /** Ids of commits, tags, trees and blobs: anything that can be pushed. */
  readonly heads: readonly string[]
  /** Ids. Objects that this clone lacks are ignored. */
  readonly without: readonly string[]
  /** Namespaces of refs: `refs/remotes/origin`, or `refs` for all. */
  readonly withoutRefs?: readonly string[]
}

/** An object with its path, where the path is known: some files are read by their names. */
export interface NamedObject {
  readonly id: string
  readonly path?: RepoPath
}

/** `pack` reads packs in WebAssembly, `zlib` in plain JavaScript, `cat-file` through git. */
export type ReaderChoice = 'auto' | 'pack' | 'zlib' | 'cat-file'

/** Options of a scan; its limits are described where `Limits` is declared. */
export interface ScanOptions extends LimitOptions {
  /** Default: that of the process. */
  readonly cwd?: string
  /** Default: that of the process. Only the variables git needs are passed on. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Ids, families or providers of the rules to use; default all. */
  readonly rules?: readonly string[]
  /**
   * The policy to apply; default none. Limits of the configuration are not part of it, but options.
   */
  readonly policy?: Policy
  /** A policy that a change proposes: findings that it would suppress say so. Default none. */
  readonly proposed?: Policy
  /**
   * Reader for the objects of a history; default the fastest that works here. All find the same.
   */
  readonly reader?: ReaderChoice
  /**
   * Keeps in `.git/oakum/` which objects of packs are clean, and trusts what is kept there; default
   * false.
   */
  readonly cache?: boolean
  /** Ends the scan early; its receipt says so. */
  readonly signal?: AbortSignal
  /** Called for every event of the running scan. */
  readonly onEvent?: (event: ScanEvent) => void
}
