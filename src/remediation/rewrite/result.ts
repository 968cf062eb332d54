/** What came of a rewrite. Types only. */
import type { Finding, Skip } from '../../model/model.ts'
import type { TreeComparison } from './compare.ts'
import type { CommitComparison } from './compare-commits.ts'
import type { ObjectCounts } from './objects.ts'

/** What was done, and whether it was proven. */
export interface RewriteResult {
  /**
   * `proven`: the mirror is at its place; `left` and `incomplete`: it was thrown away; `nothing`:
   * none was made.
   */
  readonly outcome: 'proven' | 'left' | 'incomplete' | 'nothing'
  readonly target: string
  readonly filterRepo: string
  /** The credentials that were to go. */
  readonly chosen: readonly Finding[]
  /** Those that were found and not asked for. */
  readonly others: readonly Finding[]
  readonly blobs: number
  readonly archives: number
  readonly messages: number
  readonly names: number
  /** Values that were replaced only where they were found, since they may be words. */
  readonly plain: number
  readonly before: ObjectCounts
  readonly after: ObjectCounts
  readonly comparison: TreeComparison
  readonly commits: CommitComparison
  /** Commits that go by another name now. */
  readonly renamedCommits: number
  readonly notes: number
  readonly refs: {
    readonly carried: number
    readonly equal: boolean
    readonly dropped: readonly string[]
  }
  /** Found in the result, though it was to go. */
  readonly left: readonly Finding[]
  /** Why the scan before or after is not complete. */
  readonly failed: readonly Skip[]
  /** What no scan looked into, as was agreed. */
  readonly unread: readonly Skip[]
  /** The original has other refs than at the start: somebody worked in it. */
  readonly moved: boolean
}
