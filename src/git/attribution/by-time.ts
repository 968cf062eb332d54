/** Orders places and introductions by time. */
import type { Introduction, Place } from '../../model/model.ts'

/**
 * Orders places by time, those without a commit last; then by their position in the file, then by
 * name. No two places are equal.
 */
export function comparePlaces(a: Place, b: Place): number {
  return (
    compareNumbers(a.time ?? Infinity, b.time ?? Infinity) ||
    a.span.start - b.span.start ||
    compareText(keyOf(a), keyOf(b))
  )
}

/** Orders introductions by time, then by path and commit. */
export function compareIntroductions(a: Introduction, b: Introduction): number {
  return (
    compareNumbers(timeOf(a), timeOf(b)) ||
    compareText(a.path?.text ?? '', b.path?.text ?? '') ||
    compareText(a.commit, b.commit)
  )
}

function timeOf({ date }: Introduction): number {
  const time = Date.parse(date)
  return Number.isNaN(time) ? Infinity : time
}

/** Compares numbers, of which both may be Infinity. */
function compareNumbers(a: number, b: number): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function keyOf({ origin, role, span }: Place): string {
  const { path, member, object, commit, kind } = origin
  return [
    path?.text ?? '',
    member ?? '',
    object ?? '',
    commit ?? '',
    kind,
    role,
    span.end,
    path?.bytes === undefined ? '' : Buffer.from(path.bytes).toString('hex'),
  ].join('\0')
}

/** Compares texts by their code units, whatever the locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
