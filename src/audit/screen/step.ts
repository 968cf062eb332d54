/** Steps shared by the keys of several pages. */
import type { Effect, ScreenState, Step } from './state.ts'

/** Places whose context is read ahead. */
const MAX_CONTEXTS_AHEAD = 5

/** Returns a step without effects. */
export function noEffects(state: ScreenState): Step {
  return { state, effects: [] }
}

/** Hides the revealed secret; called whenever the reader moves. */
export function hideSecret(state: ScreenState): ScreenState {
  return state.revealed === undefined ? state : { ...state, revealed: undefined }
}

/** Returns effects that read the life of a finding and the contexts of places from one on. */
export function contextRequests(
  state: ScreenState,
  fingerprint: string,
  from: number,
): readonly Effect[] {
  const finding = state.findings.get(fingerprint)
  if (finding === undefined || state.scan.status !== 'done') return []
  const contexts = state.contexts.get(fingerprint)
  const places = Array.from({ length: MAX_CONTEXTS_AHEAD }, (_, at) => from + at).filter(
    (place) => place < finding.places.length && contexts?.has(place) !== true,
  )
  return [
    ...(state.lives.has(fingerprint) ? [] : [{ type: 'life', fingerprint } as const]),
    ...places.map((place) => ({ type: 'context', fingerprint, place, reveal: false }) as const),
  ]
}
