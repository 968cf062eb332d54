/** The receipt at the end of the page: coverage, skips, suppressed candidates and rules. */
import type { PageReport, PageSuppressed } from '../src/report/html/model.ts'
import { counted, element, formatNumber, pairs, section } from './elements.ts'

/** A list of at most this many entries is open from the start. */
const MAX_OPEN = 10

/** The section with the receipt. */
export function receiptSection(report: PageReport): HTMLElement {
  const { receipt, skips, moreSkips, suppressed, complete } = report
  const textsOf = (failed: boolean): readonly string[] =>
    skips.filter((skip) => skip.failed === failed).map(({ text }) => text)
  const unread = textsOf(true)
  return section('receipt', 'Receipt', [
    ...(complete
      ? []
      : [
          element('p', { class: 'verdict incomplete' }, [
            'The scan is incomplete: it says nothing about what was not read.',
          ]),
        ]),
    pairs([
      ...receipt.map(([name, value]) => [name, [value]] as const),
      ['suppressed', [suppressedCounts(suppressed)]],
    ]),
    // Failed skips come first, so the ones that are not listed follow them.
    ...skipList('Could not be read', unread, unread.length > 0 ? moreSkips : 0),
    ...skipList('Skipped', textsOf(false), unread.length > 0 ? 0 : moreSkips),
    ...(suppressed.items.length === 0 ? [] : [suppressedList(suppressed.items)]),
  ])
}

function suppressedCounts({ total, by }: PageReport['suppressed']): string {
  if (total === 0) return 'none'
  return `${formatNumber(total)}: ${by.map(([name, count]) => `${formatNumber(count)} ${name}`).join(', ')}`
}

function skipList(name: string, texts: readonly string[], more: number): readonly HTMLElement[] {
  if (texts.length === 0) return []
  const lines = [...texts, ...(more === 0 ? [] : [`and ${formatNumber(more)} more`])]
  const total = counted(texts.length + more, 'entry', 'entries')
  return [
    element('details', { class: 'plain', open: texts.length <= MAX_OPEN }, [
      element('summary', {}, [`${name}: ${total}`]),
      element(
        'ul',
        { class: 'skips' },
        lines.map((line) => element('li', {}, [line])),
      ),
    ]),
  ]
}

function suppressedList(items: readonly PageSuppressed[]): HTMLElement {
  const rows = items.map(({ rule, by, reason, redacted, where }) =>
    element('li', {}, [element('code', {}, [redacted]), ` ${rule} in ${where}; ${by}: ${reason}`]),
  )
  return element('details', { class: 'plain' }, [
    element('summary', {}, [`Suppressed: ${formatNumber(items.length)}`]),
    element('ul', { class: 'skips' }, rows),
  ])
}
