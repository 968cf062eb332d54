import { type DoctorReport, examine } from '../../setup/doctor/examine.ts'
import { UsageError } from '../../model/errors.ts'
import { type Paint, painter } from '../../report/terminal/colour.ts'
import { escapeForTerminal } from '../../report/terminal/escape.ts'
import { indentedJson } from '../../report/formats/indented-json.ts'
import { readVersion } from '../../model/version.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { wantsColour } from '../arguments/environment.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { colours } from '../arguments/options.ts'
import { choiceOf, lastOf } from '../arguments/settings.ts'
import { withoutSecrets } from '../support/without-secrets.ts'

/** Runs `oakum doctor`; exits with 1 when it found a problem. */
export async function runDoctor(invocation: Invocation, { cwd, env, stdout }: Io): Promise<number> {
  const format = choiceOf(invocation, 'format', ['text', 'json'])
  if (format === undefined && invocation.values.has('format'))
    throw new UsageError(`doctor writes text or json, not ${lastOf(invocation, 'format') ?? ''}`)
  const report = await examine({ cwd, env, version: readVersion() })
  const paint = painter(
    wantsColour(choiceOf(invocation, 'color', colours) ?? 'auto', env, stdout.isTTY),
  )
  stdout.write(
    await withoutSecrets(format === 'json' ? indentedJson(report) : asText(report, paint)),
  )
  return report.checks.some(({ state }) => state === 'trouble')
    ? exitCodes.findings
    : exitCodes.clean
}

/** Colour and label of a check by its state; JSON reports print the state itself. */
const styles = {
  good: { colour: 'green', label: 'good' },
  note: { colour: 'yellow', label: 'note' },
  trouble: { colour: 'red', label: 'problem' },
} as const

function asText({ versions, folder, runners, checks }: DoctorReport, paint: Paint): string {
  const problemCount = checks.filter(({ state }) => state === 'trouble').length
  const lines = [
    `oakum ${versions.oakum}, node ${versions.node}, git ${versions.git}, in ${folder}`
      .split('\n')
      .join(' '),
    '',
    ...runners.map(
      ({ hook, what, by, scans }) =>
        `${hook.padEnd(18)}${what}${by === 'other' || by === 'oakum' ? '' : ` (${by})`}${scans ? '' : ', which does not scan'}`,
    ),
    ...(runners.length === 0 ? ['git runs no hook here'] : []),
    '',
  ].map(escapeForTerminal)
  const checkLines = checks.flatMap(({ state, text, remedy }) => [
    `${paint(styles[state].colour, styles[state].label.padEnd(9))}${escapeForTerminal(text)}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(9)}→ ${escapeForTerminal(remedy)}`]),
  ])
  return [...lines, ...checkLines, '', problemSummary(problemCount), ''].join('\n')
}

function problemSummary(count: number): string {
  if (count === 0) return 'No problems found.'
  return count === 1 ? '1 problem.' : `${count} problems.`
}
