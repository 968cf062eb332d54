/** Verdict as JSON, for `oakum audit --format json`. */
import { indentedJson } from '../../report/formats/indented-json.ts'
import type { Coverage } from '../../model/shown.ts'
import type { VerdictDocument } from './document.ts'

/** Returns the verdict as JSON for programs. */
export function verdictJson(
  { name, answer, summary, sections }: VerdictDocument,
  coverage: Coverage,
  version: string,
): string {
  const { skipped, ...rest } = coverage
  const points = sections.map(({ topic, title, blocks, count, items }) => ({
    topic,
    title,
    blocks,
    count,
    fingerprints: items.flatMap(({ fingerprint }) => fingerprint ?? []),
  }))
  const json = {
    oakum: version,
    verdict: 1,
    name,
    answer,
    safe: answer === 'safe',
    summary,
    points,
    coverage: {
      ...rest,
      skipped: skipped.map(({ outcome, text, count }) => ({ outcome, text, count })),
    },
  }
  return indentedJson(json)
}
