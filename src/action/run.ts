/**
 * The GitHub Action, without a process: an event and inputs in; annotations, a summary, outputs and
 * an exit code out.
 */
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { exitCodeOf, exitCodes } from '../cli/support/exit-code.ts'
import { describeFailure } from '../cli/support/failure.ts'
import type { Io } from '../cli/process/io.ts'
import { checkOutputFile, writeOutputFile } from '../cli/support/output-file.ts'
import { withoutSecrets } from '../cli/support/without-secrets.ts'
import { isExpected } from '../model/errors.ts'
import type { ScanResult } from '../model/outcome.ts'
import { reporterLoaders } from '../report/loaders.ts'
import type { ReportOptions } from '../report/options.ts'
import type { Severity } from '../model/rule.ts'
import { readVersion } from '../model/version.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { errorCommand, withoutCommands, writeOutputs } from './outputs.ts'
import { readPayload } from './payload.ts'
import { planOf } from './plan.ts'
import { appendSummary, proposalText } from './summary.ts'

/**
 * Runs the step. Never throws: what goes wrong is an annotation, outputs that say so, and an exit
 * code.
 */
export async function runAction(io: Omit<Io, 'argv' | 'stdin'>): Promise<number> {
  try {
    return await attempt(io)
  } catch (error) {
    const failure = describeFailure(error, { verbose: true })
    const said = await withoutSecrets(failure.text)
    io.stdout.write(isExpected(error) ? errorCommand(said.trim()) : withoutCommands(said))
    writeOutputs(io.env['GITHUB_OUTPUT'], {
      findings: '0',
      'highest-severity': '',
      complete: 'false',
      sarif: '',
      report: '',
    })
    return io.signal.aborted ? exitCodes.interrupted : failure.exitCode
  }
}

async function attempt(io: Omit<Io, 'argv' | 'stdin'>): Promise<number> {
  const inputs = readInputs(io.env)
  const workspace = io.env['GITHUB_WORKSPACE'] || io.cwd
  const sarif = inputs.sarif === undefined ? undefined : resolve(workspace, inputs.sarif)
  if (sarif !== undefined) checkOutputFile(sarif)
  const place = { cwd: resolve(workspace, inputs.workingDirectory), env: io.env, signal: io.signal }
  const event = {
    name: io.env['GITHUB_EVENT_NAME'] ?? '',
    payload: readPayload(io.env['GITHUB_EVENT_PATH']),
  }
  const plan = await planOf(inputs, event, place)
  if (plan.kind === 'nothing') {
    io.stdout.write(`oakum: ${plan.why}\n`)
    writeOutputs(io.env['GITHUB_OUTPUT'], {
      findings: '0',
      'highest-severity': '',
      complete: 'true',
      sarif: '',
      report: '',
    })
    return exitCodes.clean
  }

  const { scan } = await import('../scan/scan.ts')
  const result = await verified(await scan(plan.target, plan.options), inputs, io.signal)
  const failOn = inputs.failOn ?? plan.failOn ?? 'medium'
  await tell(
    result,
    { inputs, failOn, sarif, notes: plan.notes, subject: io.env['GITHUB_REPOSITORY'] ?? '' },
    io,
  )
  return exitCodeOf(result, { failOn, strictCoverage: false, interrupted: io.signal.aborted })
}

/** With what AWS says of the keys, where the workflow wants it asked. */
async function verified(
  result: ScanResult,
  { verify, stsEndpoint }: Inputs,
  signal: AbortSignal,
): Promise<ScanResult> {
  if (!verify || signal.aborted) return result
  const ask = (await import('../verify/verify.ts')).verify
  return {
    ...result,
    findings: await ask(result.findings, {
      signal,
      ...(stsEndpoint !== undefined && { endpoint: stsEndpoint }),
    }),
  }
}

interface Telling {
  readonly inputs: Inputs
  readonly failOn: Severity
  /** Absolute. */
  readonly sarif: string | undefined
  /** What the reader of the summary should know beside the result. */
  readonly notes: readonly string[]
  readonly subject: string
}

async function tell(
  result: ScanResult,
  { inputs, failOn, sarif, notes, subject }: Telling,
  io: Pick<Io, 'env' | 'stdout'>,
): Promise<void> {
  const { GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, RUNNER_TEMP } = io.env
  const options: ReportOptions = {
    version: readVersion(),
    failOn,
    endedAt: new Date(),
    columns: 100,
    ...(subject !== '' && { subject }),
  }
  const textIn = async (format: keyof typeof reporterLoaders): Promise<string> =>
    (await reporterLoaders[format]())(result, options)

  io.stdout.write(withoutCommands(await textIn('text')))
  if (inputs.annotations) io.stdout.write(await textIn('github'))
  if (inputs.summary)
    appendSummary(GITHUB_STEP_SUMMARY, `${await textIn('markdown')}${proposalText(result, notes)}`)
  const report = join(RUNNER_TEMP || tmpdir(), `oakum-report-${randomUUID()}.json`)
  writeOutputFile(report, await textIn('json'), false)
  if (sarif !== undefined) writeOutputFile(sarif, await textIn('sarif'), false)
  writeOutputs(GITHUB_OUTPUT, {
    findings: String(result.findings.length),
    'highest-severity': result.findings[0]?.severity ?? '',
    complete: String(result.receipt.complete),
    sarif: sarif ?? '',
    report,
  })
}
