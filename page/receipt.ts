import type { PageReport, PageSuppressed } from '../src/report/html/model.ts'
import { counted, element, pairs, section } from './elements.ts'

/** What was read and what was not, what was ruled out, and under which rules. */
export function receiptSection({
  receipt,
  skips,
  moreSkips,
  suppressed,
  complete,
}: PageReport): HTMLElement {
  const failed = skips.filter((skip) => skip.failed)
  const bounded = skips.filter((skip) => !skip.failed)
  const by = suppressed.by
    .map(([name, count]) => `${count.toLocaleString('en-US')} ${name}`)
    .join(', ')
  return section('receipt', 'Receipt', [
    ...(complete
      ? []
      : [
          element('p', { class: 'verdict incomplete' }, [
            'The scan is not complete. It has shown nothing of what was not read.',
          ]),
        ]),
    pairs([
      ...receipt.map(([name, value]) => [name, [value]] as const),
      [
        'suppressed',
        [suppressed.total === 0 ? 'nothing' : `${suppressed.total.toLocaleString('en-US')}: ${by}`],
      ],
    ]),
    ...skipList(
      'Could not be read',
      failed.map(({ text }) => text),
      failed.length > 0 ? moreSkips : 0,
    ),
    ...skipList(
      'Left out, as limits ask',
      bounded.map(({ text }) => text),
      failed.length > 0 ? 0 : moreSkips,
    ),
    ...(suppressed.items.length === 0 ? [] : [suppressedList(suppressed.items)]),
  ])
}

function skipList(name: string, texts: readonly string[], more: number): readonly HTMLElement[] {
  if (texts.length === 0) return []
  const items = [...texts, ...(more === 0 ? [] : [`and ${more.toLocaleString('en-US')} more`])].map(
    (text) => element('li', {}, [text]),
  )
  return [
    element('details', { class: 'plain', open: texts.length <= 10 }, [
      element('summary', {}, [
        `${name}: ${counted(texts.length + more, 'entry').replace(/entrys$/, 'entries')}`,
      ]),
      element('ul', { class: 'skips' }, items),
    ]),
  ]
}

function suppressedList(items: readonly PageSuppressed[]): HTMLElement {
  const rows = items.map(({ rule, by, reason, redacted, where }) =>
    element('li', {}, [element('code', {}, [redacted]), ` ${rule} in ${where}; ${by}: ${reason}`]),
  )
  return element('details', { class: 'plain' }, [
    element('summary', {}, [`Suppressed: ${items.length.toLocaleString('en-US')}`]),
    element('ul', { class: 'skips' }, rows),
  ])
}
