import type { PageFinding, PageReport } from '../src/report/html/model.ts'
import { counted, element, section } from './elements.ts'
import { type Filter, noFilter } from './filter.ts'
import { severityNames } from './periods.ts'
import { type Store, toggled } from './store.ts'

/** What an exposure means, in the order of how bad that is. */
const exposures: readonly (readonly [name: string, meaning: string])[] = [
  ['published', 'a remote has it: assume it has leaked'],
  ['pending', 'the next push would publish it'],
  ['local', 'only in this clone'],
  ['staged', 'the next commit would hold it'],
  ['file', 'in a file'],
  ['history', 'in history'],
  ['input', 'from standard input'],
]

const statuses: readonly (readonly [name: string, meaning: string])[] = [
  ['live', 'it works'],
  ['mismatch', 'the id is live, the secret is not its own'],
  ['unknown', 'no answer that says'],
  ['expired', 'its time is over'],
  ['inactive', 'it does not work'],
  ['not-tried', 'nobody was asked'],
]

/** Title, verdict and what was scanned. */
export function heading({ subject, target, verdict, complete, endedAt }: PageReport): HTMLElement {
  const what =
    {
      history: 'the history',
      range: 'a range of commits',
      staged: 'the next commit',
      scan: 'the files',
      stdin: 'a pipe',
    }[target] ?? target
  const when = endedAt === null ? '' : ` on ${endedAt.slice(0, 10)} at ${endedAt.slice(11, 16)} UTC`
  return element('header', {}, [
    element('p', { class: 'brand' }, ['Oakum']),
    element('h1', {}, [`Secrets in ${what}${subject === '' ? '' : ` of ${subject}`}`]),
    element('p', { class: complete ? 'verdict' : 'verdict incomplete' }, [verdict]),
    element('p', { class: 'when' }, [
      `Scanned${when}. Secrets are redacted; this page loads nothing from anywhere.`,
    ]),
  ])
}

/** How many of which severity, exposure and verification, each to be chosen. */
export function overview({ findings }: PageReport, store: Store): HTMLElement {
  const tiles = severityNames.map((severity) =>
    tile(severity, findings.filter((one) => one.severity === severity).length, store),
  )
  return section('overview', 'What was found', [
    element('div', { class: 'tiles', role: 'group', 'aria-label': 'Severity' }, tiles),
    element('div', { class: 'groups' }, [
      choices(
        'Exposure',
        'exposures',
        countsOf(exposures, findings, ({ exposure }) => exposure),
        store,
      ),
      choices(
        'Verification',
        'statuses',
        countsOf(statuses, findings, ({ verification }) => verification.status),
        store,
      ),
    ]),
  ])
}

function tile(severity: string, count: number, store: Store): HTMLElement {
  const pressed = (): boolean => store.filter().severities.has(severity)
  const choose = (): void =>
    store.choose({ severities: toggled(store.filter().severities, severity) })
  const button = element(
    'button',
    {
      type: 'button',
      class: `tile edge-${severity}`,
      'aria-pressed': 'false',
      disabled: count === 0,
      click: choose,
    },
    [
      element('span', { class: 'number' }, [count.toLocaleString('en-US')]),
      ' ',
      element('span', { class: 'name' }, [severity]),
    ],
  )
  store.listen(() => button.setAttribute('aria-pressed', String(pressed())))
  return button
}

interface Choice {
  readonly name: string
  readonly meaning: string
  readonly count: number
}

function countsOf(
  names: typeof exposures,
  findings: readonly PageFinding[],
  wordOf: (finding: PageFinding) => string,
): readonly Choice[] {
  return names
    .map(([name, meaning]) => ({
      name,
      meaning,
      count: findings.filter((finding) => wordOf(finding) === name).length,
    }))
    .filter(({ count }) => count > 0)
}

function choices(
  label: string,
  key: 'exposures' | 'statuses',
  counts: readonly Choice[],
  store: Store,
): HTMLElement {
  const all = counts.reduce((sum, { count }) => sum + count, 0)
  const rows = counts.map(({ name, meaning, count }) => {
    const chosen = (): ReadonlySet<string> => store.filter()[key]
    const meter = element('span', { class: 'meter', 'aria-hidden': 'true' }, [element('span', {})])
    if (meter.firstElementChild instanceof HTMLElement)
      meter.firstElementChild.style.inlineSize = `${(100 * count) / all}%`
    const button = element(
      'button',
      {
        type: 'button',
        class: 'choice',
        'aria-pressed': 'false',
        click: () => store.choose({ [key]: toggled(chosen(), name) }),
      },
      [
        element('span', { class: 'number' }, [count.toLocaleString('en-US')]),
        ' ',
        element('span', { class: 'name' }, [name === 'not-tried' ? 'not tried' : name]),
        ' ',
        element('span', { class: 'meaning' }, [meaning]),
        meter,
      ],
    )
    store.listen(() => button.setAttribute('aria-pressed', String(chosen().has(name))))
    return button
  })
  return element('div', { class: 'group', role: 'group', 'aria-label': label }, [
    element('h3', {}, [label]),
    ...(rows.length === 0 ? [element('p', { class: 'lead' }, ['Nothing.'])] : rows),
  ])
}

/** What to do first, over all findings, in order. */
export function plan({ findings, complete }: PageReport, store: Store): HTMLElement | undefined {
  const steps: readonly (readonly [
    which: Partial<Filter>,
    members: readonly PageFinding[],
    text: (count: string) => string,
  ])[] = [
    [
      { statuses: new Set(['live']) },
      findings.filter(({ verification }) => verification.status === 'live'),
      (count) => `Rotate ${count} first: the provider says that they still work.`,
    ],
    [
      { exposures: new Set(['published']) },
      findings.filter(({ exposure }) => exposure === 'published'),
      (count) =>
        `Rotate ${count} that a remote has. Rewriting history does not help before: clones, forks and caches keep what was pushed.`,
    ],
    [
      { exposures: new Set(['pending']) },
      findings.filter(({ exposure }) => exposure === 'pending'),
      (count) => `Take ${count} out of commits that are not pushed yet, and push after that.`,
    ],
    [
      { exposures: new Set(['staged']) },
      findings.filter(({ exposure }) => exposure === 'staged'),
      (count) => `Unstage ${count} before you commit.`,
    ],
    [
      { head: 'in' },
      findings.filter(({ inHead }) => inHead === true),
      (count) =>
        `Take ${count} out of the files of HEAD, so that they are not used and copied further.`,
    ],
  ]
  const items = steps
    .filter(([, members]) => members.length > 0)
    .map(([which, members, text]) =>
      element('li', {}, [
        `${text(counted(members.length, 'credential'))} `,
        element('button', { type: 'button', class: 'link', click: () => showThem(which, store) }, [
          members.length === 1 ? 'Show it' : 'Show them',
        ]),
      ]),
    )
  const again = complete
    ? []
    : [
        element('li', {}, [
          'Find out why not everything could be read, and scan again: the receipt names what is missing.',
        ]),
      ]
  if (items.length + again.length === 0) return undefined
  return section('plan', 'What to do first', [
    element('ol', { class: 'plan' }, [...items, ...again]),
  ])
}

function showThem(which: Partial<Filter>, store: Store): void {
  store.choose({ ...noFilter, ...which })
  document.getElementById('findings')?.scrollIntoView()
  document.getElementById('search')?.focus({ preventScroll: true })
}
