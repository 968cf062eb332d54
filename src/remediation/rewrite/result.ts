/** The result of a rewrite. Its field names are those of `oakum rewrite --format json`. */
import type { Finding, Skip } from '../../model/model.ts'
import type { ScrubbedSecrets } from '../../model/scrubber.ts'
import type { TreeComparison } from './compare.ts'
import type { CommitComparison } from './compare-commits.ts'
import type { ObjectCounts } from './objects.ts'

export interface RewriteResult {
  /**
   * `proven`: the mirror is in its place. `left` and `incomplete`: it was discarded. `nothing`:
   * none was created.
   */
  readonly outcome: 'proven' | 'left' | 'incomplete' | 'nothing'
  readonly target: string
  /** Version of git filter-repo. */
  readonly filterRepo: string
  /** Findings to remove. */
  readonly chosen: readonly Finding[]
  /** Findings that were not selected. */
  readonly others: readonly Finding[]
  /** Numbers of edited blobs, removed archives, edited messages and edited trees. */
  readonly blobs: number
  readonly archives: number
  readonly messages: number
  readonly names: number
  /** Number of values replaced only where a rule found them, since they may be ordinary words. */
  readonly plain: number
  readonly before: ObjectCounts
  readonly after: ObjectCounts
  readonly comparison: TreeComparison
  readonly commits: CommitComparison
  /** Number of commits with a new id. */
  readonly renamedCommits: number
  /** Number of moved notes. */
  readonly notes: number
  readonly refs: {
    readonly carried: number
    readonly equal: boolean
    readonly dropped: readonly string[]
  }
  /** Findings of the result that should have been removed. */
  readonly left: readonly Finding[]
  /** Failed skips of the scans before and after. */
  readonly failed: readonly Skip[]
  /** Skips that a limit caused. */
  readonly unread: readonly Skip[]
  /** Secrets that rules found in names and other texts; no part of the JSON. */
  readonly inTexts: ScrubbedSecrets
  /** True when the refs of the source changed during the rewrite. */
  readonly moved: boolean
}
