import type { SourceBlob } from '../../model/model.ts'
import { FastMatcher } from './fast-matcher.ts'
import { ruleTable } from './rule-table.ts'

/**
 * Runs the fast path on a text with every keyword, so that V8 compiles the functions that later
 * commits need and the code cache gets them. The result is thrown away.
 */
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
