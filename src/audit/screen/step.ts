import type { Effect, ScreenState, Step } from './state.ts'

/** Places whose surroundings are read ahead. */
const MAX_CONTEXTS_AHEAD = 5

/** No effects. */
export function noEffects(state: ScreenState): Step {
  return { state, effects: [] }
}

/** A secret that was shown is hidden as soon as the reader goes elsewhere. */
export function hideSecret(state: ScreenState): ScreenState {
  return state.revealed === undefined ? state : { ...state, revealed: undefined }
}

/** What is to be read of a finding that is opened, from a place on. */
export function contextRequests(
  state: ScreenState,
  fingerprint: string,
  from: number,
): readonly Effect[] {
  const finding = state.findings.get(fingerprint)
  if (finding === undefined || state.scan.status !== 'done') return []
  const known = state.contexts.get(fingerprint)
  const places = Array.from({ length: MAX_CONTEXTS_AHEAD }, (_, at) => from + at).filter(
    (place) => place < finding.places.length && known?.has(place) !== true,
  )
  return [
    ...(state.lives.has(fingerprint) ? [] : [{ type: 'life', fingerprint } as const]),
    ...places.map((place) => ({ type: 'context', fingerprint, place, reveal: false }) as const),
  ]
}
