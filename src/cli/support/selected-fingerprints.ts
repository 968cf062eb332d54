import { readMarks } from '../../audit/marks-file.ts'
import { UsageError } from '../../model/errors.ts'
import type { Mark } from '../../model/shown.ts'
import type { Invocation } from '../arguments/command-line.ts'

/**
 * The credentials that a plan or a rewrite is about: those that are named, or that `oakum audit`
 * marked; none means all.
 */
export function selectedFingerprints(
  { switches, values }: Invocation,
  commonDir: string,
  marks: readonly Mark[],
): readonly string[] {
  const named = values.get('fingerprint') ?? []
  if (!switches.has('marked')) return named
  if (named.length > 0) throw new UsageError('--marked and --fingerprint say two things: give one')
  const marked = [...readMarks(commonDir).marks].flatMap(([fingerprint, mark]) =>
    marks.includes(mark) ? [fingerprint] : [],
  )
  if (marked.length === 0)
    throw new UsageError(
      `nothing is marked to ${marks.join(' or ')} in this repository; mark it in oakum audit`,
    )
  return marked
}
