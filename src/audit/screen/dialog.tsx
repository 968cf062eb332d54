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

/** A question in the lower part of the screen. */
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
      : [...dialog.lines, `${paint('bold', 'y')} ask AWS   ${paint('dim', 'any other key: no')}`]
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
    ['c', 'one'],
    ['r', 'rule'],
    ['p', 'path'],
    ['m', 'marked'],
    ['f', 'shown'],
  ]
  const room = Math.max(8, Math.floor((state.columns - 4) / 3) - 12)
  const words = scopes.map(
    ([key, scope]) =>
      `${paint('bold', key)} ${cutMiddle(scopeName(state, scope), room)} ${paint('dim', `(${formatCount(fingerprintsInScope(state, scope).length)})`)}`,
  )
  const what = {
    accept: 'Accept',
    verify: 'Ask AWS whether these work',
    rotate: 'Mark to rotate',
    rewrite: 'Mark to rewrite',
  }[action]
  return [
    `${paint('bold', `${what}:`)} ${paint('dim', '(Esc: no)')}`,
    words.slice(0, 2).join('   '),
    words.slice(2).join('   '),
  ]
}

function acceptLines(
  { about, reason, expires, field, error, isBusy }: Extract<Dialog, { readonly kind: 'accept' }>,
  room: number,
  paint: Paint,
): readonly string[] {
  const own = (name: typeof field, text: string): string =>
    `${name === field ? paint('bold', '▸') : ' '} ${name === 'reason' ? 'why it may stay' : 'until (optional)'}  ${tail(escapeForTerminal(text), room - 22)}${name === field && !isBusy ? '▏' : ''}`
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
    own('reason', reason),
    own('expires', expires),
    last,
  ]
}

/** The end of a text, where the cursor is. */
function tail(text: string, room: number): string {
  return text.length <= room ? text : `…${text.slice(1 - room)}`
}
