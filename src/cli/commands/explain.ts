/**
 * `oakum rules explain <file>`: lists each candidate of a file, or of standard input, and why it is
 * a finding or not.
 */
import { UsageError } from '../../model/errors.ts'
import type { Target } from '../../model/target.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { ruleSelectorsOf } from '../arguments/settings.ts'

export async function runExplain(
  invocation: Invocation,
  io: Io,
  format: 'text' | 'json',
): Promise<number> {
  const [, file] = invocation.positionals
  if (file === undefined)
    throw new UsageError('rules explain needs a file, or - for standard input')
  const { explain } = await import('../../scan/explain.ts')
  const { renderExplanation, renderExplanationJson } = await import('../../report/explanation.ts')
  const target: Target =
    file === '-' ? { name: 'stdin', stream: io.stdin } : { name: 'scan', paths: [file], git: false }
  const rules = ruleSelectorsOf(invocation)
  const { candidates, skips } = await explain(target, {
    cwd: io.cwd,
    env: io.env,
    signal: io.signal,
    ...(rules && { rules }),
  })
  const render = format === 'json' ? renderExplanationJson : renderExplanation
  io.stdout.write(render(candidates, skips))
  return skips.some(({ outcome }) => outcome === 'failed') ? exitCodes.incomplete : exitCodes.clean
}
