/** The nouns of a scan, in the order a scan meets them. Types only. */
import type { Secret } from './secret.ts'

export type Severity = 'low' | 'medium' | 'high' | 'critical'

/** What a secret is within its credential. `secret` opens the door; `id` names it; `token` goes with temporary ones. */
export type Role = 'id' | 'secret' | 'token'

/** What can be said of a secret without asking anybody: account, region, expiry. */
export type Facts = Readonly<Record<string, string>>

/** A literal that must be there for a pattern to be tried. At least four bytes of ASCII. */
export interface Keyword {
  readonly text: string
  readonly ignoreCase: boolean
}

/** An offline check of a secret's form: its checksum, its alphabet, what it says of itself. */
export type Validator = (text: string) => { readonly valid: true; readonly facts?: Facts } | { readonly valid: false; readonly reason: string }

/** How one secret of a rule is found. */
export interface RulePart {
  readonly role: Role
  readonly keywords: readonly Keyword[]
  /** Flags `dg` (and `i`), with the named group `secret`: that group is the span. */
  readonly pattern: RegExp
  /** Bytes decoded on each side of a keyword; a match lies within. */
  readonly window: number
  /** Shannon bits per character the secret has at least; 0 for no floor. */
  readonly minEntropy: number
  readonly validator: Validator | undefined
  /** Severity when no other part of the credential is found; `never`: it only counts beside an `id`. */
  readonly alone: Severity | 'never'
}

/** One kind of credential, and how its secrets are found. */
export interface Rule {
  readonly id: string
  /** What fingerprints are bound to: rules that find the same values share it, and it outlives their ids. */
  readonly family: string
  readonly provider: string
  /** A noun phrase without a full stop: "AWS access key". */
  readonly description: string
  /** Severity of the whole credential. */
  readonly severity: Severity
  /** A person's choice may be guessable, so its fingerprint is slow to make and it is never shown in part. */
  readonly madeBy: 'machine' | 'person'
  /** Gives way to a rule that knows the provider when both find the same bytes. */
  readonly generic: boolean
  /** Empty for rules whose secrets are found by code of their own, such as the judge of `.env` entries. */
  readonly parts: readonly RulePart[]
  /** One sentence: what the owner does first. */
  readonly remedy: string
  readonly references: readonly string[]
}

/** A name inside a repository. Git's names are bytes; those that are not UTF-8 keep them. */
export interface RepoPath {
  /** UTF-8, or with each invalid byte as `\xNN`. Not yet safe for a terminal. */
  readonly text: string
  readonly bytes?: Uint8Array
}

/** Where bytes were seen. */
export interface Origin {
  readonly kind: 'file' | 'index' | 'commit' | 'message' | 'stdin'
  /** Relative to the scan's root with `/`. Absent where only attribution can tell. */
  readonly path?: RepoPath
  /** Name of the git object that holds the bytes. */
  readonly object?: string
  /** Name of the commit (or, for a tag's message, of the tag) they came with. */
  readonly commit?: string
  /** The object is a tree and the bytes are a name in it. */
  readonly inName?: true
  /** Objects this one replaced: what they hold is not new here. */
  readonly replaces?: readonly string[]
}

export type ObjectKind = 'blob' | 'tree' | 'commit' | 'tag'

/** Bytes to scan. A blob over a few MiB comes as several, in order, each overlapping the one before. */
export interface SourceBlob {
  /** Same for all windows of one blob, different for different blobs of a source. */
  readonly id: string
  readonly kind: ObjectKind
  readonly origins: readonly [Origin, ...Origin[]]
  /** Offset of `bytes` in the blob. */
  readonly start: number
  /** Valid until the next blob is asked for. */
  readonly bytes: Uint8Array
  /** No window of this blob follows. */
  readonly last: boolean
  /** A name that a tree has for it. It was read before and only this was learned since, so it is not counted twice. */
  readonly again?: RepoPath
}

export type SkipReason =
  | 'missing' | 'corrupt' | 'unreadable' | 'unresolved' | 'git-failed' | 'shallow' | 'deadline' | 'interrupted'
  | 'too-large' | 'submodule' | 'sparse' | 'unmerged' | 'special-file'

/** Bytes that were asked for and not scanned. `failed` ones make a scan incomplete, `bounded` ones were agreed on. */
export interface Skip {
  readonly outcome: 'failed' | 'bounded'
  readonly reason: SkipReason
  readonly path?: RepoPath
  readonly object?: string
  /** What git or the system said, in one line. */
  readonly detail?: string
  /** How many such skips this one stands for; absent for one. */
  readonly count?: number
}

/** Yields blobs: worktree, staged, range, history, stdin. */
export interface Source {
  /** How many objects there are, as far as that is cheap to know. */
  planned?(): Promise<number>
  blobs(signal: AbortSignal): AsyncIterable<SourceBlob | Skip>
  /** The objects that `origin` replaced, for sources that know; read only when something was found. */
  replaced?(origin: Origin, signal: AbortSignal): AsyncIterable<SourceBlob | Skip>
}

