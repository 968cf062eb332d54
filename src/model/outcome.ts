/** Results of a scan: events while it runs, then findings and a receipt. */
import type {
  Candidate,
  Finding,
  ObjectKind,
  Origin,
  Part,
  Skip,
  Suppressed,
  Suppression,
} from './model.ts'
import type { ScrubbedSecrets } from './scrubber.ts'
import type { Shard } from './shard.ts'
import type { ConfigOrigin } from './policy.ts'

/** The coverage of a scan, and the rules it used. */
export interface Receipt {
  readonly complete: boolean
  readonly target: TargetName
  readonly range: { readonly base: string; readonly head: string } | null
  readonly reader: string | null
  readonly commits: number
  readonly trees: number
  readonly tags: number
  readonly blobs: number
  readonly bytes: number
  readonly skipped: readonly Skip[]
  readonly rules: { readonly count: number; readonly digest: string }
  readonly config: ConfigOrigin
  readonly git: string | null
  readonly durationMs: number
  /** Absent for a whole scan. */
  readonly shard?: Shard
}

export type TargetName = 'scan' | 'staged' | 'range' | 'history' | 'stdin'

export interface ScanResult {
  /** Sorted, worst first. */
  readonly findings: readonly Finding[]
  readonly suppressed: readonly Suppressed[]
  readonly receipt: Receipt
  /**
   * Secrets to be scrubbed from the texts of this result besides those of the findings: what rules
   * found in names and other texts, and what skips with the reason `unreported` count.
   */
  readonly inTexts?: ScrubbedSecrets
  /**
   * Absent for a whole scan. In a shard, ids and secrets in different places are not joined yet,
   * because the other shards may have the matching part.
   */
  readonly shard?: ShardFacts
}

/** Facts that prove that shards are parts of the same history, checked when they are merged. */
export interface ShardFacts extends Shard {
  /** Id of a commit without parents, which identifies the repository. */
  readonly root: string | null
  /** For each shard, the number of its objects in this clone and the sum of their ids. */
  readonly sums: readonly string[]
  /** Digest of the scan's options, apart from the rules. */
  readonly asked: string
}

/** The keyword of a rule that is nearest to a secret. */
export interface NearestKeyword {
  readonly keyword: string
  /**
   * Bytes of text from the start of the secret to the keyword; negative for a keyword before it.
   */
  readonly distance: number
  /** Offset in the blob; absent where the blob holds the text in another encoding. */
  readonly offset?: number
}

/** A candidate, whether it is suppressed, and everything that may be shown of its evidence. */
export interface ExplainedCandidate extends Pick<Candidate, 'rule' | 'severity'> {
  readonly origin: Origin
  readonly parts: readonly (Pick<Part, 'role' | 'secret' | 'span' | 'found'> & {
    readonly redacted: string
    readonly anchor?: NearestKeyword
  })[]
  /** Reasons that joined the parts. */
  readonly explanation: readonly string[]
  /** Absent for a finding. */
  readonly suppression?: Suppression
}

/** Events of a running scan. */
export type ScanEvent =
  /** Number of objects to scan, as far as it is known. */
  | { readonly type: 'planned'; readonly objects: number }
  | { readonly type: 'finding'; readonly finding: Finding }
  | { readonly type: 'suppressed'; readonly suppressed: Suppressed }
  | { readonly type: 'skipped'; readonly skip: Skip }
  /** Objects scanned since the last such event; a blob in windows counts with its last window. */
  | {
      readonly type: 'scanned'
      readonly objects: Readonly<Record<ObjectKind, number>>
      readonly bytes: number
    }

/** True for the skip at the end of a long list, `and 3 more`, which only counts others. */
export function isCountOnly({ count, detail = '' }: Skip): boolean {
  return count !== undefined && /^and \d+ more$/.test(detail)
}
