/** The top of the page: the verdict, counts that work as filters, and what to do first. */
import type { PageFinding, PageReport } from '../src/report/html/model.ts'
import { counted, element, formatNumber, section } from './elements.ts'
import { type Filter, noFilter } from './filter.ts'
import { severityNames } from './periods.ts'
import { type Store, toggled } from './store.ts'

interface Category {
  readonly name: string
  readonly meaning: string
}

/** All exposures, the worst first. */
const exposures: readonly Category[] = [
  { name: 'published', meaning: 'on a remote: assume it has leaked' },
  { name: 'pending', meaning: 'the next push would publish it' },
  { name: 'local', meaning: 'only in this clone' },
  { name: 'staged', meaning: 'the next commit would include it' },
  { name: 'file', meaning: 'in the working tree' },
  { name: 'history', meaning: 'in history' },
  { name: 'input', meaning: 'from standard input' },
]

/** All verification statuses, the worst first. */
const statuses: readonly Category[] = [
  { name: 'live', meaning: 'it works' },
  { name: 'mismatch', meaning: 'the id is live, but the secret belongs to another key' },
  { name: 'unknown', meaning: 'no conclusive answer' },
  { name: 'expired', meaning: 'it has expired' },
  { name: 'inactive', meaning: 'it does not work' },
  { name: 'not-tried', meaning: 'not verified' },
]

const targetNames: Readonly<Record<string, string>> = {
  history: 'the history',
  range: 'a range of commits',
  staged: 'the next commit',
  scan: 'the files',
  stdin: 'standard input',
}

/** The header of the page: title, verdict, and the time of the scan. */
export function heading({ subject, target, verdict, complete, endedAt }: PageReport): HTMLElement {
  const time = endedAt === null ? '' : ` on ${endedAt.slice(0, 10)} at ${endedAt.slice(11, 16)} UTC`
  const title = `Secrets in ${targetNames[target] ?? target}${subject === '' ? '' : ` of ${subject}`}`
  return element('header', {}, [
    element('p', { class: 'brand' }, ['Oakum']),
    element('h1', {}, [title]),
    element('p', { class: complete ? 'verdict' : 'verdict incomplete' }, [verdict]),
    element('p', { class: 'scan-time' }, [
      `Scanned${time}. Secrets are redacted; this page makes no network requests.`,
    ]),
  ])
}

/** The section with the number of findings by severity, exposure and verification. */
export function overview({ findings }: PageReport, store: Store): HTMLElement {
  const tiles = severityNames.map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    return severityTile(severity, count, store)
  })
  const exposureCounts = countCategories(exposures, findings, ({ exposure }) => exposure)
  const statusCounts = countCategories(
    statuses,
    findings,
    ({ verification }) => verification.status,
  )
  return section('overview', 'What was found', [
    element('div', { class: 'tiles', role: 'group', 'aria-label': 'Severity' }, tiles),
    element('div', { class: 'groups' }, [
      choiceGroup('Exposure', 'exposures', exposureCounts, store),
      choiceGroup('Verification', 'statuses', statusCounts, store),
    ]),
  ])
}

function severityTile(severity: string, count: number, store: Store): HTMLElement {
  const toggle = (): void =>
    store.choose({ severities: toggled(store.filter().severities, severity) })
  const button = element(
    'button',
    {
      type: 'button',
      class: `tile edge-${severity}`,
      'aria-pressed': 'false',
      disabled: count === 0,
      click: toggle,
    },
    [
      element('span', { class: 'number' }, [formatNumber(count)]),
      ' ',
      element('span', { class: 'name' }, [severity]),
    ],
  )
  store.listen(() =>
    button.setAttribute('aria-pressed', String(store.filter().severities.has(severity))),
  )
  return button
}

interface CategoryCount extends Category {
  readonly count: number
}

function countCategories(
  categories: readonly Category[],
  findings: readonly PageFinding[],
  categoryOf: (finding: PageFinding) => string,
): readonly CategoryCount[] {
  return categories
    .map((category) => ({
      ...category,
      count: findings.filter((finding) => categoryOf(finding) === category.name).length,
    }))
    .filter(({ count }) => count > 0)
}

