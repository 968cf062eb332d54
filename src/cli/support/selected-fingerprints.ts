/** Reads which credentials `plan` and `rewrite` are limited to. */
import { readMarks } from '../../audit/marks-file.ts'
import { UsageError } from '../../model/errors.ts'
import type { Mark } from '../../model/shown.ts'
import type { Invocation } from '../arguments/command-line.ts'

/**
 * Returns the fingerprints from `--fingerprint`, or with `--marked` those that `oakum audit` marked
 * with one of `marks`. An empty list means all credentials.
 */
export function selectedFingerprints(
  { switches, values }: Invocation,
  commonDir: string,
  marks: readonly Mark[],
): readonly string[] {
  const fingerprints = values.get('fingerprint') ?? []
  if (!switches.has('marked')) return fingerprints
  if (fingerprints.length > 0)
    throw new UsageError('--marked and --fingerprint exclude each other: give one')
  const markedFingerprints = [...readMarks(commonDir).marks].flatMap(([fingerprint, mark]) =>
    marks.includes(mark) ? [fingerprint] : [],
  )
  if (markedFingerprints.length === 0)
    throw new UsageError(
      `nothing is marked to ${marks.join(' or ')} in this repository; mark credentials in oakum audit`,
    )
  return markedFingerprints
}
