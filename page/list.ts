import type { PageFinding, PageReport } from '../src/report/html/model.ts'
import { counted, element, section } from './elements.ts'
import { noFilter, type Order, ordered, passes } from './filter.ts'
import { findingRow } from './finding.ts'
import { type Span } from './lifeline.ts'
import { severityNames } from './periods.ts'
import type { Store } from './store.ts'

/** Rows made at once: enough to read, and quick to make. */
const rowsAtOnce = 100

const orders: readonly (readonly [order: Order, text: string])[] = [
  ['severity', 'worst first'],
  ['newest', 'newest first'],
  ['oldest', 'oldest first'],
  ['where', 'by place'],
]

/** What can be chosen, and the findings that are left, some at a time. */
export function findingsList({ findings }: PageReport, span: Span, store: Store): HTMLElement {
  const rows = element('ul', { class: 'rows' })
  const status = element('p', { class: 'status', role: 'status' })
  const more = element('div', { class: 'more' })
  let [left, shown]: [readonly PageFinding[], number] = [[], 0]
  const show = (count: number): void => {
    rows.append(...left.slice(shown, shown + count).map((finding) => findingRow(finding, span)))
    shown = Math.min(left.length, shown + count)
    const rest = left.length - shown
    more.replaceChildren(
      ...(rest === 0
        ? []
        : [
            element('button', { type: 'button', click: () => show(rowsAtOnce) }, [
              `Show ${Math.min(rest, rowsAtOnce)} more`,
            ]),
            ' ',
            element('button', { type: 'button', click: () => show(rest) }, [
              `Show all ${left.length.toLocaleString('en-US')}`,
            ]),
          ]),
    )
  }
  const refresh = (): void => {
    left = ordered(
      findings.filter((finding) => passes(finding, store.filter())),
      store.order(),
    )
    shown = 0
    rows.replaceChildren()
    show(rowsAtOnce)
    status.textContent =
      left.length === findings.length
        ? `All ${counted(findings.length, 'finding')}.`
        : `${left.length.toLocaleString('en-US')} of ${counted(findings.length, 'finding')}${wordsOf(store)}.`
  }
  store.listen(refresh)
  refresh()
  // What is not made cannot be printed.
  addEventListener('beforeprint', () => show(left.length - shown))
  return section('findings', 'Findings', [toolbar(findings, store), status, rows, more])
}

function toolbar(findings: readonly PageFinding[], store: Store): HTMLElement {
  const search = element('input', {
    id: 'search',
    type: 'search',
    placeholder: 'path, author, commit, rule, fingerprint …',
    autocomplete: 'off',
    spellcheck: 'false',
    input: () => store.choose({ text: search.value }),
  })
  const rules = [...new Set(findings.map(({ rule }) => rule))].toSorted()
  const severity = element(
    'select',
    {
      id: 'by-severity',
      change: () =>
        store.choose({ severities: new Set(severity.value === '' ? [] : [severity.value]) }),
    },
    options([['', 'all'], ...severityNames.map((name) => [name, name] as const)]),
  )
  const rule = element(
    'select',
    { id: 'by-rule', change: () => store.choose({ rule: rule.value }) },
    options([['', 'all'], ...rules.map((name) => [name, name] as const)]),
  )
  const head = element(
    'select',
    {
      id: 'by-head',
      change: () =>
        store.choose({ head: head.value === 'in' || head.value === 'out' ? head.value : 'any' }),
    },
    options([
      ['any', 'all'],
      ['in', 'in HEAD'],
      ['out', 'not in HEAD'],
    ]),
  )
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
  // Tiles, bars and the plan choose too.
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

function wordsOf(store: Store): string {
  const { severities, exposures, statuses, rule, head, period, text } = store.filter()
  const words = [
    ...severities,
    ...exposures,
    ...statuses,
    ...(rule === '' ? [] : [rule]),
    ...(head === 'any' ? [] : [head === 'in' ? 'in HEAD' : 'not in HEAD']),
    ...(period === undefined ? [] : [`came or left in ${period.label}`]),
    ...(text === '' ? [] : [`with “${text}”`]),
  ]
  return `: ${words.join(', ')}`
}
