/** The part of the job summary that only the Action writes: suppressions that a change proposes. */
import { appendFileSync } from 'node:fs'
import type { ScanResult } from '../model/outcome.ts'
import { markdownCode, markdownText } from '../report/formats/markdown-text.ts'
import { countOf } from '../report/terminal/units.ts'
import { scrubResult } from '../report/wording/scrub.ts'

/** Maximum number of proposals listed. The JSON report contains all. */
const MAX_LISTED = 50

const EXPLANATION =
  'Configuration, allow entries, a baseline and markers that a change adds do not suppress findings ' +
  'of the same change. Merge them on their own first, or set `allow-from: head` if people review them.'

/** Appends markdown to the job summary. */
export function appendSummary(file: string | undefined, markdown: string): void {
  if (file) appendFileSync(file, `${markdown}\n`)
}

/** The findings that the change's own configuration would suppress, and other notes. */
export function proposalText(result: ScanResult, notes: readonly string[]): string {
  const proposals = scrubResult(result).findings.filter(({ proposed }) => proposed !== undefined)
  const listed = proposals.slice(0, MAX_LISTED).map(({ fingerprint, rule, proposed }) => {
    const reason = `${proposed?.by ?? ''}, ${markdownText(proposed?.reason ?? '')}`
    return `- ${markdownText(rule.description)} ${markdownCode(fingerprint)}: ${reason}`
  })
  const more = proposals.length - listed.length
  const section =
    proposals.length === 0
      ? []
      : [
          `### This change would suppress ${countOf(proposals.length, 'finding')}`,
          '',
          EXPLANATION,
          '',
          ...listed,
          ...(more === 0 ? [] : [`- … and ${more} more`]),
          '',
        ]
  return [
    ...(section.length + notes.length === 0 ? [] : ['']),
    ...section,
    ...notes.flatMap((note) => [`> ${markdownText(note)}`, '']),
  ]
    .map((line) => `${line}\n`)
    .join('')
}
