/** Keys of the details page. */
import { cursorIndex, heightOf, scrollIntoView } from '../arrange.ts'
import { detailLines } from '../detail.ts'
import type { Key } from './keys.ts'
import { decisionKey } from './list-keys.ts'
import type { ScreenState, Step } from '../state.ts'
import { hideSecret, noEffects, contextRequests } from '../step.ts'

/** Handles a key on the details page. */
export function detailKey(state: ScreenState, key: Key): Step {
  const page = heightOf(state) - 5
  switch (key.name) {
    case 'up':
      return scrollBy(state, -1)
    case 'down':
      return scrollBy(state, 1)
    case 'pageup':
      return scrollBy(state, -page)
    case 'pagedown':
      return scrollBy(state, page)
    case 'home':
      return scrollBy(state, -Infinity)
    case 'end':
      return scrollBy(state, Infinity)
    case 'escape':
    case 'left':
    case 'backspace':
      return noEffects({ ...hideSecret(state), page: 'list' })
    case 'tab':
      return goToPlace(state, state.place + 1)
    case 'backtab':
      return goToPlace(state, state.place - 1)
    case 'ctrl':
      return key.text === 'd'
        ? scrollBy(state, page >> 1)
        : key.text === 'u'
          ? scrollBy(state, -(page >> 1))
          : noEffects(state)
    case 'text':
      return textKey(state, key.text, page)
    default:
      return noEffects(state)
  }
}

function textKey(state: ScreenState, text: string, page: number): Step {
  switch (text) {
    case 'j':
      return scrollBy(state, 1)
    case 'k':
      return scrollBy(state, -1)
    case ' ':
      return scrollBy(state, page)
    case 'g':
      return scrollBy(state, -Infinity)
    case 'G':
      return scrollBy(state, Infinity)
    case 'h':
    case 'q':
      return noEffects({ ...hideSecret(state), page: 'list' })
    case 'n':
      return goToPlace(state, state.place + 1)
    case 'N':
      return goToPlace(state, state.place - 1)
    case ']':
      return goToFinding(state, 1)
    case '[':
      return goToFinding(state, -1)
    case 'x':
      return toggleReveal(state)
    case 'V':
      return noEffects({ ...hideSecret(state), page: 'verdict', scroll: 0 })
    default:
      return decisionKey(hideSecret(state), text)
  }
}

/** Scrolls the page and hides the revealed secret, which may scroll out of view. */
function scrollBy(state: ScreenState, by: number): Step {
  const maxScroll = Math.max(
    0,
    detailLines(state, (_, text) => text).length - (heightOf(state) - 4),
  )
  const scroll = Math.max(0, Math.min(maxScroll, state.scroll + by))
  return noEffects(scroll === state.scroll ? state : { ...hideSecret(state), scroll })
}

/** Moves to a place and scrolls it into view. */
function goToPlace(state: ScreenState, to: number): Step {
  const finding = state.findings.get(state.selected ?? '')
  if (finding === undefined || finding.places.length === 0) return noEffects(state)
  const place = Math.max(0, Math.min(to, finding.places.length - 1))
  const next = { ...(place === state.place ? state : hideSecret(state)), place }
  const line = detailLines(next, (_, text) => text).findIndex(
    (detailLine) => detailLine.place === place,
  )
  return {
    state: { ...next, scroll: Math.max(0, line - 2) },
    effects: contextRequests(next, finding.fingerprint, place),
  }
}

function goToFinding(state: ScreenState, by: number): Step {
  const at = Math.max(0, Math.min(cursorIndex(state) + by, state.listed.length - 1))
  const selected = state.listed[at]
  if (selected === undefined || selected === state.selected) return noEffects(state)
  const next = scrollIntoView({ ...hideSecret(state), selected, scroll: 0, place: 0 }, at)
  return { state: next, effects: contextRequests(next, selected, 0) }
}

/** Reveals the secret of the current place, or hides it again. */
function toggleReveal(state: ScreenState): Step {
  if (state.revealed !== undefined) return noEffects(hideSecret(state))
  const finding = state.findings.get(state.selected ?? '')
  if (finding?.places[state.place] === undefined || state.scan.status !== 'done')
    return noEffects({ ...state, notice: 'the secret can be shown after the scan' })
  const step = goToPlace(state, state.place)
  return {
    state: step.state,
    effects: [
      ...step.effects,
      { type: 'context', fingerprint: finding.fingerprint, place: state.place, reveal: true },
    ],
  }
}
