/**
 * Runs the GitHub Action apart from the process: takes an event and inputs, and produces
 * annotations, a job summary, outputs and an exit code.
 */
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Io } from '../cli/process/io.ts'
import { exitCodeOf, exitCodes } from '../cli/support/exit-code.ts'
import { describeFailure } from '../cli/support/failure.ts'
import { checkOutputFile, writeOutputFile } from '../cli/support/output-file.ts'
import { withoutSecrets } from '../cli/support/without-secrets.ts'
import { isExpected } from '../model/errors.ts'
import type { ScanResult } from '../model/outcome.ts'
import type { Severity } from '../model/rule.ts'
import { readVersion } from '../model/version.ts'
import type { ReportOptions } from '../report/options.ts'
import { type FormatName, reportFormats } from '../report/report-formats.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { errorCommand, stopCommands, writeOutputs } from './outputs.ts'
import { readPayload } from './payload.ts'
import { planScan } from './plan.ts'
import { appendSummary, proposalText } from './summary.ts'

/** Width of the text report in the log. */
const LOG_COLUMNS = 100

/** Outputs of a step that wrote no report. */
const emptyOutputs = { findings: '0', 'highest-severity': '', sarif: '', report: '' } as const

/** Runs the step and returns its exit code. Never throws: a failure becomes an annotation. */
export async function runAction(io: Omit<Io, 'argv' | 'stdin'>): Promise<number> {
  try {
    return await scanEvent(io)
  } catch (error) {
    const failure = describeFailure(error, { verbose: true })
    const text = await withoutSecrets(failure.text)
    io.stdout.write(isExpected(error) ? errorCommand(text.trim()) : stopCommands(text))
    writeOutputs(io.env['GITHUB_OUTPUT'], { ...emptyOutputs, complete: 'false' })
    return io.signal.aborted ? exitCodes.interrupted : failure.exitCode
  }
}

async function scanEvent(io: Omit<Io, 'argv' | 'stdin'>): Promise<number> {
  const inputs = readInputs(io.env)
  const workspace = io.env['GITHUB_WORKSPACE'] || io.cwd
  const sarif = inputs.sarif === undefined ? undefined : resolve(workspace, inputs.sarif)
  if (sarif !== undefined) checkOutputFile(sarif)
  const clone = { cwd: resolve(workspace, inputs.workingDirectory), env: io.env, signal: io.signal }
  const event = {
    name: io.env['GITHUB_EVENT_NAME'] ?? '',
    payload: readPayload(io.env['GITHUB_EVENT_PATH']),
  }
  const plan = await planScan(inputs, event, clone)
  if (plan.kind === 'nothing') {
    io.stdout.write(`oakum: ${plan.reason}\n`)
    writeOutputs(io.env['GITHUB_OUTPUT'], { ...emptyOutputs, complete: 'true' })
    return exitCodes.clean
  }

  const { scan } = await import('../scan/scan.ts')
  const result = await verifyResult(await scan(plan.target, plan.options), inputs, io.signal)
  const failOn = inputs.failOn ?? plan.failOn ?? 'medium'
  const subject = io.env['GITHUB_REPOSITORY'] ?? ''
  await writeResult(result, { inputs, failOn, sarif, notes: plan.notes, subject }, io)
  return exitCodeOf(result, { failOn, strictCoverage: false, interrupted: io.signal.aborted })
}

/** Adds the verification by AWS, if the workflow asks for it. */
async function verifyResult(
  result: ScanResult,
  inputs: Inputs,
  signal: AbortSignal,
): Promise<ScanResult> {
  if (!inputs.verify || signal.aborted) return result
  const { verify } = await import('../verify/verify.ts')
  const { stsEndpoint } = inputs
  return {
    ...result,
    findings: await verify(result.findings, {
      signal,
      ...(stsEndpoint !== undefined && { endpoint: stsEndpoint }),
    }),
  }
}

interface ResultContext {
  readonly inputs: Inputs
  readonly failOn: Severity
  /** The absolute path of the SARIF file. */
  readonly sarif: string | undefined
  /** Notes for the job summary. */
  readonly notes: readonly string[]
  /** The name of the repository. */
  readonly subject: string
}

/** Writes the log, annotations, job summary, report files and outputs of a scan. */
async function writeResult(
  result: ScanResult,
  { inputs, failOn, sarif, notes, subject }: ResultContext,
  io: Pick<Io, 'env' | 'stdout'>,
): Promise<void> {
  const { GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, RUNNER_TEMP } = io.env
  const options: ReportOptions = {
    version: readVersion(),
    failOn,
    endedAt: new Date(),
    columns: LOG_COLUMNS,
    ...(subject !== '' && { subject }),
  }
  const reportIn = async (format: FormatName): Promise<string> =>
    (await reportFormats[format].load())(result, options)

  io.stdout.write(stopCommands(await reportIn('text')))
  if (inputs.annotations) io.stdout.write(await reportIn('github'))
  if (inputs.summary) {
    const markdown = `${await reportIn('markdown')}${proposalText(result, notes)}`
    appendSummary(GITHUB_STEP_SUMMARY, markdown)
  }
  const report = join(RUNNER_TEMP || tmpdir(), `oakum-report-${randomUUID()}.json`)
  writeOutputFile(report, await reportIn('json'), false)
  if (sarif !== undefined) writeOutputFile(sarif, await reportIn('sarif'), false)
  writeOutputs(GITHUB_OUTPUT, {
    findings: String(result.findings.length),
    'highest-severity': result.findings[0]?.severity ?? '',
    complete: String(result.receipt.complete),
    sarif: sarif ?? '',
    report,
  })
}
