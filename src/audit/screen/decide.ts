/** Decisions about findings: marks, scopes of bulk decisions, and undo. */
import type { Mark, ShownFinding } from '../../model/shown.ts'
import { applyFilter, pathOf } from './arrange.ts'
import type { Effect, Scope, ScreenState, Step, Undo } from './state.ts'

/** Marks findings, or removes the mark when all of them have it. */
export function toggleMark(state: ScreenState, fingerprints: readonly string[], mark: Mark): Step {
  const allMarked = fingerprints.every((fingerprint) => state.marks.get(fingerprint) === mark)
  const oldMarks = fingerprints.map(
    (fingerprint) => [fingerprint, state.marks.get(fingerprint)] as const,
  )
  const summary = allMarked
    ? `${fingerprints.length} no longer marked to ${mark}`
    : `${fingerprints.length} marked to ${mark}`
  const next = withMarks(
    state,
    fingerprints.map((fingerprint) => [fingerprint, allMarked ? undefined : mark] as const),
  )
  return {
    state: {
      ...next,
      undo: [...state.undo, { kind: 'marks', oldMarks, summary }],
      notice: fingerprints.length === 1 ? undefined : `${summary}; u: undo`,
    },
    effects: [{ type: 'save' }],
  }
}

/** Undoes the last decision of this session. */
export function undoLast(state: ScreenState): Step {
  const last = state.undo.at(-1)
  if (last === undefined) return { state: { ...state, notice: 'nothing to undo' }, effects: [] }
  const rest: ScreenState = {
    ...state,
    undo: state.undo.slice(0, -1),
    notice: last.kind === 'marks' ? `undone: ${last.summary}` : 'undoing …',
  }
  return last.kind === 'marks'
    ? { state: withMarks(rest, last.oldMarks), effects: [{ type: 'save' }] }
    : { state: rest, effects: [unacceptEffect(last)] }
}

function unacceptEffect({ fingerprints }: Extract<Undo, { readonly kind: 'accepted' }>): Effect {
  return { type: 'unaccept', fingerprints }
}

/** Returns the findings of a scope, seen from the selected one. Accepted findings are skipped. */
export function fingerprintsInScope(state: ScreenState, scope: Scope): readonly string[] {
  const selected = state.findings.get(state.selected ?? '')
  if (selected === undefined) return []
  const isIn: Readonly<Record<Scope, (finding: ShownFinding) => boolean>> = {
    finding: ({ fingerprint }) => fingerprint === selected.fingerprint,
    rule: ({ rule }) => rule.id === selected.rule.id,
    path: (finding) => sharesPath(finding, selected),
    marked: ({ fingerprint }) => state.marks.has(fingerprint),
    listed: () => true,
  }
  const candidates = scope === 'listed' ? state.listed : state.order
  return candidates.filter((fingerprint) => {
    const finding = state.findings.get(fingerprint)
    return finding !== undefined && finding.accepted === undefined && isIn[scope](finding)
  })
}

/** Returns the name of a scope for the dialog. */
export function scopeName(state: ScreenState, scope: Scope): string {
  const selected = state.findings.get(state.selected ?? '')
  if (scope === 'finding' || selected === undefined) return 'this credential'
  if (scope === 'rule') return `all of ${selected.rule.id}`
  if (scope === 'marked') return 'all marked'
  return scope === 'path' ? `all in ${pathOf(selected) || 'the same place'}` : 'all listed'
}

function sharesPath(a: ShownFinding, b: ShownFinding): boolean {
  const paths = new Set(b.places.flatMap(({ path }) => path ?? []))
  return (
    a.fingerprint === b.fingerprint ||
    a.places.some(({ path }) => path !== undefined && paths.has(path))
  )
}

function withMarks(
  state: ScreenState,
  changes: readonly (readonly [string, Mark | undefined])[],
): ScreenState {
  const marks = new Map(state.marks)
  for (const [fingerprint, mark] of changes) {
    if (mark === undefined) marks.delete(fingerprint)
    else marks.set(fingerprint, mark)
  }
  return state.filter === '' ? { ...state, marks } : applyFilter({ ...state, marks })
}
