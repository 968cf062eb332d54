/** Keys of the pages to read: verdict and help. */
import { heightOf } from '../arrange.ts'
import type { Key } from './keys.ts'
import type { ScreenState, Step } from '../state.ts'
import { noEffects } from '../step.ts'
import { undoLast } from '../decide.ts'
import { pageLines } from '../pages.ts'

/** Handles a key on a page to read. */
export function scrollKey(state: ScreenState, key: Key): Step {
  const height = heightOf(state) - 4
  const by = scrollAmount(key, height)
  if (by !== undefined) {
    const maxScroll = Math.max(0, pageLines(state, (_, text) => text).length - height)
    return noEffects({ ...state, scroll: Math.max(0, Math.min(maxScroll, state.scroll + by)) })
  }
  const back = state.page === 'help' ? state.previousPage : 'list'
  if (
    key.name === 'escape' ||
    key.name === 'left' ||
    key.name === 'tab' ||
    key.name === 'backtab' ||
    key.name === 'backspace'
  )
    return noEffects({ ...state, page: back, scroll: 0 })
  if (key.name !== 'text') return noEffects(state)
  if (key.text === 'u' && state.page === 'verdict') return undoLast(state)
  if (key.text === 'V' && state.page === 'help')
    return noEffects({ ...state, page: 'verdict', scroll: 0 })
  return noEffects(
    ['q', 'h', '?', 'V'].includes(key.text) ? { ...state, page: back, scroll: 0 } : state,
  )
}

function scrollAmount(key: Key, height: number): number | undefined {
  const text = key.name === 'text' ? key.text : ''
  if (key.name === 'up' || text === 'k') return -1
  if (key.name === 'down' || text === 'j') return 1
  if (key.name === 'pageup') return -height
  if (key.name === 'pagedown' || text === ' ') return height
  if (key.name === 'home' || text === 'g') return -Infinity
  return key.name === 'end' || text === 'G' ? Infinity : undefined
}