/** A half-open range of bytes of a blob: the secret itself, nothing around it. Lines and columns are 1-based, columns in bytes. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** A decoded view on a window of a blob, still as bytes: only what stands around a keyword becomes text. */
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
  /** The line around it, cut to a few hundred bytes: for inline markers and reports. Holds the secret. */
  readonly line: Secret
  readonly facts: Facts
  /** Severity when it stands alone. */
  readonly alone: Severity | 'never'
  /** Why its value alone rules it out. */
  readonly flaw?: Suppression
  /** How it was found, in words and without the secret. */
  readonly found: string
}

/** Secrets that belong together, and that nobody has judged. The first part is the one that matters most. */
export interface Candidate {
  readonly rule: Rule
  readonly parts: readonly [Part, ...Part[]]
  readonly severity: Severity
  readonly blob: Pick<SourceBlob, 'id' | 'kind' | 'origins'>
  readonly explanation: readonly string[]
}

/** Why a candidate is not a finding. */
export interface Suppression {
  readonly by: 'entropy' | 'validator' | 'placeholder' | 'inline' | 'unchanged'
  /** In words, without the secret. */
  readonly reason: string
}

/** One place of one secret of a finding. */
export interface Place {
  readonly origin: Origin
  readonly role: Role
  readonly span: Span
}

export type Exposure = 'published' | 'pending' | 'local'

/** A commit that brought a credential in, and where. */
export interface Introduction {
  readonly commit: string
  /** `Name <mail>`. */
  readonly author: string
  /** ISO 8601 with offset: the committer's date. */
  readonly date: string
  readonly path?: RepoPath
}

/** What history says of a finding. */
export interface Attribution {
  /** Null when no commit brought it in: it was only staged once. */
  readonly first: Introduction | null
  readonly last: Introduction | null
  readonly inHead: boolean
  /** Full names of the refs whose history holds it. */
  readonly refs: readonly string[]
  readonly exposure: Exposure
}

export type Verification = { readonly status: 'not-tried' }

/** A credential we stand behind. */
export interface Finding {
  readonly fingerprint: string
  readonly rule: Rule
  readonly severity: Severity
  /** One a role, the most important first. */
  readonly parts: readonly { readonly role: Role; readonly secret: Secret; readonly redacted: string }[]
  readonly facts: Facts
  /** Every place it was seen, in the order of the scan until attribution sorts them by date. */
  readonly places: readonly [Place, ...Place[]]
  readonly attribution?: Attribution
  readonly verification: Verification
  readonly explanation: readonly string[]
}

/** A candidate that was ruled out, kept to be counted and shown. */
export interface Suppressed {
  readonly rule: string
  readonly suppression: Suppression
  readonly redacted: string
  readonly place: Place
}

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
  readonly config: { readonly path: null; readonly from: 'none' }
  readonly git: string | null
  readonly durationMs: number
}

export type TargetName = Target['name']

/** What to scan. Relative paths are relative to `ScanOptions.cwd`. */
export type Target =
  /** Files git would take, or with `git: false` every file of plain folders. No path means the current folder. */
  | { readonly name: 'scan'; readonly paths?: readonly string[]; readonly git?: boolean }
  /** What the next commit would add. */
  | { readonly name: 'staged' }
  /** Commits of `base..head`, all parents of merges. */
  | { readonly name: 'range'; readonly range: string }
  /** Every object, or with `reachable` or `since` (a date git understands) only what refs lead to. */
  | { readonly name: 'history'; readonly path?: string; readonly reachable?: boolean; readonly since?: string; readonly allowShallow?: boolean }
  | { readonly name: 'stdin'; readonly stream: AsyncIterable<Uint8Array> }

export interface ScanOptions {
  /** Default: the process's. */
  readonly cwd?: string
  /** Default: the process's. Only the variables git needs are passed on. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Ids, families or providers of the rules to use; default all. */
  readonly rules?: readonly string[]
  /** Larger blobs are skipped (bounded); default none. */
  readonly maxBlobBytes?: number
  /** Files read at the same time; default 8. */
  readonly jobs?: number
  /** Ends the scan early: its receipt says so. */
  readonly signal?: AbortSignal
  /** After this long the scan ends with what it has (failed, `deadline`); default never. */
  readonly deadlineMs?: number
  /** Called for everything the scan meets, while it runs. */
  readonly onEvent?: (event: ScanEvent) => void
}

export interface ScanResult {
  /** Worst first. */
  readonly findings: readonly Finding[]
  readonly suppressed: readonly Suppressed[]
  readonly receipt: Receipt
}

/** What a scan says while it runs. */
export type ScanEvent =
  /** How many objects there are to scan, as far as known. */
  | { readonly type: 'planned'; readonly objects: number }
  | { readonly type: 'finding'; readonly finding: Finding }
  | { readonly type: 'suppressed'; readonly suppressed: Suppressed }
  | { readonly type: 'skipped'; readonly skip: Skip }
  | { readonly type: 'scanned'; readonly kind: ObjectKind; readonly bytes: number; readonly last: boolean }
