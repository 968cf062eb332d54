/** Checks that translated expressions cannot take exponential time. */
import { loadBacktrackingCheck } from '../../rules/backtracking.ts'
import { TimeLimitError, withinTime } from '../../rules/time-limit.ts'

/** True when the expression may take exponential time. */
export type IsSlow = (pattern: Expression) => boolean

interface Expression {
  readonly text: string
  readonly ignoreCase: boolean
  /** Length of the longest text it will be matched against; default 4096. */
  readonly maxLength?: number
}

/**
 * Time limit for one text. A scan stops an expression after three seconds and matches values twice
 * as long, and twice the length may take four times as long.
 */
const MAX_MS = 300

const DEFAULT_MAX_LENGTH = 4096

/** Attempts per text: a busy machine may exceed the time limit once. */
const MAX_ATTEMPTS = 3

/**
 * Loads the check. It is true for an expression that a scan would refuse, and for one that exceeds
 * the time limit on a hostile text.
 */
export async function loadSlowCheck(): Promise<IsSlow> {
  const flawOf = await loadBacktrackingCheck()
  return ({ text, ignoreCase, maxLength = DEFAULT_MAX_LENGTH }) => {
    if (flawOf(text, ignoreCase) !== undefined) return true
    const pattern = new RegExp(text, ignoreCase ? 'dgi' : 'dg')
    return hostileTexts(text, maxLength).some((hostile) =>
      exceedsTime(() => void hostile.match(pattern)),
    )
  }
}

function exceedsTime(work: () => void): boolean {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    try {
      withinTime(MAX_MS, work)
      return false
    } catch (error) {
      if (!(error instanceof TimeLimitError)) throw error
    }
  }
  return true
}

/**
 * Returns texts that repeat one unit: characters that repetitions usually accept, and the literals
 * of the expression itself.
 */
function hostileTexts(text: string, maxLength: number): readonly string[] {
  const words = [...new Set(text.match(/[A-Za-z_-]{3,20}/g) ?? [])].slice(0, 12)
  const units = [
    'a',
    ' ',
    '\t\n',
    'aB3/',
    'a.',
    '-',
    '"\'',
    'a=',
    ': ',
    ...words,
    ...words.map((word) => `${word} `),
    ...words.map((word) => `${word}=`),
  ]
  return units.map((unit) => unit.repeat(Math.ceil(maxLength / unit.length)))
}
