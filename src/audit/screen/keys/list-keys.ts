/** Keys of the list. */
import { cursorOf, groupOf, inView, listHeight, resorted } from '../arrange.ts'
import { takenBack, toggled } from '../decide.ts'
import type { Key } from './keys.ts'
import { type Sort, sorts, type State, type Step } from '../state.ts'
import { noEffects, contextRequests } from '../step.ts'

/** What a key does in the list. */
export function listKey(state: State, key: Key): Step {
  const height = listHeight(state)
  const at = cursorOf(state)
  switch (key.name) {
    case 'up':
      return moved(state, at - 1)
    case 'down':
      return moved(state, at + 1)
    case 'pageup':
      return moved(state, at - height)
    case 'pagedown':
      return moved(state, at + height)
    case 'home':
      return moved(state, 0)
    case 'end':
      return moved(state, Infinity)
    case 'enter':
    case 'right':
      return opened(state)
    case 'tab':
    case 'backtab':
      return noEffects({ ...state, page: 'verdict', scroll: 0 })
    case 'escape':
      return noEffects(state.filter === '' ? state : resorted({ ...state, filter: '' }, state.sort))
    case 'ctrl':
      return key.text === 'd'
        ? moved(state, at + (height >> 1))
        : key.text === 'u'
          ? moved(state, at - (height >> 1))
          : noEffects(state)
    case 'text':
      return typed(state, key.text, at)
    default:
      return noEffects(state)
  }
}

function typed(state: State, text: string, at: number): Step {
  switch (text) {
    case 'j':
      return moved(state, at + 1)
    case 'k':
      return moved(state, at - 1)
    case 'g':
      return moved(state, 0)
    case 'G':
      return moved(state, Infinity)
    case ' ':
      return moved(state, at + listHeight(state))
    case 'l':
      return opened(state)
    case ']':
    case '[':
      return moved(state, jump(state, at, text === ']' ? 1 : -1))
    case 'n':
    case 'N':
      return moved(state, undecided(state, at, text === 'n' ? 1 : -1))
    case 's':
    case 'S':
      return kept(resorted(state, next(state.sort, text === 's' ? 1 : -1)))
    case '/':
      return noEffects({ ...state, dialog: { kind: 'filter', before: state.filter } })
    case 'V':
      return noEffects({ ...state, page: 'verdict', scroll: 0 })
    case 'q':
      return { state: { ...state, exit: 'quit' }, effects: [{ type: 'keep' }] }
    default:
      return decided(state, text)
  }
}

/** Keys that decide, in the list and in a dossier alike. */
export function decided(state: State, text: string): Step {
  if (text === 'u') return takenBack(state)
  if (state.selected === undefined) return noEffects(state)
  if (text === 'r' || text === 'w')
    return toggled(state, [state.selected], text === 'r' ? 'rotate' : 'rewrite')
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
        : { ...state, notice: 'AWS can be asked when the scan is done' },
    )
  const bulk = { A: 'accept', R: 'rotate', W: 'rewrite' } as const
  const action = text === 'A' || text === 'R' || text === 'W' ? bulk[text] : undefined
  return noEffects(action === undefined ? state : { ...state, dialog: { kind: 'scope', action } })
}

function moved(state: State, to: number): Step {
  const at = Math.max(0, Math.min(to, state.listed.length - 1))
  return noEffects(inView({ ...state, selected: state.listed[at] }, at))
}

function opened(state: State): Step {
  if (state.selected === undefined) return noEffects(state)
  return {
    state: { ...state, page: 'detail', scroll: 0, place: 0 },
    effects: contextRequests(state, state.selected, 0),
  }
}

function kept(state: State): Step {
  return { state: { ...state, notice: `sorted by ${state.sort}` }, effects: [{ type: 'keep' }] }
}

function next(sort: Sort, by: number): Sort {
  return sorts[(sorts.indexOf(sort) + by + sorts.length) % sorts.length] ?? 'severity'
}

/** The first line of the next group, or of this one and then of the one before. */
function jump(state: State, at: number, by: number): number {
  const group = (index: number): string | undefined => {
    const finding = state.findings.get(state.listed[index] ?? '')
    return finding && groupOf(finding, state.sort)
  }
  const start = by < 0 ? at - 1 : at
  const here = group(start)
  let to = start
  while (to + by >= 0 && to + by < state.listed.length && group(to + by) === here) to += by
  return by < 0 ? Math.max(0, to) : to + 1 < state.listed.length ? to + 1 : at
}

function undecided(state: State, at: number, by: number): number {
  for (let to = at + by; to >= 0 && to < state.listed.length; to += by) {
    const fingerprint = state.listed[to] ?? ''
    if (!state.marks.has(fingerprint) && state.findings.get(fingerprint)?.accepted === undefined)
      return to
  }
  return at
}
