/**
 * Which patterns can be made to take exponential time. The home of the package scslre, loaded only
 * where patterns are not ours.
 */
import { TimeLimitError, withinTime } from './time-limit.ts'

/**
 * Repetitions that may differ by this much are taken for endless: forty nested in forty outlast
 * anybody.
 */
const fewTimes = 4
const maxMs = 5000

/**
 * A group that is repeated: without one, no text can be shared out in more than a few ways. May be
 * wrong about what stands in a class.
 */
const repeatedGroup = /\)(?:[*+]|\{\d+,)/

/** What could make a pattern take exponential time, in words; undefined for nothing. */
export type BacktrackingCheck = (source: string, ignoreCase: boolean) => string | undefined

/**
 * What could make the pattern take exponential time, in words; undefined for nothing. Bounds do not
 * help: two nested ones multiply.
 */
export async function backtrackingFlaw(
  source: string,
  ignoreCase: boolean,
): Promise<string | undefined> {
  return repeatedGroup.test(source)
    ? (await loadBacktrackingCheck())(source, ignoreCase)
    : undefined
}

/** The same for many patterns, loaded once. */
export async function loadBacktrackingCheck(): Promise<BacktrackingCheck> {
  const { analyse } = await import('scslre')
  return (source, ignoreCase) => {
    if (!repeatedGroup.test(source)) return undefined
    try {
      const { reports } = withinTime(maxMs, () =>
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
 * `{0,40}` → `{0,}`, outside of escapes and character classes: the analysis takes bounded
 * repetitions for harmless.
 */
function withoutBounds(source: string): string {
  return source.replaceAll(
    /\\[^]|\[(?:\\[^]|[^\]\\])*\]|\{(\d+),(\d+)\}/g,
    (token, least?: string, most?: string) =>
      least === undefined || most === undefined || Number(most) - Number(least) < fewTimes
        ? token
        : `{${least},}`,
  )
}
