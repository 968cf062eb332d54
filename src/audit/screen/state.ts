/** State of the screen: its types, and the state at the start. */
import type { AuditMessage, Progress } from '../messages.ts'
import type { Severity } from '../../model/rule.ts'
import type { Coverage, Mark, ShownContext, ShownFinding, ShownLife } from '../../model/shown.ts'
import type { Key } from './keys/keys.ts'

export const SORTS = ['severity', 'exposure', 'date', 'rule', 'path', 'places'] as const

export type Sort = (typeof SORTS)[number]

interface ScanState {
  readonly status: 'running' | 'done' | 'failed'
  readonly progress?: Progress
  /** Error message of a failed scan. */
  readonly message?: string
  readonly incomplete?: boolean
}

/**
 * Scope of a bulk decision: the selected finding, all of its rule or its path, all marked findings,
 * or all that the filter shows.
 */
export type Scope = 'finding' | 'rule' | 'path' | 'marked' | 'listed'

type Action = 'accept' | 'verify' | Mark

/** Dialog at the bottom of the screen. */
export type Dialog =
  | { readonly kind: 'filter'; readonly oldFilter: string }
  | { readonly kind: 'scope'; readonly action: Action }
  /** `lines` is empty until the consent text is there. */
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

/** Decision that can be undone. */
export type Undo =
  | {
      readonly kind: 'marks'
      readonly oldMarks: readonly (readonly [fingerprint: string, mark: Mark | undefined])[]
      readonly summary: string
    }
  | {
      readonly kind: 'accepted'
      readonly fingerprints: readonly string[]
      readonly summary: string
    }

export interface ScreenState {
  readonly columns: number
  readonly rows: number
  readonly failOn: Severity
  readonly name: string
  readonly scan: ScanState
  readonly coverage?: Coverage
  /** Findings by fingerprint. */
  readonly findings: ReadonlyMap<string, ShownFinding>
  /** Final findings received so far; they replace `findings` once all are there. */
  readonly settled: ReadonlyMap<string, ShownFinding>
  /** Fingerprints in the order of the list. */
  readonly order: readonly string[]
  /** Fingerprints of `order` that the filter shows. */
  readonly listed: readonly string[]
  /** True until the first key: the list is sorted whenever findings arrive. */
  readonly untouched: boolean
  readonly sort: Sort
  readonly filter: string
  readonly selected: string | undefined
  /** Fingerprint selected at the end of the last session. */
  readonly resumed?: string
  /** Index of the first visible row of the list. */
  readonly top: number
  readonly marks: ReadonlyMap<string, Mark>
  readonly undo: readonly Undo[]
  readonly page: 'list' | 'detail' | 'verdict' | 'help'
  /** Page shown after the help is closed. */
  readonly previousPage: 'list' | 'detail' | 'verdict'
  /** First visible line of a page other than the list. */
  readonly scroll: number
  /** Index of the current place on the details page. */
  readonly place: number
  readonly dialog?: Dialog | undefined
  readonly contexts: ReadonlyMap<string, ReadonlyMap<number, ShownContext>>
  readonly lives: ReadonlyMap<string, ShownLife>
  /** Place whose secret is shown, until the reader moves. */
  readonly revealed?: { readonly place: number; readonly context: ShownContext } | undefined
  readonly notice?: string | undefined
  readonly exit?: 'quit' | 'interrupted'
}

/** Event that changes the state. */
export type ScreenEvent =
  | { readonly type: 'key'; readonly key: Key }
  | { readonly type: 'size'; readonly columns: number; readonly rows: number }
  | { readonly type: 'message'; readonly message: AuditMessage }
  | {
      readonly type: 'accepted'
      readonly fingerprints: readonly string[]
      readonly reason: string
      readonly expires?: string
    }
  | { readonly type: 'unaccepted'; readonly fingerprints: readonly string[] }
  | { readonly type: 'refused'; readonly message: string }

/** Effect outside the state, such as a command to the worker thread or a write to disk. */
export type Effect =
  | { readonly type: 'life'; readonly fingerprint: string }
  | {
      readonly type: 'context'
      readonly fingerprint: string
      readonly place: number
      readonly reveal: boolean
    }
  /** Writes marks and view to disk before the next event. */
  | { readonly type: 'save' }
  | {
      readonly type: 'accept'
      readonly fingerprints: readonly string[]
      readonly reason: string
      readonly expires?: string
    }
  | { readonly type: 'unaccept'; readonly fingerprints: readonly string[] }
  | { readonly type: 'plan'; readonly fingerprints: readonly string[] }
  | { readonly type: 'verify'; readonly fingerprints: readonly string[] }

/** Next state and the effects of an event. */
export interface Step {
  readonly state: ScreenState
  readonly effects: readonly Effect[]
}

/** Values that the first state is made from. */
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

/** Returns the state before the first finding. */
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
