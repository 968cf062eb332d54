/** Header and footer of every page: progress, verdict so far, notices and keys. */
import type { Paint, Style } from '../../report/terminal/colour.ts'
import { cutMiddle, widthOf } from '../../report/terminal/fit.ts'
import { formatBytes, formatCount, formatDuration } from '../../report/terminal/units.ts'
import { listHeight } from './arrange.ts'
import { verdictSoFar } from './pages.ts'
import type { ScreenState } from './state.ts'

/** Returns two lines: name and progress of the scan; the verdict so far. */
export function headerLines(state: ScreenState, paint: Paint): readonly string[] {
  const { columns } = state
  const title = ` oakum audit  ${cutMiddle(state.name, Math.max(8, Math.floor(columns / 4)))}`
  const progress = progressOf(state, columns - widthOf(title) - 2)
  const gap = Math.max(1, columns - widthOf(title) - widthOf(progress) - 1)
  const progressStyle = state.scan.status === 'failed' ? 'red' : 'dim'
  return [
    `${paint('bold', title)}${' '.repeat(gap)}${paint(progressStyle, progress)}`,
    verdictLine(state, paint),
  ]
}

const answers = {
  safe: ['✔ SAFE TO PUBLISH', 'green'],
  'not-yet': ['✘ NOT YET SAFE TO PUBLISH', 'red'],
  unknown: ['? NOT EVERYTHING COULD BE READ', 'yellow'],
  open: ['… scanning', 'cyan'],
} as const

const countStyles: Readonly<Record<string, Style>> = {
  live: 'red',
  published: 'red',
  pending: 'yellow',
  local: 'cyan',
  accepted: 'green',
}

function verdictLine(state: ScreenState, paint: Paint): string {
  const { answer, counts } = verdictSoFar(state)
  const [text, style] =
    state.scan.status === 'failed' && answer === 'open'
      ? (['✘ THE SCAN FAILED', 'red'] as const)
      : answers[answer]
  const short = state.columns < 76 && answer === 'not-yet' ? '✘ NOT YET SAFE' : text
  const countParts = counts.map(
    ([word, count]) => [`${formatCount(count)} ${word}`, countStyles[word] ?? 'dim'] as const,
  )
  const markParts =
    state.columns < 100 || state.marks.size === 0
      ? []
      : [[`${formatCount(state.marks.size)} marked`, 'bold'] as const]
  const parts = [...countParts, ...markParts].map(([part, partStyle]) => paint(partStyle, part))
  return ` ${paint(style, paint('bold', short))}  ${parts.join(paint('dim', ' · '))}`
}

function progressOf({ scan }: ScreenState, room: number): string {
  const { status, progress, message = '' } = scan
  if (status === 'failed') return cutMiddle(message, Math.max(10, room))
  if (progress === undefined) return 'starting'
  const { phase, planned, objects, bytes, elapsedMs } = progress
  const rate = elapsedMs > 0 ? `${(bytes / 1000 / elapsedMs).toFixed(0)} MB/s` : ''
  if (status === 'done')
    return firstThatFits(
      [
        `done in ${formatDuration(elapsedMs)}, ${formatBytes(bytes)}`,
        `done, ${formatDuration(elapsedMs)}`,
        'done',
      ],
      room,
    )
  if (phase === 'files')
    return firstThatFits([`work tree, ${formatCount(objects)} files read`, 'files'], room)
  if (planned === 0 || objects > planned)
    return firstThatFits([`${formatCount(objects)} objects, ${rate}`, formatCount(objects)], room)
  const share = objects / planned
  if (share > 0.999)
    return firstThatFits(['all read, finding who introduced each', 'attributing'], room)
  const percent = `${Math.floor(share * 100)}%`
  const left =
    objects > 0
      ? `${formatDuration(Math.max(0, (elapsedMs * (planned - objects)) / objects))} left`
      : ''
  const counts = `${formatCount(objects)} of ${formatCount(planned)}`
  const bar = `${'█'.repeat(Math.round(share * 16))}${'░'.repeat(16 - Math.round(share * 16))}`
  return firstThatFits(
    [
      `${bar} ${percent}  ${counts} objects  ${rate}  ${left}`,
      `${percent}  ${counts}  ${rate}  ${left}`,
      `${percent}  ${rate}  ${left}`,
      percent,
    ],
    room,
  )
}

