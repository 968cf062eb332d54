/** Keys of the list. */
import { cursorIndex, groupOf, scrollIntoView, listHeight, sortBy } from '../arrange.ts'
import { undoLast, toggleMark } from '../decide.ts'
import type { Key } from './keys.ts'
import { type Sort, SORTS, type ScreenState, type Step } from '../state.ts'
import { noEffects, contextRequests } from '../step.ts'

/** Handles a key in the list. */
export function listKey(state: ScreenState, key: Key): Step {
  const height = listHeight(state)
  const at = cursorIndex(state)
  switch (key.name) {
    case 'up':
      return moveCursor(state, at - 1)
    case 'down':
      return moveCursor(state, at + 1)
    case 'pageup':
      return moveCursor(state, at - height)
    case 'pagedown':
      return moveCursor(state, at + height)
    case 'home':
      return moveCursor(state, 0)
    case 'end':
      return moveCursor(state, Infinity)
    case 'enter':
    case 'right':
      return openDetails(state)
    case 'tab':
    case 'backtab':
      return noEffects({ ...state, page: 'verdict', scroll: 0 })
    case 'escape':
      return noEffects(state.filter === '' ? state : sortBy({ ...state, filter: '' }, state.sort))
    case 'ctrl':
      return key.text === 'd'
        ? moveCursor(state, at + (height >> 1))
        : key.text === 'u'
          ? moveCursor(state, at - (height >> 1))
          : noEffects(state)
    case 'text':
      return textKey(state, key.text, at)
    default:
      return noEffects(state)
  }
}

function textKey(state: ScreenState, text: string, at: number): Step {
  switch (text) {
    case 'j':
      return moveCursor(state, at + 1)
    case 'k':
      return moveCursor(state, at - 1)
    case 'g':
      return moveCursor(state, 0)
    case 'G':
      return moveCursor(state, Infinity)
    case ' ':
      return moveCursor(state, at + listHeight(state))
    case 'l':
      return openDetails(state)
    case ']':
    case '[':
      return moveCursor(state, nextGroup(state, at, text === ']' ? 1 : -1))
    case 'n':
    case 'N':
      return moveCursor(state, nextUndecided(state, at, text === 'n' ? 1 : -1))
    case 's':
    case 'S':
      return saveSort(sortBy(state, nextSort(state.sort, text === 's' ? 1 : -1)))
    case '/':
      return noEffects({ ...state, dialog: { kind: 'filter', oldFilter: state.filter } })
    case 'V':
      return noEffects({ ...state, page: 'verdict', scroll: 0 })
    case 'q':
      return { state: { ...state, exit: 'quit' }, effects: [{ type: 'save' }] }
    default:
      return decisionKey(state, text)
  }
}

/** Handles the keys of decisions, which work in the list and on the details page. */
export function decisionKey(state: ScreenState, text: string): Step {
  if (text === 'u') return undoLast(state)
  if (state.selected === undefined) return noEffects(state)
  if (text === 'r' || text === 'w')
    return toggleMark(state, [state.selected], text === 'r' ? 'rotate' : 'rewrite')
  if (text === 'a')
    return noEffects({
      ...state,
      dialog: {
        kind: 'accept',
        fingerprints: [state.selected],
        about: 'this credential',
        reason: '',
        expires: '',
        field: 'reason',
        isBusy: false,
      },
    })
  if (text === 'v')
    return noEffects(
      state.scan.status === 'done'
        ? { ...state, dialog: { kind: 'scope', action: 'verify' } }
        : { ...state, notice: 'Verification is available after the scan' },
    )
  const bulk = { A: 'accept', R: 'rotate', W: 'rewrite' } as const
  const action = text === 'A' || text === 'R' || text === 'W' ? bulk[text] : undefined
  return noEffects(action === undefined ? state : { ...state, dialog: { kind: 'scope', action } })
}

function moveCursor(state: ScreenState, to: number): Step {
  const at = Math.max(0, Math.min(to, state.listed.length - 1))
  return noEffects(scrollIntoView({ ...state, selected: state.listed[at] }, at))
}

function openDetails(state: ScreenState): Step {
  if (state.selected === undefined) return noEffects(state)
  return {
    state: { ...state, page: 'detail', scroll: 0, place: 0 },
    effects: contextRequests(state, state.selected, 0),
  }
}

function saveSort(state: ScreenState): Step {
  return { state: { ...state, notice: `sorted by ${state.sort}` }, effects: [{ type: 'save' }] }
}

function nextSort(sort: Sort, by: number): Sort {
  return SORTS[(SORTS.indexOf(sort) + by + SORTS.length) % SORTS.length] ?? 'severity'
}

/**
 * Returns the first row of the next group. Backwards: the first row of this group, or of the
 * previous one when the cursor is already there.
 */
function nextGroup(state: ScreenState, at: number, by: number): number {
  const group = (index: number): string | undefined => {
    const finding = state.findings.get(state.listed[index] ?? '')
    return finding && groupOf(finding, state.sort)
  }
  const start = by < 0 ? at - 1 : at
  const startGroup = group(start)
  let to = start
  while (to + by >= 0 && to + by < state.listed.length && group(to + by) === startGroup) to += by
  return by < 0 ? Math.max(0, to) : to + 1 < state.listed.length ? to + 1 : at
}

function nextUndecided(state: ScreenState, at: number, by: number): number {
  for (let to = at + by; to >= 0 && to < state.listed.length; to += by) {
    const fingerprint = state.listed[to] ?? ''
    if (!state.marks.has(fingerprint) && state.findings.get(fingerprint)?.accepted === undefined)
      return to
  }
  return at
}
