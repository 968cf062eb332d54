/** What a scan gives: events while it runs, then findings and a receipt. Types only. */
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
import type { Shard } from './shard.ts'
import type { ConfigOrigin } from './policy.ts'

/** What a run covered, and under which rules. */
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
  /** Absent where the whole was scanned. */
  readonly shard?: Shard
}

export type TargetName = 'scan' | 'staged' | 'range' | 'history' | 'stdin'

export interface ScanResult {
  /** Worst first. */
  readonly findings: readonly Finding[]
  readonly suppressed: readonly Suppressed[]
  readonly receipt: Receipt
  /**
   * Absent where the whole was scanned. Of a shard ids and secrets that stand apart are not joined
   * yet: what goes with what shows in the whole.
   */
  readonly shard?: ShardFacts
}

/** What tells whoever merges shards that they are of one whole. */
export interface ShardFacts extends Shard {
  /** A commit without parents, which tells repositories apart. */
  readonly root: string | null
  /** Of each shard how many objects this machine saw, and the sum of their names. */
  readonly sums: readonly string[]
  /** Digest of what was asked for, beside the rules. */
  readonly asked: string
  /** What stands in names that this shard shows and did not scan. */
  readonly inNames?: readonly Finding[]
}

/** The keyword that a secret was found by. */
export interface NearestKeyword {
  readonly keyword: string
  /** In bytes of text from the secret's start to the keyword's: negative where it stands before. */
  readonly distance: number
  /** In the blob; absent where that holds the text in another form. */
  readonly offset?: number
}

/** A candidate with the verdict on it, and all that may be shown of how it came about. */
export interface ExplainedCandidate extends Pick<Candidate, 'rule' | 'severity'> {
  readonly origin: Origin
  readonly parts: readonly (Pick<Part, 'role' | 'secret' | 'span' | 'found'> & {
    readonly redacted: string
    readonly anchor?: NearestKeyword
  })[]
  /** What joined the parts. */
  readonly explanation: readonly string[]
  /** Absent for a finding. */
  readonly suppression?: Suppression
}

/** What a scan says while it runs. */
export type ScanEvent =
  /** How many objects there are to scan, as far as known. */
  | { readonly type: 'planned'; readonly objects: number }
  | { readonly type: 'finding'; readonly finding: Finding }
  | { readonly type: 'suppressed'; readonly suppressed: Suppressed }
  | { readonly type: 'skipped'; readonly skip: Skip }
  /** Since the last word of it; a blob that comes in windows counts with its last one. */
  | {
      readonly type: 'scanned'
      readonly objects: Readonly<Record<ObjectKind, number>>
      readonly bytes: number
    }
