/** The nouns of a scan, in the order a scan meets them. Types only. */
import type { Attribution } from './attribution.ts'
import type { Facts, Role, Rule, Severity } from './rule.ts'
import type { Secret } from './secret.ts'
import type { FindingPart, Sightings } from './sighting.ts'
import type { Verification } from './verification.ts'

export type { Attribution, Exposure, Introduction } from './attribution.ts'

/** A name inside a repository. Git's names are bytes; those that are not UTF-8 keep them. */
export interface RepoPath {
  /** UTF-8, or with each invalid byte as `\xNN`. Not yet safe for a terminal. */
  readonly text: string
  readonly bytes?: Uint8Array
}

/**
 * What git does with a file that is meant for settings and passwords. `untracked` is not ignored
 * either, so the next `git add .` takes it;
 * `local` is git's own configuration, which no commit takes.
 */
export type FileState = 'tracked' | 'staged' | 'untracked' | 'ignored' | 'template' | 'local'

/** Where bytes were seen. */
export interface Origin {
  readonly kind: 'file' | 'index' | 'commit' | 'message' | 'stdin'
  /** Relative to the scan's root with `/`. Absent where only attribution can tell. */
  readonly path?: RepoPath
  /** Name of the git object that holds the bytes. */
  readonly object?: string
  /** Name of the commit (or, for a tag's message, of the tag) they came with. */
  readonly commit?: string
  /**
   * Within an archive: `inner.zip/a.txt`, the names of members from the outermost in, as they are
   * written there.
   */
  readonly member?: string
  /** The bytes are names: the object is a tree, or without an object they are the path itself. */
  readonly inName?: true
  /** Objects this one replaced: what they hold is not new here. */
  readonly replaces?: readonly string[]
  /** For files whose name says that they are read entry by entry, where the source knows. */
  readonly state?: FileState
  /** Another file names it as an env file, whatever it is called. */
  readonly isEnvFile?: true
}

export type ObjectKind = 'blob' | 'tree' | 'commit' | 'tag'

/**
 * Bytes to scan. A blob over a few MiB comes as several, in order, each overlapping the one before.
 */
export interface SourceBlob {
  /** Same for all windows of one blob, different for different blobs of a source. */
  readonly id: string
  readonly kind: ObjectKind
  readonly origins: readonly [Origin, ...Origin[]]
  /** Offset of `bytes` in the blob. */
  readonly start: number
  readonly bytes: Uint8Array
  /** No window of this blob follows. */
  readonly last: boolean
  /**
   * A name that a tree has for it. It was read before and only this was learned since, so it is not
   * counted twice.
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
 * Bytes that were asked for and not scanned. `failed` ones make a scan incomplete, `bounded` ones
 * were agreed on.
 */
export interface Skip {
  readonly outcome: 'failed' | 'bounded'
  readonly reason: SkipReason
  readonly path?: RepoPath
  /** Within an archive, as of an origin. */
  readonly member?: string
  readonly object?: string
  /** What git or the system said, in one line. */
  readonly detail?: string
  /** How many such skips this one stands for; absent for one. */
  readonly count?: number
}

/** Objects that hold nothing to look at closely, found out where they were read. */
export interface SkippedClean {
  readonly skippedClean: Readonly<Record<ObjectKind, number>>
  readonly bytes: number
}

/** What a source has at hand. Take all of it before the next; bytes are valid until then. */
export type Batch = Iterable<SourceBlob | Skip | SkippedClean>

/** Yields blobs: worktree, staged, range, history, stdin. */
export interface Source {
  /**
   * How many objects there are, as far as that is cheap to know. A guess for those who watch; it
   * may fail.
   */
  planned?(): Promise<number>
  blobs(signal: AbortSignal): AsyncIterable<Batch>
  /**
   * The objects that `origin` replaced, for sources that know; read only when something was found.
   */
  replaced?(origin: Origin, signal: AbortSignal): AsyncIterable<Batch>
  /**
   * Told when all was judged of which objects something was said. The same rules find nothing in
   * the others, whenever they are read again.
   */
  settled?(isSpokenOf: (object: string) => boolean): void
}

/**
 * A half-open range of bytes of a blob: the secret itself, nothing around it. Lines and columns are
 * 1-based, columns in bytes.
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
 * A decoded view on a window of a blob, still as bytes: only what stands around a keyword becomes
 * text.
 */
export interface Chunk {
  readonly bytes: Uint8Array
  /** `utf-16` when every second byte was left out. */
  readonly encoding: 'bytes' | 'utf-16'
  /** The blob's offset of the byte at `index`. */
  readonly toBlob: (index: number) => number
}

/** One secret as it stands in a blob. */
export interface Part {
  readonly role: Role
  readonly secret: Secret
  readonly span: Span
  /**
   * The line around it, cut to a few hundred bytes: for inline markers and reports. Holds the
   * secret.
   */
  readonly line: Secret
  readonly facts: Facts
  /** Severity when it stands alone. */
  readonly alone: Severity | 'never'
  /** Why its value alone rules it out. */
  readonly flaw?: Suppression
  /** How it was found, in words and without the secret. */
  readonly found: string
}

/**
 * Secrets that belong together, and that nobody has judged. The first part is the one that matters
 * most.
 */
export interface Candidate {
  readonly rule: Rule
  readonly parts: readonly [Part, ...Part[]]
  readonly severity: Severity
  readonly blob: Pick<SourceBlob, 'id' | 'kind' | 'origins'>
  readonly explanation: readonly string[]
}

/** Why a candidate is not a finding: `reason` in words, without the secret. */
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

/**
 * The line a secret stands in (some hundred characters of it), around what may be shown of the
 * secret.
 */
export type Excerpt = Readonly<Record<'before' | 'redacted' | 'behind', string>>

/**
 * One place of one secret of a finding. `time`, in seconds since 1970, is that of its commit, where
 * attribution asked for it.
 */
export type Place = {
  readonly origin: Origin
  readonly excerpt?: Excerpt
  readonly time?: number
} & Pick<Part, 'role' | 'span'>

/** A credential we stand behind. */
export interface Finding {
  readonly fingerprint: string
  readonly rule: Rule
  readonly severity: Severity
  /** One a role, the most important first. */
  readonly parts: readonly FindingPart[]
  readonly facts: Facts
  /** Every place it was seen, in the order of the scan until attribution sorts them by date. */
  readonly places: readonly [Place, ...Place[]]
  readonly attribution?: Attribution
  readonly verification: Verification
  /** Regions and partitions of AWS that are named near it, sorted. */
  readonly regions?: readonly string[]
  readonly sightings?: Sightings
  /** What the change itself brings to suppress it, which does not count. */
  readonly proposed?: Suppression
  /** Why it is back: an allow entry for it that counts no more. */
  readonly lapsed?: string
  readonly explanation: readonly string[]
}

/** A candidate that was ruled out, kept to be counted and shown. */
export interface Suppressed {
  readonly rule: string
  readonly suppression: Suppression
  readonly redacted: string
  readonly place: Place
  /**
   * The finding it would have been, where only a policy kept it from that: one a credential and
   * reason.
   */
  readonly finding?: Finding
}
