/** Keys of a dossier. */
import { cursorOf, heightOf, inView } from '../arrange.ts'
import { detailLines } from '../detail.ts'
import type { Key } from './keys.ts'
import { decided } from './list-keys.ts'
import type { State, Step } from '../state.ts'
import { hidden, noEffects, contextRequests } from '../step.ts'

/** What a key does in a dossier. */
export function detailKey(state: State, key: Key): Step {
  const page = heightOf(state) - 5
  switch (key.name) {
    case 'up':
      return scrolled(state, -1)
    case 'down':
      return scrolled(state, 1)
    case 'pageup':
      return scrolled(state, -page)
    case 'pagedown':
      return scrolled(state, page)
    case 'home':
      return scrolled(state, -Infinity)
    case 'end':
      return scrolled(state, Infinity)
    case 'escape':
    case 'left':
    case 'backspace':
      return noEffects({ ...hidden(state), page: 'list' })
    case 'tab':
      return toPlace(state, state.place + 1)
    case 'backtab':
      return toPlace(state, state.place - 1)
    case 'ctrl':
      return key.text === 'd'
        ? scrolled(state, page >> 1)
        : key.text === 'u'
          ? scrolled(state, -(page >> 1))
          : noEffects(state)
    case 'text':
      return typed(state, key.text, page)
    default:
      return noEffects(state)
  }
}

function typed(state: State, text: string, page: number): Step {
  switch (text) {
    case 'j':
      return scrolled(state, 1)
    case 'k':
      return scrolled(state, -1)
    case ' ':
      return scrolled(state, page)
    case 'g':
      return scrolled(state, -Infinity)
    case 'G':
      return scrolled(state, Infinity)
    case 'h':
    case 'q':
      return noEffects({ ...hidden(state), page: 'list' })
    case 'n':
      return toPlace(state, state.place + 1)
    case 'N':
      return toPlace(state, state.place - 1)
    case ']':
      return toFinding(state, 1)
    case '[':
      return toFinding(state, -1)
    case 'x':
      return revealed(state)
    case 'V':
      return noEffects({ ...hidden(state), page: 'verdict', scroll: 0 })
    default:
      return decided(hidden(state), text)
  }
}

/** Moves the page; what was shown is hidden as soon as it may be out of sight. */
function scrolled(state: State, by: number): Step {
  const most = Math.max(0, detailLines(state, (_, text) => text).length - (heightOf(state) - 4))
  const scroll = Math.max(0, Math.min(most, state.scroll + by))
  return noEffects(scroll === state.scroll ? state : { ...hidden(state), scroll })
}

/** Goes to a place, and brings it into sight. */
function toPlace(state: State, to: number): Step {
  const finding = state.findings.get(state.selected ?? '')
  if (finding === undefined || finding.places.length === 0) return noEffects(state)
  const place = Math.max(0, Math.min(to, finding.places.length - 1))
  const next = { ...(place === state.place ? state : hidden(state)), place }
  const line = detailLines(next, (_, text) => text).findIndex((one) => one.place === place)
  return {
    state: { ...next, scroll: Math.max(0, line - 2) },
    effects: contextRequests(next, finding.fingerprint, place),
  }
}

function toFinding(state: State, by: number): Step {
  const at = Math.max(0, Math.min(cursorOf(state) + by, state.listed.length - 1))
  const selected = state.listed[at]
  if (selected === undefined || selected === state.selected) return noEffects(state)
  const next = inView({ ...hidden(state), selected, scroll: 0, place: 0 }, at)
  return { state: next, effects: contextRequests(next, selected, 0) }
}

/** Shows the secret of the place, or hides it again. */
function revealed(state: State): Step {
  if (state.revealed !== undefined) return noEffects(hidden(state))
  const finding = state.findings.get(state.selected ?? '')
  if (finding?.places[state.place] === undefined || state.scan.status !== 'done')
    return noEffects({ ...state, notice: 'it can be shown when the scan is done' })
  const at = toPlace(state, state.place)
  return {
    state: at.state,
    effects: [
      ...at.effects,
      { type: 'context', fingerprint: finding.fingerprint, place: state.place, reveal: true },
    ],
  }
}
