/** All that the screen knows. Types, and the state it starts with. */
import type { AuditMessage, Progress } from '../messages.ts'
import type { Severity } from '../../model/rule.ts'
import type { Coverage, Mark, ShownContext, ShownFinding, ShownLife } from '../../model/shown.ts'
import type { Key } from './keys/keys.ts'

export const SORTS = ['severity', 'exposure', 'date', 'rule', 'path', 'places'] as const

export type Sort = (typeof SORTS)[number]

interface ScanState {
  readonly status: 'running' | 'done' | 'failed'
  readonly progress?: Progress
  /** Of a scan that failed. */
  readonly message?: string
  readonly incomplete?: boolean
}

/** What a bulk decision is about, from the finding under the cursor. */
export type Scope = 'one' | 'rule' | 'path' | 'marked' | 'shown'

type Action = 'accept' | 'verify' | Mark

/** A question in the lower part of the screen. */
export type Dialog =
  | { readonly kind: 'filter'; readonly before: string }
  | { readonly kind: 'scope'; readonly action: Action }
  /** Without lines while what would be asked is still found out. */
  | {
      readonly kind: 'verify'
      readonly fingerprints: readonly string[]
      readonly lines: readonly string[]
    }
  | {
      readonly kind: 'accept'
      readonly fingerprints: readonly string[]
      readonly about: string
      readonly reason: string
      readonly expires: string
      readonly field: 'reason' | 'expires'
      readonly error?: string
      readonly isBusy: boolean
    }

/** What takes a decision back. */
export type Undo =
  | {
      readonly kind: 'marks'
      readonly before: readonly (readonly [fingerprint: string, mark: Mark | undefined])[]
      readonly what: string
    }
  | { readonly kind: 'accepted'; readonly fingerprints: readonly string[]; readonly what: string }

export interface ScreenState {
  readonly columns: number
  readonly rows: number
  readonly failOn: Severity
  readonly name: string
  readonly scan: ScanState
  readonly coverage?: Coverage
  /** By fingerprint. */
  readonly findings: ReadonlyMap<string, ShownFinding>
  /** What has come of the result so far; it takes the place of `findings` when it is whole. */
  readonly settled: ReadonlyMap<string, ShownFinding>
  /** Fingerprints in the order of the list, and those of them that the filter lets through. */
  readonly order: readonly string[]
  readonly listed: readonly string[]
  /** Nobody has touched a key: the list may sort itself. */
  readonly untouched: boolean
  readonly sort: Sort
  readonly filter: string
  readonly selected: string | undefined
  /** Where the cursor was the last time. */
  readonly resumed?: string
  /** The first line of the list that is seen. */
  readonly top: number
  readonly marks: ReadonlyMap<string, Mark>
  readonly undo: readonly Undo[]
  readonly page: 'list' | 'detail' | 'verdict' | 'help'
  /** Where help leads back to. */
  readonly previousPage: 'list' | 'detail' | 'verdict'
  readonly scroll: number
  readonly place: number
  readonly dialog?: Dialog | undefined
  readonly contexts: ReadonlyMap<string, ReadonlyMap<number, ShownContext>>
  readonly lives: ReadonlyMap<string, ShownLife>
  /** The one place whose secret is shown, until the reader moves. */
  readonly revealed?: { readonly place: number; readonly context: ShownContext } | undefined
  readonly notice?: string | undefined
  readonly exit?: 'quit' | 'interrupted'
}

/** What happens. */
export type ScreenEvent =
  | { readonly type: 'key'; readonly key: Key }
  | { readonly type: 'size'; readonly columns: number; readonly rows: number }
  | { readonly type: 'answer'; readonly answer: AuditMessage }
  | {
      readonly type: 'accepted'
      readonly fingerprints: readonly string[]
      readonly reason: string
      readonly expires?: string
    }
  | { readonly type: 'unaccepted'; readonly fingerprints: readonly string[] }
  | { readonly type: 'refused'; readonly message: string }

/** What is to be done outside. */
export type Effect =
  | { readonly type: 'life'; readonly fingerprint: string }
  | {
      readonly type: 'context'
      readonly fingerprint: string
      readonly place: number
      readonly reveal: boolean
    }
  /** Marks and view are to be on disk before anything else happens. */
  | { readonly type: 'keep' }
  | {
      readonly type: 'accept'
      readonly fingerprints: readonly string[]
      readonly reason: string
      readonly expires?: string
    }
  | { readonly type: 'unaccept'; readonly fingerprints: readonly string[] }
  | { readonly type: 'plan'; readonly fingerprints: readonly string[] }
  | { readonly type: 'verify'; readonly fingerprints: readonly string[] }

export interface Step {
  readonly state: ScreenState
  readonly effects: readonly Effect[]
}

/** What the screen starts with. */
export interface StartOptions {
  readonly columns: number
  readonly rows: number
  readonly failOn: Severity
  readonly name: string
  readonly marks: ReadonlyMap<string, Mark>
  readonly view?:
    | { readonly sort: string; readonly filter: string; readonly selected: string }
    | undefined
}

/** The state before anything was found. */
export function startState({
  columns,
  rows,
  failOn,
  name,
  marks,
  view,
}: StartOptions): ScreenState {
  return {
    columns,
    rows,
    failOn,
    name,
    marks,
    scan: { status: 'running' },
    findings: new Map(),
    settled: new Map(),
    order: [],
    listed: [],
    untouched: true,
    sort: SORTS.find((sort) => sort === view?.sort) ?? 'severity',
    filter: view?.filter ?? '',
    selected: undefined,
    ...(view && view.selected !== '' && { resumed: view.selected }),
    top: 0,
    undo: [],
    page: 'list',
    previousPage: 'list',
    scroll: 0,
    place: 0,
    contexts: new Map(),
    lives: new Map(),
  }
}
