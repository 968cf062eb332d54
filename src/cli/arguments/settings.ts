/** Reads and checks the options of an invocation: scan options, reports and exit criteria. */
import { resolve } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { type LimitOptions, pickLimits } from '../../model/limits.ts'
import { type Severity, severities } from '../../model/rule.ts'
import type { ScanOptions } from '../../model/target.ts'
import type { Invocation } from './command-line.ts'
import { isCi } from './environment.ts'
import type { Io } from '../process/io.ts'
import { type FormatName, formatNames } from '../../report/report-formats.ts'
import { colours, readers } from './choices.ts'
import type { OptionName } from './options.ts'
import { parseCount, parseDuration, parseSize } from './quantities.ts'

/** One report to write. */
interface ReportDestination<Format = FormatName> {
  readonly format: Format
  /** Absolute path; without one the report goes to stdout. */
  readonly file?: string
}

export interface Settings {
  readonly scan: LimitOptions & Pick<ScanOptions, 'rules' | 'reader' | 'cache' | 'policy'>
  readonly destinations: readonly ReportDestination[]
  readonly failOn: Severity
  readonly strictCoverage: boolean
  readonly showSecrets: boolean
  readonly showSuppressed: boolean
  readonly allOrigins: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly colour: (typeof colours)[number]
}

/** Values from the configuration, which options override. */
type SettingDefaults = LimitOptions & { readonly failOn?: Severity }

/** Reads the options of a command that scans; throws a UsageError for invalid ones. */
export function settingsOf(
  invocation: Invocation,
  io: Io,
  defaults: SettingDefaults = {},
): Settings {
  const { switches } = invocation
  return {
    scan: { ...pickLimits(defaults), ...readScanOptions(invocation) },
    destinations: destinationsOf(invocation, io.cwd, formatNames),
    failOn: choiceOf(invocation, 'fail-on', severities) ?? defaults.failOn ?? 'medium',
    strictCoverage: switches.has('strict-coverage'),
    showSecrets: mayShowSecrets(switches, io),
    showSuppressed: switches.has('show-suppressed'),
    allOrigins: switches.has('all-origins'),
    quiet: switches.has('quiet'),
    verbose: switches.has('verbose'),
    colour: choiceOf(invocation, 'color', colours) ?? 'auto',
  }
}

/** Returns the selectors of `--rules`, or `undefined` for all rules. */
export function ruleSelectorsOf({ values }: Invocation): readonly string[] | undefined {
  const selectors = values
    .get('rules')
    ?.flatMap((list) => list.split(','))
    .map((selector) => selector.trim())
  if (selectors?.includes(''))
    throw new UsageError('--rules takes comma-separated ids, families or providers')
  return selectors
}

/** Returns the last value of an option if it is one of `choices`. */
export function choiceOf<Choice extends string>(
  invocation: Invocation,
  name: OptionName,
  choices: readonly Choice[],
): Choice | undefined {
  const value = lastValueOf(invocation, name)
  return choices.find((choice) => choice === value)
}

/** Returns the last value given for an option. */
export function lastValueOf({ values }: Invocation, name: OptionName): string | undefined {
  return values.get(name)?.at(-1)
}

/** Reads the options that decide which rules, objects and limits a scan uses. */
export function readScanOptions(invocation: Invocation): Settings['scan'] {
  const rules = ruleSelectorsOf(invocation)
  const size = lastValueOf(invocation, 'max-blob-size')
  const jobs = lastValueOf(invocation, 'jobs')
  const deadline = lastValueOf(invocation, 'deadline')
  const reader = choiceOf(invocation, 'reader', readers)
  return {
    ...(rules && { rules }),
    ...(size !== undefined && { maxBlobBytes: parseSize('max-blob-size', size) }),
    ...(jobs !== undefined && { jobs: parseCount('jobs', jobs) }),
    ...(reader && { reader }),
    cache: !invocation.switches.has('no-cache'),
    ...(deadline !== undefined && { deadlineMs: parseDuration('deadline', deadline) }),
  }
}

/**
 * Pairs the nth `--output` with the nth `--format`; one format may remain for stdout. `supported`
 * are the formats that the command writes.
 */
export function destinationsOf<Format extends string>(
  { command, values }: Invocation,
  cwd: string,
  supported: readonly Format[],
): readonly ReportDestination<Format>[] {
  const outputs = values.get('output') ?? []
  const names = values.get('format') ?? ['text']
  const unsupported = names.find((name) => !supported.some((format) => format === name))
  if (unsupported !== undefined) {
    throw new UsageError(
      `${command} does not write ${unsupported}; it writes ${supported.join(', ')}`,
    )
  }
  const requested = names.flatMap((name) => supported.filter((format) => format === name))
  if (outputs.length > requested.length) {
    throw new UsageError(
      `${outputs.length} --output, but ${requested.length} --format: each output needs a format`,
    )
  }
  const destinations = requested.map((format, index) => {
    const output = outputs[index]
    return output === undefined || output === '-' || output === '/dev/stdout'
      ? { format }
      : { format, file: resolve(cwd, output) }
  })
  if (destinations.filter(({ file }) => file === undefined).length > 1)
    throw new UsageError('only one report can go to stdout: give the others --output FILE')
  const files = destinations.flatMap(({ file }) => file ?? [])
  const duplicate = files.find((file, index) => files.indexOf(file) !== index)
  if (duplicate !== undefined) throw new UsageError(`--output ${duplicate} is given twice`)
  return destinations
}

/** Throws a UsageError where `--show-secrets` would print secrets into a log or a pipe. */
function mayShowSecrets(switches: ReadonlySet<OptionName>, { env, stdout }: Io): boolean {
  if (!switches.has('show-secrets')) return false
  if (switches.has('force') || (stdout.isTTY && !isCi(env))) return true
  const where = isCi(env) ? 'in CI, where logs are kept' : 'when stdout is not a terminal'
  throw new UsageError(`--show-secrets is refused ${where}; add --force if you mean it`)
}
