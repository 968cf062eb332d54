/** Pages to read: the verdict and the help. */
import type { Paint } from '../../report/terminal/colour.ts'
import type { ShownFinding } from '../../model/shown.ts'
import { type VerdictDocument, documentOf } from '../verdict/document.ts'
import { verdictLines } from '../verdict/text.ts'
import { topicOf, verdictOf } from '../verdict/verdict.ts'
import type { ScreenState } from './state.ts'

/** Findings listed in each section of the verdict. */
const MAX_ITEMS = 200

/** Returns the lines of the open page. */
export function pageLines(state: ScreenState, paint: Paint): readonly string[] {
  return state.page === 'help' ? helpLines(state.columns, paint) : verdictPage(state, paint)
}

/** Returns the verdict; undefined while the scan runs. */
export function verdictDocument(state: ScreenState): VerdictDocument | undefined {
  const { coverage, findings, failOn, name } = state
  return coverage && documentOf({ name, findings: [...findings.values()], coverage }, failOn)
}

/** Returns the verdict and the number of findings by topic, for the header. */
export function verdictSoFar(state: ScreenState): {
  readonly answer: 'safe' | 'not-yet' | 'unknown' | 'open'
  readonly counts: readonly (readonly [string, number])[]
} {
  const findings = [...state.findings.values()]
  const answer =
    state.coverage === undefined ? 'open' : verdictOf(findings, state.coverage, state.failOn).answer
  const counts = new Map<string, number>()
  for (const finding of findings) {
    const word = state.coverage === undefined ? 'found' : topicWord(finding, state)
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const order = ['found', 'live', 'published', 'pending', 'local', 'spent', 'minor', 'accepted']
  return {
    answer,
    counts: order.flatMap((word) =>
      counts.has(word) ? [[word, counts.get(word) ?? 0] as const] : [],
    ),
  }
}

function topicWord(finding: ShownFinding, { failOn }: ScreenState): string {
  return topicOf(finding, failOn)
}

function verdictPage(state: ScreenState, paint: Paint): readonly string[] {
  const document = verdictDocument(state)
  if (document === undefined)
    return [
      '',
      state.scan.status === 'failed'
        ? `The scan failed: ${state.scan.message ?? ''}`
        : 'The verdict is shown when the scan is done.',
    ]
  const marks = [...state.marks.values()]
  const [rotate, rewrite] = (['rotate', 'rewrite'] as const).map(
    (kind) => marks.filter((mark) => mark === kind).length,
  )
  const planned =
    marks.length === 0
      ? []
      : [
          '',
          `  Marked: ${rotate} to rotate, ${rewrite} to rewrite. ` +
            'For the steps: oakum plan (--fingerprint for one).',
        ]
  return [
    ...verdictLines(document, {
      columns: Math.min(state.columns - 2, 100),
      paint,
      maxItems: MAX_ITEMS,
    }),
    ...planned,
  ]
}

const helpSections: readonly (readonly [
  string,
  readonly (readonly [keys: string, action: string])[],
])[] = [
  [
    'Go',
    [
      ['↑ ↓  j k', 'one line'],
      ['PgUp PgDn  Space  ^D ^U', 'a page, half a page'],
      ['g G  Home End', 'first, last'],
      ['] [', 'next, previous group of the order; in details the next finding'],
      ['n N', 'next, previous undecided; in details the next place'],
      ['Enter  →  l', 'open the details'],
      ['Esc  ←  h', 'back'],
      ['Tab  V', 'the verdict'],
    ],
  ],
  [
    'Find',
    [
      ['/', 'filter as you type: every word must be there, !word must not'],
      ['Esc', 'no filter'],
      ['s S', 'next, previous order: severity, exposure, date, rule, path, places'],
    ],
  ],
  [
    'Decide',
    [
      ['a', 'accept with a reason and an optional date (written to oakum.allow)'],
      ['r', 'mark to rotate'],
      ['w', 'mark to rewrite: to be removed from history'],
      ['A R W', 'the same for a rule, a path, all marked or all listed'],
      ['v', 'verify with AWS whether keys still work, after your consent'],
      ['u', 'undo the last decision'],
    ],
  ],
  [
    'Look',
    [
      ['x', 'in details: show the secret at this place; moving on hides it'],
      ['q', 'back; from the list: quit. All decisions are saved'],
      ['^C', 'quit at once'],
      ['?', 'these keys'],
    ],
  ],
]

const KEY_COLUMNS = 25

function helpLines(columns: number, paint: Paint): readonly string[] {
  const narrow = columns < 80
  return helpSections.flatMap(([title, rows]) => [
    paint('bold', title),
    ...rows.flatMap(([keys, action]) =>
      narrow && keys.length > 14
        ? [`  ${paint('cyan', keys)}`, `    ${action}`]
        : [`  ${paint('cyan', keys.padEnd(narrow ? 15 : KEY_COLUMNS))}${action}`],
    ),
    '',
  ])
}
