/** The data types of a scan, in the order in which a scan produces them. Types only. */
import type { Attribution } from './attribution.ts'
import type { RepoPath } from './repo-path.ts'
import type { Facts, PairingNote, Role, Rule, Severity } from './rule.ts'
import type { Secret } from './secret.ts'
import type { FindingPart, Sightings } from './sighting.ts'
import type { Verification } from './verification.ts'

export type { Attribution, Exposure, Introduction } from './attribution.ts'
export type { RepoPath } from './repo-path.ts'

/**
 * Git's treatment of a file for settings and passwords. `untracked`: not ignored either, so the
 * next `git add .` stages it. `local`: git's own configuration, which is never committed.
 */
export type FileState = 'tracked' | 'staged' | 'untracked' | 'ignored' | 'template' | 'local'

/** The source of scanned bytes. */
export interface Origin {
  readonly kind: 'file' | 'index' | 'commit' | 'message' | 'stdin'
  /** Relative to the scan's root, with `/`. Absent where only attribution can find it. */
  readonly path?: RepoPath
  /** Id of the git object with the bytes. */
  readonly object?: string
  /** Id of the commit that brought the bytes (for a tag's message, of the tag). */
  readonly commit?: string
  /** Path within an archive, from the outermost archive in: `inner.zip/a.txt`. */
  readonly member?: string
  /**
   * True when the bytes are names: of the entries of a tree, or, without an object, the path
   * itself.
   */
  readonly inName?: true
  /** Ids of the objects that this one replaced. Secrets in them are not new here. */
  readonly replaces?: readonly string[]
  /**
   * Set for files that are read entry by entry because of their name, where the source knows the
   * state.
   */
  readonly state?: FileState
  /** True when another file declares this one as an env file, whatever its name is. */
  readonly isEnvFile?: true
}

export type ObjectKind = 'blob' | 'tree' | 'commit' | 'tag'

/**
 * Bytes to scan. A blob over a few MiB arrives as several windows, in order, each overlapping the
 * one before.
 */
export interface SourceBlob {
  /** Equal for all windows of one blob, different for different blobs of a source. */
  readonly id: string
  readonly kind: ObjectKind
  readonly origins: readonly [Origin, ...Origin[]]
  /** Offset of `bytes` in the blob. */
  readonly start: number
  readonly bytes: Uint8Array
  /** True for the last window of the blob. */
  readonly last: boolean
  /**
   * A path of a blob that was scanned before its path was known. Such a blob is not counted again.
   */
  readonly again?: RepoPath
}

export type SkipReason =
  | 'missing'
  | 'corrupt'
  | 'unreadable'
  | 'git-failed'
  | 'shallow'
  | 'deadline'
  | 'interrupted'
  | 'unreported'
  | 'too-large'
  | 'submodule'
  | 'sparse'
  | 'unmerged'
  | 'special-file'
  | 'lfs'
  | 'archive-size'
  | 'archive-ratio'
  | 'archive-members'
  | 'archive-depth'
  | 'archive-encrypted'
  | 'archive-corrupt'
  | 'archive-format'

/**
 * Bytes that were requested and not scanned. A `failed` skip makes a scan incomplete; a `bounded`
 * one follows from a limit or an option.
 */
export interface Skip {
  readonly outcome: 'failed' | 'bounded'
  readonly reason: SkipReason
  readonly path?: RepoPath
  /** Path within an archive, as in an origin. */
  readonly member?: string
  readonly object?: string
  /** Message of git or the system, in one line. */
  readonly detail?: string
  /** Number of skips that this one stands for; absent for one. */
  readonly count?: number
}

/** Numbers of objects that a fast filter in the reader found to be clean. */
export interface SkippedClean {
  readonly skippedClean: Readonly<Record<ObjectKind, number>>
  readonly bytes: number
}

/**
 * Items that a source has ready. Consume all before the next batch: the bytes are valid until then.
 */
export type Batch = Iterable<SourceBlob | Skip | SkippedClean>