/** Returns two lines: position in the list or a notice; the keys of the page. */
export function footerLines(state: ScreenState, paint: Paint): readonly string[] {
  return [statusLine(state, paint), keysLine(state, paint)]
}

function statusLine(state: ScreenState, paint: Paint): string {
  const { dialog, filter, listed, findings, notice, columns } = state
  if (dialog?.kind === 'filter')
    return ` ${paint('bold', '/')}${filter}▏ ${paint('dim', listedCount(state))}`
  if (notice !== undefined) return paint('yellow', ` ${cutMiddle(notice, columns - 2)}`)
  if (state.page !== 'list') return paint('dim', ` ${'─'.repeat(Math.max(0, columns - 2))}`)
  const end = Math.min(state.top + listHeight(state), listed.length)
  const range =
    listed.length === 0
      ? emptyText(state)
      : `${formatCount(state.top + 1)}–${formatCount(end)} of ${formatCount(listed.length)}`
  const below = listed.length > end ? `  ↓ ${formatCount(listed.length - end)} more` : ''
  const filtered =
    filter === ''
      ? ''
      : `  /${cutMiddle(filter, 24)} (${formatCount(findings.size - listed.length)} hidden, Esc shows them)`
  return paint('dim', ` ${cutMiddle(`${range}${below}${filtered}`, columns - 2)}`)
}

function listedCount({ listed, findings }: ScreenState): string {
  return `${formatCount(listed.length)} of ${formatCount(findings.size)}`
}

function emptyText({ filter, scan }: ScreenState): string {
  if (filter !== '') return 'nothing matches the filter'
  return scan.status === 'running' ? 'nothing found so far' : 'no secrets found'
}

const keys: Readonly<Record<ScreenState['page'], readonly (readonly [string, string])[]>> = {
  list: [
    ['?', 'keys'],
    ['q', 'quit'],
    ['↵', 'open'],
    ['/', 'filter'],
    ['a', 'accept'],
    ['r', 'rotate'],
    ['w', 'rewrite'],
    ['v', 'verify'],
    ['Tab', 'verdict'],
    ['u', 'undo'],
    ['s', 'sort'],
    ['A R W', 'bulk'],
  ],
  detail: [
    ['?', 'keys'],
    ['Esc', 'back'],
    ['n', 'next place'],
    ['x', 'reveal'],
    ['a', 'accept'],
    ['r', 'rotate'],
    ['w', 'rewrite'],
    ['v', 'verify'],
    [']', 'next finding'],
    ['u', 'undo'],
  ],
  verdict: [
    ['?', 'keys'],
    ['Esc', 'back'],
    ['↑↓', 'scroll'],
    ['u', 'undo'],
  ],
  help: [
    ['Esc', 'back'],
    ['↑↓', 'scroll'],
  ],
}

function keysLine({ page, dialog, columns, revealed }: ScreenState, paint: Paint): string {
  const pageKeys: readonly (readonly [string, string])[] =
    dialog?.kind === 'filter'
      ? [
          ['↵', 'keep'],
          ['Esc', 'cancel'],
          ['!word', 'without'],
        ]
      : revealed === undefined
        ? keys[page]
        : [['x', 'hide'], ...keys[page].filter(([key]) => key !== 'x')]
  const shown: string[] = []
  let room = columns - 1
  for (const [key, action] of pageKeys) {
    room -= widthOf(key) + widthOf(action) + 3
    if (room < 0) break
    shown.push(`${paint('bold', key)} ${paint('dim', action)}`)
  }
  return ` ${shown.join('  ')}`
}

function firstThatFits(texts: readonly string[], room: number): string {
  return texts.find((text) => widthOf(text) <= room) ?? ''
}
