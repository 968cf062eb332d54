/** Finds patterns whose matching could take exponential time. */
import { backtrackingFlaw } from '../rules/backtracking.ts'

/** The text of a regular expression before it is compiled. */
export interface PatternSource {
  readonly text: string
  readonly ignoreCase: boolean
}

interface SlowPattern {
  readonly field: string
  readonly flaw: string
}

/** Time limit for the analysis of all patterns together. Hundreds of patterns take under a second. */
const MAX_MS = 30_000

/**
 * Returns the patterns that a hostile text could make exponentially slow, each with the field that
 * holds it. The map's keys are the fields.
 */
export async function findSlowPatterns(
  patterns: ReadonlyMap<string, PatternSource>,
): Promise<readonly SlowPattern[]> {
  const started = performance.now()
  const slow: SlowPattern[] = []
  for (const [field, { text, ignoreCase }] of patterns) {
    if (performance.now() - started > MAX_MS)
      return [
        ...slow,
        {
          field,
          flaw: 'patterns that can be analysed within 30 seconds in total; simplify them',
        },
      ]
    const flaw = await backtrackingFlaw(text, ignoreCase)
    if (flaw !== undefined) slow.push({ field, flaw })
  }
  return slow
}
