/** `oakum doctor`: prints which hooks run, what keeps Oakum from running, and problems. */
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
import { colours, textFormats } from '../arguments/choices.ts'
import { choiceOf, lastValueOf } from '../arguments/settings.ts'
import { withoutSecrets } from '../support/without-secrets.ts'

/** Runs all checks. Exits 1 when one of them found a problem. */
export async function runDoctor(invocation: Invocation, { cwd, env, stdout }: Io): Promise<number> {
  const format = choiceOf(invocation, 'format', textFormats)
  if (format === undefined && invocation.values.has('format')) {
    const requested = lastValueOf(invocation, 'format') ?? ''
    throw new UsageError(`doctor writes text or json, not ${requested}`)
  }
  const report = await examine({ cwd, env, version: readVersion() })
  const paint = painter(
    wantsColour(choiceOf(invocation, 'color', colours) ?? 'auto', env, stdout.isTTY),
  )
  stdout.write(
    await withoutSecrets(format === 'json' ? indentedJson(report) : reportText(report, paint)),
  )
  return countProblems(report) > 0 ? exitCodes.findings : exitCodes.clean
}

function countProblems({ checks }: DoctorReport): number {
  return checks.filter(({ state }) => state === 'trouble').length
}

/** Label and colour of each state; the states themselves are part of the JSON output. */
const styles = {
  good: { label: 'good', colour: 'green' },
  note: { label: 'note', colour: 'yellow' },
  trouble: { label: 'problem', colour: 'red' },
} as const

const LABEL_WIDTH = 9
const HOOK_WIDTH = 18

function reportText(report: DoctorReport, paint: Paint): string {
  const { versions, folder, runners, checks } = report
  const { oakum, node, git } = versions
  const lines = [
    `oakum ${oakum}, node ${node}, git ${git}, in ${folder}`.replaceAll('\n', ' '),
    '',
    ...runners.map(runnerLine),
    ...(runners.length === 0 ? ['git runs no hook here'] : []),
    '',
  ].map(escapeForTerminal)
  const checkLines = checks.flatMap(({ state, text, remedy }) => {
    const { label, colour } = styles[state]
    return [
      `${paint(colour, label.padEnd(LABEL_WIDTH))}${escapeForTerminal(text)}`,
      ...(remedy === undefined ? [] : [`${' '.repeat(LABEL_WIDTH)}→ ${escapeForTerminal(remedy)}`]),
    ]
  })
  return [...lines, ...checkLines, '', summaryOf(countProblems(report)), ''].join('\n')
}

function runnerLine({ hook, what, by, scans }: DoctorReport['runners'][number]): string {
  const manager = by === 'other' || by === 'oakum' ? '' : ` (${by})`
  return `${hook.padEnd(HOOK_WIDTH)}${what}${manager}${scans ? '' : ', which does not scan'}`
}

function summaryOf(problemCount: number): string {
  if (problemCount === 0) return 'No problems found.'
  return problemCount === 1 ? '1 problem.' : `${problemCount} problems.`
}
