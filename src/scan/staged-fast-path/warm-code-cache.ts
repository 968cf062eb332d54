import type { SourceBlob } from '../../model/model.ts'
import { FastMatcher } from './fast-matcher.ts'
import { ruleTable } from './rule-table.ts'

/** Runs what hooks run where keywords stand, for what V8 compiles by that to be kept. */
export async function warmCodeCache(signal: AbortSignal): Promise<void> {
  const bytes = Buffer.from(
    ruleTable.keywords.map(({ text }) => `${text} = "x"\n`).join(''),
    'latin1',
  )
  const blob: SourceBlob = {
    id: '',
    kind: 'blob',
    origins: [{ kind: 'stdin' }],
    start: 0,
    bytes,
    last: true,
  }
  new FastMatcher(ruleTable).isQuiet(blob)
  await (await import('./evaluate-candidates.ts')).suppressedIn([blob], signal)
}
