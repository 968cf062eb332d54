import { type Examination, examine } from '../../setup/doctor/examine.ts'
import { UsageError } from '../../model/errors.ts'
import { type Paint, painter } from '../../report/terminal/colour.ts'
import { escapeForTerminal } from '../../report/terminal/escape.ts'
import { laidOutJson } from '../../report/formats/laid-out-json.ts'
import { readVersion } from '../../model/version.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { wantsColour } from '../arguments/environment.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { colours } from '../arguments/options.ts'
import { choiceOf, lastValueOf } from '../arguments/settings.ts'
import { withoutSecrets } from '../support/without-secrets.ts'

/** `doctor`: exit 1 when it found trouble. */
export async function runDoctor(invocation: Invocation, { cwd, env, stdout }: Io): Promise<number> {
  const format = choiceOf(invocation, 'format', ['text', 'json'])
  if (format === undefined && invocation.values.has('format'))
    throw new UsageError(
      `doctor writes text or json, not ${lastValueOf(invocation, 'format') ?? ''}`,
    )
  const examination = await examine({ cwd, env, version: readVersion() })
  const paint = painter(
    wantsColour(choiceOf(invocation, 'color', colours) ?? 'auto', env, stdout.isTTY),
  )
  stdout.write(
    await withoutSecrets(format === 'json' ? laidOutJson(examination) : asText(examination, paint)),
  )
  return examination.checks.some(({ state }) => state === 'trouble')
    ? exitCodes.findings
    : exitCodes.clean
}

const styles = { good: 'green', note: 'yellow', trouble: 'red' } as const

function asText({ versions, folder, runners, checks }: Examination, paint: Paint): string {
  const troubles = checks.filter(({ state }) => state === 'trouble').length
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
  const found = checks.flatMap(({ state, text, remedy }) => [
    `${paint(styles[state], state.padEnd(9))}${escapeForTerminal(text)}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(9)}→ ${escapeForTerminal(remedy)}`]),
  ])
  return [
    ...lines,
    ...found,
    '',
    troubles === 0 ? 'All is right.' : troubles === 1 ? 'One trouble.' : `${troubles} troubles.`,
    '',
  ].join('\n')
}
