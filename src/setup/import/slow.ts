import { loadBacktrackingCheck } from '../../rules/backtracking.ts'
import { TimeLimitError, withinTime } from '../../rules/time-limit.ts'

/** May the expression take exponential time? */
export type IsSlow = (pattern: Expression) => boolean

interface Expression {
  readonly text: string
  readonly ignoreCase: boolean
  /** Characters of the texts it will see; default 4096. */
  readonly maxLength?: number
}

/**
 * On one text. Oakum itself stops an expression after three seconds, and shows it twice as long
 * values; twice the length may take four times as long.
 */
const MAX_MS = 300

/**
 * Whether a scan would refuse an expression; if not, it is tried on texts that lead expressions on
 * and let them down.
 */
export async function loadSlowCheck(): Promise<IsSlow> {
  const flawOf = await loadBacktrackingCheck()
  return ({ text, ignoreCase, maxLength: most = LENGTH }) => {
    if (flawOf(text, ignoreCase) !== undefined) return true
    const pattern = new RegExp(text, ignoreCase ? 'dgi' : 'dg')
    return hostileTexts(text, most).some((hostile) =>
      takesTooLong(() => void hostile.match(pattern)),
    )
  }
}

const LENGTH = 4096
const TRIES = 3

/** A machine that is busy with something else is no fault of the expression: it is tried again. */
function takesTooLong(work: () => void): boolean {
  for (let tries = 0; tries < TRIES; tries += 1) {
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
 * Runs of what an expression of names, blanks and keys may take in many ways, and of its own
 * literals.
 */
function hostileTexts(text: string, most: number): readonly string[] {
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
  return units.map((unit) => unit.repeat(Math.ceil(most / unit.length)))
}
