/** Keys of the dialogs at the bottom of the screen. */
import { applyFilter, scrollIntoView, cursorIndex } from '../arrange.ts'
import { fingerprintsInScope, scopeName, toggleMark } from '../decide.ts'
import type { Key } from './keys.ts'
import type { Dialog, Scope, ScreenState, Step } from '../state.ts'
import { noEffects } from '../step.ts'

/** Characters of a text field. */
const MAX_TEXT_LENGTH = 500

/** Handles a key while a dialog is open. */
export function dialogKey(state: ScreenState, dialog: Dialog, key: Key): Step {
  switch (dialog.kind) {
    case 'filter':
      return filterKey(state, dialog.oldFilter, key)
    case 'scope':
      return scopeKey(state, dialog, key)
    case 'accept':
      return acceptKey(state, dialog, key)
    case 'verify':
      return verifyKey(state, dialog, key)
  }
}

/** Edits the filter; the list is filtered at each key. */
function filterKey(state: ScreenState, oldFilter: string, key: Key): Step {
  if (key.name === 'escape')
    return noEffects(applyFilter({ ...state, filter: oldFilter, dialog: undefined }))
  if (key.name === 'enter')
    return { state: { ...state, dialog: undefined }, effects: [{ type: 'save' }] }
  if (key.name === 'up' || key.name === 'down') {
    const at = Math.max(
      0,
      Math.min(cursorIndex(state) + (key.name === 'up' ? -1 : 1), state.listed.length - 1),
    )
    return noEffects(scrollIntoView({ ...state, selected: state.listed[at] }, at))
  }
  return noEffects(applyFilter({ ...state, filter: editText(state.filter, key).slice(0, 200) }))
}

const SCOPE_KEYS: Readonly<Record<string, Scope>> = {
  c: 'finding',
  r: 'rule',
  p: 'path',
  m: 'marked',
  f: 'listed',
}

function scopeKey(
  state: ScreenState,
  { action }: Extract<Dialog, { readonly kind: 'scope' }>,
  key: Key,
): Step {
  const closed = { ...state, dialog: undefined }
  if (key.name === 'escape' || (key.name === 'text' && key.text === 'q')) return noEffects(closed)
  const scope = key.name === 'text' ? SCOPE_KEYS[key.text] : undefined
  if (scope === undefined) return noEffects(state)
  const fingerprints = fingerprintsInScope(state, scope)
  if (fingerprints.length === 0)
    return noEffects({
      ...closed,
      notice: scope === 'marked' ? 'nothing is marked' : 'all of these are already accepted',
    })
  if (action === 'verify')
    return {
      state: { ...state, dialog: { kind: 'verify', fingerprints, lines: [] } },
      effects: [{ type: 'plan', fingerprints }],
    }
  if (action !== 'accept') return toggleMark(closed, fingerprints, action)
  const about = `${scopeName(state, scope)} (${fingerprints.length})`
  return noEffects({
    ...state,
    dialog: {
      kind: 'accept',
      fingerprints,
      about,
      reason: '',
      expires: '',
      field: 'reason',
      isBusy: false,
    },
  })
}

/** Agrees to verification only by `y`, and only once the consent text is shown. */
function verifyKey(
  state: ScreenState,
  { fingerprints, lines }: Extract<Dialog, { readonly kind: 'verify' }>,
  key: Key,
): Step {
  const closed = { ...state, dialog: undefined }
  if (key.name !== 'text' || (key.text !== 'y' && key.text !== 'Y'))
    return key.name === 'paste'
      ? noEffects(state)
      : noEffects({ ...closed, notice: 'not verified' })
  return lines.length === 0
    ? noEffects(state)
    : {
        state: { ...closed, notice: 'verifying …' },
        effects: [{ type: 'verify', fingerprints }],
      }
}

function acceptKey(
  state: ScreenState,
  dialog: Extract<Dialog, { readonly kind: 'accept' }>,
  key: Key,
): Step {
  if (dialog.isBusy) return noEffects(state)
  if (key.name === 'escape') return noEffects({ ...state, dialog: undefined })
  const { field, reason, expires, fingerprints } = dialog
  if (key.name === 'tab' || key.name === 'backtab' || key.name === 'down' || key.name === 'up') {
    return noEffects({
      ...state,
      dialog: { ...dialog, field: field === 'reason' ? 'expires' : 'reason' },
    })
  }
  if (key.name !== 'enter') {
    const { error: _, ...rest } = dialog
    return noEffects({ ...state, dialog: { ...rest, [field]: editText(dialog[field], key) } })
  }
  if (reason.trim() === '')
    return noEffects({
      ...state,
      dialog: { ...dialog, field: 'reason', error: 'enter a reason' },
    })
  const until = expires.trim()
  return {
    state: { ...state, dialog: { ...dialog, isBusy: true } },
    effects: [
      {
        type: 'accept',
        fingerprints,
        reason: reason.trim(),
        ...(until !== '' && { expires: until }),
      },
    ],
  }
}

/** Returns a text after a key. Pasted text becomes one line without control characters. */
function editText(text: string, key: Key): string {
  switch (key.name) {
    case 'text':
      return (text + key.text).slice(0, MAX_TEXT_LENGTH)
    case 'paste':
      return (text + key.text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')).slice(
        0,
        MAX_TEXT_LENGTH,
      )
    case 'backspace':
    case 'delete':
      return Array.from(text).slice(0, -1).join('')
    case 'ctrl':
      return key.text === 'u' ? '' : key.text === 'w' ? text.replace(/\S*\s*$/, '') : text
    default:
      return text
  }
}
