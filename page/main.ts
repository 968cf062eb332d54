import type { PageReport } from '../src/report/html/model.ts'
import { timeline } from './chart.ts'
import { element } from './elements.ts'
import type { Span } from './lifeline.ts'
import { findingsList } from './list.ts'
import { heading, overview, plan } from './overview.ts'
import { lifeOf } from './periods.ts'
import { receiptSection } from './receipt.ts'
import { makeStore } from './store.ts'

/** Puts the page together. */
function build(report: PageReport): void {
  const store = makeStore()
  const span = spanOf(report)
  const parts =
    report.findings.length === 0
      ? [
          element('p', { class: 'nothing' }, [
            report.complete ? 'Nothing was found.' : 'Nothing was found in what was read.',
          ]),
        ]
      : [
          overview(report, store),
          plan(report, store),
          timeline(report.findings, span.to, store),
          findingsList(report, span, store),
        ]
  const main = element('main', {}, [...parts.flatMap((part) => part ?? []), receiptSection(report)])
  const footer = element('footer', {}, [
    `Written by Oakum ${report.version}. Redacted secrets are no secrets, but paths, names and dates may be: think before you pass this on.`,
  ])
  document.getElementById('page')?.replaceChildren(heading(report), main, footer)
}

/** From the first finding to the end of the scan. */
function spanOf({ findings, endedAt }: PageReport): Span {
  const times = findings.flatMap((finding) => {
    const life = lifeOf(finding)
    return life === undefined
      ? []
      : [life.came, ...(life.left === undefined || life.left === Infinity ? [] : [life.left])]
  })
  const latest = times.reduce(
    (most, time) => Math.max(most, time),
    endedAt === null ? 0 : Date.parse(endedAt),
  )
  return { from: times.reduce((least, time) => Math.min(least, time), latest), to: latest }
}

build(JSON.parse(document.getElementById('report')?.textContent ?? 'null'))
