/** Decisions: marks, and taking back what was decided last. */
import type { Mark, ShownFinding } from '../../model/shown.ts'
import { applyFilter, pathOf } from './arrange.ts'
import type { Effect, Scope, ScreenState, Step, Undo } from './state.ts'

/** Marks findings; those that all have the mark lose it. */
export function toggleMark(state: ScreenState, fingerprints: readonly string[], mark: Mark): Step {
  const taken = fingerprints.every((fingerprint) => state.marks.get(fingerprint) === mark)
  const before = fingerprints.map(
    (fingerprint) => [fingerprint, state.marks.get(fingerprint)] as const,
  )
  const what = taken
    ? `${fingerprints.length} not marked to ${mark} any more`
    : `${fingerprints.length} marked to ${mark}`
  const next = withMarks(
    state,
    fingerprints.map((fingerprint) => [fingerprint, taken ? undefined : mark] as const),
  )
  return {
    state: {
      ...next,
      undo: [...state.undo, { kind: 'marks', before, what }],
      notice: fingerprints.length === 1 ? undefined : `${what}; u takes it back`,
    },
    effects: [{ type: 'keep' }],
  }
}

/** Takes the last decision of this session back. */
export function undoLast(state: ScreenState): Step {
  const last = state.undo.at(-1)
  if (last === undefined)
    return { state: { ...state, notice: 'there is nothing to take back' }, effects: [] }
  const rest: ScreenState = {
    ...state,
    undo: state.undo.slice(0, -1),
    notice: last.kind === 'marks' ? `taken back: ${last.what}` : 'taking it back …',
  }
  return last.kind === 'marks'
    ? { state: withMarks(rest, last.before), effects: [{ type: 'keep' }] }
    : { state: rest, effects: [unacceptEffect(last)] }
}

function unacceptEffect({ fingerprints }: Extract<Undo, { readonly kind: 'accepted' }>): Effect {
  return { type: 'unaccept', fingerprints }
}

/**
 * The findings that a scope takes in, from the one under the cursor; what is accepted already is
 * left out.
 */
export function fingerprintsInScope(state: ScreenState, scope: Scope): readonly string[] {
  const here = state.findings.get(state.selected ?? '')
  if (here === undefined) return []
  const isIn: Readonly<Record<Scope, (finding: ShownFinding) => boolean>> = {
    one: ({ fingerprint }) => fingerprint === here.fingerprint,
    rule: ({ rule }) => rule.id === here.rule.id,
    path: (finding) => sharesPath(finding, here),
    marked: ({ fingerprint }) => state.marks.has(fingerprint),
    shown: () => true,
  }
  const among = scope === 'shown' ? state.listed : state.order
  return among.filter((fingerprint) => {
    const finding = state.findings.get(fingerprint)
    return finding !== undefined && finding.accepted === undefined && isIn[scope](finding)
  })
}

/** What a scope is called. */
export function scopeName(state: ScreenState, scope: Scope): string {
  const here = state.findings.get(state.selected ?? '')
  if (scope === 'one' || here === undefined) return 'this credential'
  if (scope === 'rule') return `all of ${here.rule.id}`
  if (scope === 'marked') return 'all that are marked'
  return scope === 'path' ? `all in ${pathOf(here) || 'the same place'}` : 'all that are listed'
}

function sharesPath(one: ShownFinding, other: ShownFinding): boolean {
  const paths = new Set(other.places.flatMap(({ path }) => path ?? []))
  return (
    one.fingerprint === other.fingerprint ||
    one.places.some(({ path }) => path !== undefined && paths.has(path))
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