/** Yields the blobs of a target: worktree, staged, range, history or stdin. */
export interface Source {
  /**
   * Number of objects, as far as it is cheap to determine. An estimate for progress displays; it
   * may fail.
   */
  planned?(): Promise<number>
  blobs(signal: AbortSignal): AsyncIterable<Batch>
  /**
   * Yields the objects that `origin` replaced, for sources that know them. Read only for findings.
   */
  replaced?(origin: Origin, signal: AbortSignal): AsyncIterable<Batch>
  /**
   * Called when the scan is complete. `isSpokenOf` is true for objects with findings, suppressed
   * candidates or skips; the same rules find nothing in the other objects in later scans.
   */
  settled?(isSpokenOf: (object: string) => boolean): void
}

/**
 * A half-open range of bytes of a blob: exactly the secret. Lines and columns are 1-based, columns
 * in bytes.
 */
export interface Span {
  readonly start: number
  readonly end: number
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/**
 * A window of a blob in one encoding, still as bytes: only the surroundings of a keyword become
 * text.
 */
export interface Chunk {
  readonly bytes: Uint8Array
  /** `utf-16` when `bytes` has every second byte only. */
  readonly encoding: 'bytes' | 'utf-16'
  /** Returns the offset in the blob of the byte at `index`. */
  readonly toBlob: (index: number) => number
}

/** One secret in a blob. */
export interface Part {
  readonly role: Role
  readonly secret: Secret
  readonly span: Span
  /**
   * The line around the secret, cut to a few hundred bytes, for inline markers and reports.
   * Contains the secret.
   */
  readonly line: Secret
  /** The line above, when it has a marker for the secrets below it. */
  readonly lineAbove?: Secret
  readonly facts: Facts
  /** Severity when no other part is found. */
  readonly alone: Severity | 'never'
  readonly pairs?: PairingNote
  /** Reason why the value itself is no secret. */
  readonly flaw?: Suppression
  /** Evidence for the secret, in words and without it. */
  readonly found: string
}

/** Secrets that belong together, before suppression. The first part is the most important one. */
export interface Candidate {
  readonly rule: Rule
  readonly parts: readonly [Part, ...Part[]]
  readonly severity: Severity
  readonly blob: Pick<SourceBlob, 'id' | 'kind' | 'origins'>
  /** Ids, besides that of the credential, to which its secret may belong; the likeliest first. */
  readonly otherIds?: readonly Part[]
  readonly explanation: readonly string[]
}

/** Reason why a candidate is not a finding; `reason` is in words and without the secret. */
export interface Suppression {
  readonly by:
    | 'entropy'
    | 'validator'
    | 'placeholder'
    | 'inline'
    | 'unchanged'
    | 'allowlist'
    | 'baseline'
    | 'path'
    | 'config'
  readonly reason: string
}

/** The line around a secret (some hundred characters), with the redacted form of the secret. */
export type Excerpt = Readonly<Record<'before' | 'redacted' | 'behind', string>>

/**
 * A place of one secret of a finding. `time` is that of its commit in seconds since 1970, where
 * attribution has read it.
 */
export type Place = {
  readonly origin: Origin
  readonly excerpt?: Excerpt
  readonly time?: number
} & Pick<Part, 'role' | 'span'>

/** A credential to report. */
export interface Finding {
  readonly fingerprint: string
  readonly rule: Rule
  readonly severity: Severity
  /** One part per role, the most important first. */
  readonly parts: readonly FindingPart[]
  /** Ids, besides that in `parts`, to which the secret may belong; the likeliest first. */
  readonly otherIds?: readonly FindingPart[]
  readonly facts: Facts
  /** All places, in the order of the scan until attribution sorts them by date. */
  readonly places: readonly [Place, ...Place[]]
  readonly attribution?: Attribution
  readonly verification: Verification
  /** AWS regions and partitions named near the credential, sorted. */
  readonly regions?: readonly string[]
  readonly sightings?: Sightings
  /**
   * A suppression that the scanned change itself introduces. It does not apply until it is merged.
   */
  readonly proposed?: Suppression
  /** Explanation when an allow entry for this finding has expired. */
  readonly lapsed?: string
  readonly explanation: readonly string[]
}

/** A finding before its fingerprint is known. */
export type UnnamedFinding = Omit<Finding, 'fingerprint'>

/** A suppressed candidate, to be counted and shown. */
export interface Suppressed {
  readonly rule: string
  readonly suppression: Suppression
  readonly redacted: string
  readonly place: Place
  /**
   * The finding that a policy suppressed; absent for other suppressions. One per credential and
   * reason.
   */
  readonly finding?: Finding
}
