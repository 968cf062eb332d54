/** The section with the timeline: a caption, the chart, a legend, and the same data as a table. */
import type { PageFinding } from '../src/report/html/model.ts'
import { chart, totalIntroduced } from './chart.ts'
import { counted, element, formatNumber, section } from './elements.ts'
import { lifetimeOf, type Period, periodsOf, severityNames } from './periods.ts'
import type { Store } from './store.ts'

/** The section, or undefined if no finding has a date. `end` is the end of the scan. */
export function timeline(
  findings: readonly PageFinding[],
  end: number,
  store: Store,
): HTMLElement | undefined {
  const periods = periodsOf(findings, end)
  if (periods.length === 0) return undefined
  return section('timeline', 'Credentials over time', [
    element('p', { class: 'lead' }, [caption(findings, periods)]),
    element('div', { class: 'scroll' }, [chart(periods, store)]),
    legend(),
    element('details', { class: 'plain' }, [
      element('summary', {}, ['Show as a table']),
      periodTable(periods),
    ]),
  ])
}

function caption(findings: readonly PageFinding[], periods: readonly Period[]): string {
  const dated = findings.filter((finding) => lifetimeOf(finding) !== undefined)
  const inHead = findings.filter((finding) => finding.inHead === true).length
  const notInHead = dated.filter((finding) => lifetimeOf(finding)?.removed !== Infinity)
  const removalUnknown = notInHead.filter((finding) => lifetimeOf(finding)?.removed === undefined)
  const removed = notInHead.length - removalUnknown.length
  const never = removalUnknown.filter(({ inHeadHistory }) => inHeadHistory === false).length
  const unknown = removalUnknown.length - never
  const undated = findings.length - dated.length
  const [first, last] = [periods[0]?.label ?? '', periods.at(-1)?.label ?? '']
  return [
    `${counted(dated.length, 'credential')} introduced between ${first} and ${last}.`,
    `${formatNumber(inHead)} in HEAD; ${formatNumber(removed)} removed from it, but still in history.`,
    ...(never === 0
      ? []
      : [`${formatNumber(never)} never in HEAD: only in other branches, tags or stashes.`]),
    ...(unknown === 0 ? [] : [`${formatNumber(unknown)} not in HEAD, removed at an unknown time.`]),
    ...(undated === 0 ? [] : [`${counted(undated, 'credential')} without a known commit or date.`]),
    'Select a period to filter by it.',
  ].join(' ')
}

function legend(): HTMLElement {
  return element('ul', { class: 'legend' }, [
    ...severityNames.map((severity) => legendEntry(severity, `introduced, ${severity}`)),
    legendEntry('removed', 'removed from HEAD'),
    legendEntry('in-head', 'in HEAD'),
  ])
}

function legendEntry(name: string, text: string): HTMLElement {
  return element('li', {}, [
    element('span', { class: `swatch back-${name}`, 'aria-hidden': 'true' }),
    text,
  ])
}

function periodTable(periods: readonly Period[]): HTMLElement {
  const names = ['period', ...severityNames, 'removed', 'in HEAD']
  const rows = periods
    .filter((period) => totalIntroduced(period) + period.removed > 0)
    .map(({ label, introduced, removed, inHead }) => [
      label,
      ...severityNames.map((severity) => String(introduced[severity])),
      String(removed),
      String(inHead),
    ])
  const table = element('table', {}, [
    element('thead', {}, [element('tr', {}, tableCells('th', names))]),
    element(
      'tbody',
      {},
      rows.map((row) => element('tr', {}, tableCells('td', row))),
    ),
  ])
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Periods as a table' },
    [table],
  )
}

function tableCells(tag: 'th' | 'td', texts: readonly string[]): readonly Node[] {
  return texts.map((text) => element(tag, tag === 'th' ? { scope: 'col' } : {}, [text]))
}
