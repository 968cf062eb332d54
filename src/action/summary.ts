import { appendFileSync } from 'node:fs'
import type { ScanResult } from '../model/outcome.ts'
import { markdownCode, markdownText } from '../report/formats/markdown-text.ts'
import { scrubResult } from '../report/wording/scrub.ts'
import { countOf } from '../report/terminal/units.ts'

/** Proposals that are listed; the report has all. */
const MAX_LISTED = 50

/** Appends to the job summary. */
export function appendSummary(file: string | undefined, markdown: string): void {
  if (file) appendFileSync(file, `${markdown}\n`)
}

/** What the change would suppress, were it allowed to judge itself; and other notes. */
export function proposalText(result: ScanResult, notes: readonly string[]): string {
  const proposals = scrubResult(result).findings.filter(({ proposed }) => proposed !== undefined)
  const listed = proposals
    .slice(0, MAX_LISTED)
    .map(
      ({ fingerprint, rule, proposed }) =>
        `- ${markdownText(rule.description)} ${markdownCode(fingerprint)}: ${proposed?.by ?? ''}, ${markdownText(proposed?.reason ?? '')}`,
    )
  const more = proposals.length - listed.length
  const suppressed =
    proposals.length === 0
      ? []
      : [
          `### This change would suppress ${countOf(proposals.length, 'finding')}`,
          '',
          'What a change adds of configuration, allow entries, baseline and markers does not suppress what it brings. Have it merged on its own, or set `allow-from: head` where people review it.',
          '',
          ...listed,
          ...(more === 0 ? [] : [`- … and ${more} more`]),
          '',
        ]
  return [
    ...(suppressed.length + notes.length === 0 ? [] : ['']),
    ...suppressed,
    ...notes.flatMap((note) => [`> ${markdownText(note)}`, '']),
  ]
    .map((line) => `${line}\n`)
    .join('')
}
