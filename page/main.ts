/** Builds the page from the report that is embedded in it. */
import type { PageReport } from '../src/report/html/model.ts'
import { element } from './elements.ts'
import type { TimeSpan } from './lifeline.ts'
import { findingsList } from './list.ts'
import { heading, overview, plan } from './overview.ts'
import { lifetimeOf } from './periods.ts'
import { receiptSection } from './receipt.ts'
import { createStore } from './store.ts'
import { timeline } from './timeline.ts'

function build(report: PageReport): void {
  const store = createStore()
  const span = spanOf(report)
  const sections =
    report.findings.length === 0
      ? [element('p', { class: 'nothing' }, [emptyText(report)])]
      : [
          overview(report, store),
          plan(report, store),
          timeline(report.findings, span.to, store),
          findingsList(report, span, store),
        ]
  const main = element('main', {}, [
    ...sections.flatMap((part) => part ?? []),
    receiptSection(report),
  ])
  const footer = element('footer', {}, [
    `Written by Oakum ${report.version}. `,
    'Secrets are redacted, but paths, names and dates may be confidential: check before you share this page.',
  ])
  document.getElementById('page')?.replaceChildren(heading(report), main, footer)
}

function emptyText({ complete }: PageReport): string {
  return complete ? 'Nothing was found.' : 'Nothing was found in the files that could be read.'
}

/** The time from the first introduction to the end of the scan or the last removal. */
function spanOf({ findings, endedAt }: PageReport): TimeSpan {
  const times = findings.flatMap((finding) => {
    const lifetime = lifetimeOf(finding)
    if (lifetime === undefined) return []
    const { introduced, removed } = lifetime
    return removed === undefined || removed === Infinity ? [introduced] : [introduced, removed]
  })
  const to = times.reduce(
    (latest, time) => Math.max(latest, time),
    endedAt === null ? 0 : Date.parse(endedAt),
  )
  return { from: times.reduce((earliest, time) => Math.min(earliest, time), to), to }
}

build(JSON.parse(document.getElementById('report')?.textContent ?? 'null'))
