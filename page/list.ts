/** The list of findings, with its search, filters and order. */
import type { PageFinding, PageReport } from '../src/report/html/model.ts'
import { counted, element, formatNumber, section } from './elements.ts'
import { matchesFilter, noFilter, type Order, sortFindings } from './filter.ts'
import { findingRow } from './finding.ts'
import type { TimeSpan } from './lifeline.ts'
import { severityNames } from './periods.ts'
import type { Store } from './store.ts'

/** Rows added at a time, so that a page of thousands of findings opens quickly. */
const ROWS_PER_PAGE = 100

const orders: readonly (readonly [order: Order, text: string])[] = [
  ['severity', 'worst first'],
  ['newest', 'newest first'],
  ['oldest', 'oldest first'],
  ['where', 'by place'],
]

/** The section with the toolbar and the findings that match the filter. */
export function findingsList({ findings }: PageReport, span: TimeSpan, store: Store): HTMLElement {
  const rows = element('ul', { class: 'rows' })
  const status = element('p', { class: 'status', role: 'status' })
  const more = element('div', { class: 'more' })
  let matching: readonly PageFinding[] = []
  let shownCount = 0
  const showMore = (count: number): void => {
    const added = matching.slice(shownCount, shownCount + count)
    rows.append(...added.map((finding) => findingRow(finding, span)))
    shownCount += added.length
    more.replaceChildren(...moreButtons(matching.length, shownCount, showMore))
  }
  const refresh = (): void => {
    const filter = store.filter()
    matching = sortFindings(
      findings.filter((finding) => matchesFilter(finding, filter)),
      store.order(),
    )
    shownCount = 0
    rows.replaceChildren()
    showMore(ROWS_PER_PAGE)
    const total = counted(findings.length, 'finding')
    status.textContent =
      matching.length === findings.length
        ? `All ${total}.`
        : `${formatNumber(matching.length)} of ${total}: ${filterWords(store)}.`
  }
  store.listen(refresh)
  refresh()
  // Rows that do not exist yet would be missing in print.
  addEventListener('beforeprint', () => showMore(matching.length - shownCount))
  return section('findings', 'Findings', [toolbar(findings, store), status, rows, more])
}

function moreButtons(
  total: number,
  shownCount: number,
  showMore: (count: number) => void,
): readonly (Node | string)[] {
  const rest = total - shownCount
  if (rest === 0) return []
  return [
    element('button', { type: 'button', click: () => showMore(ROWS_PER_PAGE) }, [
      `Show ${Math.min(rest, ROWS_PER_PAGE)} more`,
    ]),
    ' ',
    element('button', { type: 'button', click: () => showMore(rest) }, [
      `Show all ${formatNumber(total)}`,
    ]),
  ]
}

function toolbar(findings: readonly PageFinding[], store: Store): HTMLElement {
  const search = searchField(store)
  const severity = severityField(store)
  const rule = ruleField(findings, store)
  const head = headField(store)
  const order = element(
    'select',
    {
      id: 'order',
      change: () => store.sort(orders.find(([name]) => name === order.value)?.[0] ?? 'severity'),
    },
    options(orders),
  )
  const clear = element(
    'button',
    { type: 'button', class: 'clear', click: () => store.choose(noFilter) },
    ['Clear'],
  )
  // Tiles, the timeline and the plan change the filter, too.
  store.listen(() => {
    const filter = store.filter()
    if (search.value !== filter.text) search.value = filter.text
    severity.value = filter.severities.size === 1 ? ([...filter.severities][0] ?? '') : ''
    rule.value = filter.rule
    head.value = filter.head
  })
  return element('div', { class: 'toolbar', role: 'search', 'aria-label': 'Findings' }, [
    labelled('search', 'Search', search),
    labelled('by-severity', 'Severity', severity),
    labelled('by-rule', 'Rule', rule),
    labelled('by-head', 'HEAD', head),
    labelled('order', 'Order', order),
    clear,
  ])
}

function searchField(store: Store): HTMLInputElement {
  const search = element('input', {
    id: 'search',
    type: 'search',
    placeholder: 'path, author, commit, rule, fingerprint …',
    autocomplete: 'off',
    spellcheck: 'false',
    input: () => store.choose({ text: search.value }),
  })
  return search
}

function severityField(store: Store): HTMLSelectElement {
  const choose = (): void =>
    store.choose({ severities: new Set(severity.value === '' ? [] : [severity.value]) })
  const severity = element(
    'select',
    { id: 'by-severity', change: choose },
    options([['', 'all'], ...severityNames.map((name) => [name, name] as const)]),
  )
  return severity
}

function ruleField(findings: readonly PageFinding[], store: Store): HTMLSelectElement {
  const rules = [...new Set(findings.map((finding) => finding.rule))].toSorted()
  const rule = element(
    'select',
    { id: 'by-rule', change: () => store.choose({ rule: rule.value }) },
    options([['', 'all'], ...rules.map((name) => [name, name] as const)]),
  )
  return rule
}

function headField(store: Store): HTMLSelectElement {
  const choose = (): void =>
    store.choose({ head: head.value === 'in' || head.value === 'out' ? head.value : 'any' })
  const head = element(
    'select',
    { id: 'by-head', change: choose },
    options([
      ['any', 'all'],
      ['in', 'in HEAD'],
      ['out', 'not in HEAD'],
    ]),
  )
  return head
}

function labelled(id: string, text: string, field: HTMLElement): HTMLElement {
  return element('div', { class: `field field-${id}` }, [
    element('label', { for: id }, [text]),
    field,
  ])
}

function options(
  entries: readonly (readonly [value: string, text: string])[],
): readonly HTMLElement[] {
  return entries.map(([value, text]) => element('option', { value }, [text]))
}

/** The chosen filter in words: `critical, in HEAD`. */
function filterWords(store: Store): string {
  const { severities, exposures, statuses, rule, head, period, text } = store.filter()
  return [
    ...severities,
    ...exposures,
    ...statuses,
    ...(rule === '' ? [] : [rule]),
    ...(head === 'any' ? [] : [head === 'in' ? 'in HEAD' : 'not in HEAD']),
    ...(period === undefined ? [] : [`introduced or removed in ${period.label}`]),
    ...(text === '' ? [] : [`with “${text}”`]),
  ].join(', ')
}
