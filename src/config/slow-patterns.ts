import { backtrackingFlaw } from '../rules/backtracking.ts'

export interface PatternSource {
  readonly text: string
  readonly ignoreCase: boolean
}

interface SlowPattern {
  readonly field: string
  readonly flaw: string
}

/** For all patterns of all files. Hundreds take less than a second. */
const maxMs = 30_000

/** Which patterns could be made to take exponential time, by the fields they are named by. */
export async function findSlowPatterns(
  patterns: ReadonlyMap<string, PatternSource>,
): Promise<readonly SlowPattern[]> {
  const started = performance.now()
  const slow: SlowPattern[] = []
  for (const [field, { text, ignoreCase }] of patterns) {
    if (performance.now() - started > maxMs)
      return [
        ...slow,
        {
          field,
          flaw: 'patterns that can be analysed within half a minute, all together: make them simpler',
        },
      ]
    const flaw = await backtrackingFlaw(text, ignoreCase)
    if (flaw !== undefined) slow.push({ field, flaw })
  }
  return slow
}
