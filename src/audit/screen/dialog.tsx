/** Dialogs at the bottom of the screen: scope, acceptance and consent to verification. */
import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import type { Paint } from '../../report/terminal/colour.ts'
import { escapeForTerminal } from '../../report/terminal/escape.ts'
import { cutMiddle } from '../../report/terminal/fit.ts'
import { formatCount } from '../../report/terminal/units.ts'
import { dialogHeight } from './arrange.ts'
import { fingerprintsInScope, scopeName } from './decide.ts'
import type { Dialog, Scope, ScreenState } from './state.ts'

interface DialogProps {
  readonly state: ScreenState
  readonly paint: Paint
}

/** Renders the open dialog. */
export function DialogBox({ state, paint }: DialogProps): ReactElement {
  return (
    <Box
      flexDirection="column"
      borderStyle="round"
      width={state.columns}
      height={dialogHeight(state)}
      paddingX={1}
      flexShrink={0}
    >
      {dialogLines(state, paint).map((line, at) => (
        <Text key={at} wrap="truncate">
          {line}
        </Text>
      ))}
    </Box>
  )
}

function dialogLines(state: ScreenState, paint: Paint): readonly string[] {
  const { dialog, columns } = state
  if (dialog === undefined || dialog.kind === 'filter') return []
  if (dialog.kind === 'verify')
    return dialog.lines.length === 0
      ? ['…']
      : [
          ...dialog.lines,
          `${paint('bold', 'y')} verify with AWS   ${paint('dim', 'any other key: no')}`,
        ]
  return dialog.kind === 'scope'
    ? scopeLines(state, dialog, paint)
    : acceptLines(dialog, columns - 6, paint)
}

function scopeLines(
  state: ScreenState,
  { action }: Extract<Dialog, { readonly kind: 'scope' }>,
  paint: Paint,
): readonly string[] {
  const scopes: readonly (readonly [string, Scope])[] = [
    ['c', 'finding'],
    ['r', 'rule'],
    ['p', 'path'],
    ['m', 'marked'],
    ['f', 'listed'],
  ]
  const room = Math.max(8, Math.floor((state.columns - 4) / 3) - 12)
  const choices = scopes.map(([key, scope]) => {
    const count = formatCount(fingerprintsInScope(state, scope).length)
    const name = cutMiddle(scopeName(state, scope), room)
    return `${paint('bold', key)} ${name} ${paint('dim', `(${count})`)}`
  })
  const title = {
    accept: 'Accept',
    verify: 'Verify with AWS',
    rotate: 'Mark to rotate',
    rewrite: 'Mark to rewrite',
  }[action]
  return [
    `${paint('bold', `${title}:`)} ${paint('dim', '(Esc: no)')}`,
    choices.slice(0, 2).join('   '),
    choices.slice(2).join('   '),
  ]
}

function acceptLines(
  { about, reason, expires, field, error, isBusy }: Extract<Dialog, { readonly kind: 'accept' }>,
  room: number,
  paint: Paint,
): readonly string[] {
  const fieldLine = (name: typeof field, text: string): string => {
    const isActive = name === field
    const label = name === 'reason' ? 'reason          ' : 'until (optional)'
    const typed = tail(escapeForTerminal(text), room - 22)
    return `${isActive ? paint('bold', '▸') : ' '} ${label}  ${typed}${isActive && !isBusy ? '▏' : ''}`
  }
  const last =
    error === undefined
      ? paint(
          'dim',
          isBusy
            ? 'writing …'
            : '↵ accept   Tab other field   Esc no   a date such as 2027-06-30, or 90d',
        )
      : paint('red', cutMiddle(error, room))
  return [
    paint('bold', `Accept ${about}: written to oakum.allow, bound to its value`),
    fieldLine('reason', reason),
    fieldLine('expires', expires),
    last,
  ]
}

/** Returns the end of a text, where the cursor is. */
function tail(text: string, room: number): string {
  return text.length <= room ? text : `…${text.slice(1 - room)}`
}
