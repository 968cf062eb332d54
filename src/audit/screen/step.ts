import type { Effect, State, Step } from './state.ts'

/** Places whose surroundings are read ahead. */
const CONTEXTS_AT_ONCE = 5

/** No effects. */
export function noEffects(state: State): Step {
  return { state, effects: [] }
}

/** A secret that was shown is hidden as soon as the reader goes elsewhere. */
export function hidden(state: State): State {
  return state.revealed === undefined ? state : { ...state, revealed: undefined }
}

/** What is to be read of a finding that is opened, from a place on. */
export function contextRequests(
  state: State,
  fingerprint: string,
  from: number,
): readonly Effect[] {
  const finding = state.findings.get(fingerprint)
  if (finding === undefined || state.scan.status !== 'done') return []
  const known = state.contexts.get(fingerprint)
  const places = Array.from({ length: CONTEXTS_AT_ONCE }, (_, at) => from + at).filter(
    (place) => place < finding.places.length && known?.has(place) !== true,
  )
  return [
    ...(state.lives.has(fingerprint) ? [] : [{ type: 'life', fingerprint } as const]),
    ...places.map((place) => ({ type: 'context', fingerprint, place, reveal: false }) as const),
  ]
}
