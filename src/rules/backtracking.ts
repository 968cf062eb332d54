/**
 * Finds patterns that can take exponential time. The only importer of the package scslre, which is
 * loaded for rules of users only.
 */
import { TimeLimitError, withinTime } from './time-limit.ts'

/**
 * Smallest difference between the bounds of a repetition that is treated as unlimited: forty
 * repetitions nested in forty take practically for ever.
 */
const HARMLESS_SPREAD = 4
const MAX_MS = 5000

/**
 * A repeated group. A pattern without one can split a text in only a few ways. May also match
 * inside a character class, which only costs time.
 */
const repeatedGroup = /\)(?:[*+]|\{\d+,)/

/** Returns the reason, in words, why a pattern can take exponential time, or undefined. */
export type BacktrackingCheck = (source: string, ignoreCase: boolean) => string | undefined

/**
 * Returns the reason, in words, why a pattern can take exponential time, or undefined. Bounds on
 * repetitions do not help, because nested ones multiply.
 */
export async function backtrackingFlaw(
  source: string,
  ignoreCase: boolean,
): Promise<string | undefined> {
  return repeatedGroup.test(source)
    ? (await loadBacktrackingCheck())(source, ignoreCase)
    : undefined
}

/** Loads the check once, for many patterns. */
export async function loadBacktrackingCheck(): Promise<BacktrackingCheck> {
  const { analyse } = await import('scslre')
  return (source, ignoreCase) => {
    if (!repeatedGroup.test(source)) return undefined
    try {
      const { reports } = withinTime(MAX_MS, () =>
        analyse(
          { source: withoutBounds(source), flags: ignoreCase ? 'i' : '' },
          { reportTypes: { Move: false }, maxReports: 1 },
        ),
      )
      const report = reports.find(({ exponential }) => exponential)
      if (report === undefined) return undefined
      const parts =
        report.type === 'Trade'
          ? `${report.startQuant.raw} and ${report.endQuant.raw} share`
          : `${report.quant.raw} has two ways to match`
      return `a pattern that takes no exponential time: ${parts.slice(0, 200)} the same text`
    } catch (error) {
      if (error instanceof TimeLimitError)
        return 'a pattern that can be analysed within seconds: make it simpler'
      if (error instanceof SyntaxError || error instanceof RangeError)
        return 'a pattern that can be analysed: make it simpler'
      throw error
    }
  }
}

/**
 * Replaces `{0,40}` with `{0,}` outside escapes and character classes, because the analysis takes
 * bounded repetitions for harmless.
 */
function withoutBounds(source: string): string {
  return source.replaceAll(
    /\\[^]|\[(?:\\[^]|[^\]\\])*\]|\{(\d+),(\d+)\}/g,
    (token, min?: string, max?: string) =>
      min === undefined || max === undefined || Number(max) - Number(min) < HARMLESS_SPREAD
        ? token
        : `{${min},}`,
  )
}