function choiceGroup(
  label: string,
  key: 'exposures' | 'statuses',
  counts: readonly CategoryCount[],
  store: Store,
): HTMLElement {
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  return element('div', { class: 'group', role: 'group', 'aria-label': label }, [
    element('h3', {}, [label]),
    ...(counts.length === 0
      ? [element('p', { class: 'lead' }, ['None.'])]
      : counts.map((category) => choiceButton(category, key, total, store))),
  ])
}

function choiceButton(
  { name, meaning, count }: CategoryCount,
  key: 'exposures' | 'statuses',
  total: number,
  store: Store,
): HTMLElement {
  const button = element(
    'button',
    {
      type: 'button',
      class: 'choice',
      'aria-pressed': 'false',
      click: () => store.choose({ [key]: toggled(store.filter()[key], name) }),
    },
    [
      element('span', { class: 'number' }, [formatNumber(count)]),
      ' ',
      element('span', { class: 'name' }, [name === 'not-tried' ? 'not tried' : name]),
      ' ',
      element('span', { class: 'meaning' }, [meaning]),
      meter(count / total),
    ],
  )
  store.listen(() => button.setAttribute('aria-pressed', String(store.filter()[key].has(name))))
  return button
}

/** A bar that shows a share. Its width is set by script, since the page allows no inline styles. */
function meter(share: number): HTMLElement {
  const bar = element('span', {})
  bar.style.inlineSize = `${100 * share}%`
  return element('span', { class: 'meter', 'aria-hidden': 'true' }, [bar])
}

interface PlanStep {
  readonly filter: Partial<Filter>
  readonly applies: (finding: PageFinding) => boolean
  readonly text: (count: string) => string
}

const planSteps: readonly PlanStep[] = [
  {
    filter: { statuses: new Set(['live']) },
    applies: ({ verification }) => verification.status === 'live',
    text: (count) => `Rotate ${count} first: the provider confirmed that they still work.`,
  },
  {
    filter: { exposures: new Set(['published']) },
    applies: ({ exposure }) => exposure === 'published',
    text: (count) =>
      `Rotate ${count} on a remote. Rewriting history alone does not help: ` +
      'clones, forks and caches keep what was pushed.',
  },
  {
    filter: { exposures: new Set(['pending']) },
    applies: ({ exposure }) => exposure === 'pending',
    text: (count) => `Remove ${count} from unpushed commits before you push.`,
  },
  {
    filter: { exposures: new Set(['staged']) },
    applies: ({ exposure }) => exposure === 'staged',
    text: (count) => `Unstage ${count} before you commit.`,
  },
  {
    filter: { head: 'in' },
    applies: ({ inHead }) => inHead === true,
    text: (count) =>
      `Remove ${count} from the files in HEAD, so that nobody copies or reuses them.`,
  },
]

/** The section with what to do first about all findings, in order; undefined if nothing is left. */
export function plan({ findings, complete }: PageReport, store: Store): HTMLElement | undefined {
  const items = planSteps.flatMap(({ filter, applies, text }) => {
    const count = findings.filter(applies).length
    if (count === 0) return []
    const show = (): void => showFindings(filter, store)
    return [
      element('li', {}, [
        `${text(counted(count, 'credential'))} `,
        element('button', { type: 'button', class: 'link', click: show }, [
          count === 1 ? 'Show it' : 'Show them',
        ]),
      ]),
    ]
  })
  const rescan =
    'Find out why not everything could be read, and scan again: the receipt lists what is missing.'
  const steps = complete ? items : [...items, element('li', {}, [rescan])]
  if (steps.length === 0) return undefined
  return section('plan', 'What to do first', [element('ol', { class: 'plan' }, steps)])
}

function showFindings(filter: Partial<Filter>, store: Store): void {
  store.choose({ ...noFilter, ...filter })
  document.getElementById('findings')?.scrollIntoView()
  document.getElementById('search')?.focus({ preventScroll: true })
}
