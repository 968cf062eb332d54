import type { Introduction, Place } from '../../model/model.ts'

/**
 * The earliest first, what no commit is known of last; then as they stand in the file, then by
 * name. No two places are equal.
 */
export function comparePlaces(a: Place, b: Place): number {
  return (
    compareNumbers(a.time ?? Infinity, b.time ?? Infinity) ||
    a.span.start - b.span.start ||
    compareText(nameOf(a), nameOf(b))
  )
}

/** The earliest first, then by path and commit. */
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

/** Infinity is as far as Infinity. */
function compareNumbers(a: number, b: number): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function nameOf({ origin, role, span }: Place): string {
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

/** As code units. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
