/**
 * An invocation's options, read and checked: what to scan with, what to write, and how to judge it.
 */
import { resolve } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { type Severity, severities } from '../../model/rule.ts'
import type { ScanOptions } from '../../model/target.ts'
import type { Invocation } from './command-line.ts'
import { isCi } from './environment.ts'
import type { Io } from '../process/io.ts'
import { type FormatName, formatNames } from '../../report/report-formats.ts'
import { colours, type OptionName, readers } from './options.ts'
import { parseCount, parseDuration, parseSize } from './quantities.ts'

/** One report to write. */
interface Destination<Format = FormatName> {
  readonly format: Format
  /** Absolute; without one it goes to stdout. */
  readonly file?: string
}

export interface Settings {
  readonly scan: Pick<
    ScanOptions,
    | 'rules'
    | 'maxBlobBytes'
    | 'jobs'
    | 'deadlineMs'
    | 'reader'
    | 'cache'
    | 'policy'
    | 'archiveDepth'
  >
  readonly destinations: readonly Destination[]
  readonly failOn: Severity
  readonly strictCoverage: boolean
  readonly showSecrets: boolean
  readonly showSuppressed: boolean
  readonly allOrigins: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly colour: (typeof colours)[number]
}

/** What holds where no option says otherwise. */
type Defaults = Pick<ScanOptions, 'maxBlobBytes' | 'deadlineMs' | 'archiveDepth'> & {
  readonly failOn?: Severity
}

/** Reads the options of a scanning command; throws a UsageError for what cannot be. */
export function settingsOf(
  invocation: Invocation,
  io: Io,
  { failOn, maxBlobBytes, deadlineMs, archiveDepth }: Defaults = {},
): Settings {
  const { switches } = invocation
  return {
    scan: {
      ...(maxBlobBytes !== undefined && { maxBlobBytes }),
      ...(deadlineMs !== undefined && { deadlineMs }),
      ...(archiveDepth !== undefined && { archiveDepth }),
      ...scanOptionsOf(invocation),
    },
    destinations: destinationsOf(invocation, io.cwd, formatNames),
    failOn: choiceOf(invocation, 'fail-on', severities) ?? failOn ?? 'medium',
    strictCoverage: switches.has('strict-coverage'),
    showSecrets: mayShowSecrets(switches, io),
    showSuppressed: switches.has('show-suppressed'),
    allOrigins: switches.has('all-origins'),
    quiet: switches.has('quiet'),
    verbose: switches.has('verbose'),
    colour: choiceOf(invocation, 'color', colours) ?? 'auto',
  }
}

/** The selectors of `--rules`, or `undefined` for all rules. */
export function selectorsOf({ values }: Invocation): readonly string[] | undefined {
  const selectors = values
    .get('rules')
    ?.flatMap((list) => list.split(','))
    .map((selector) => selector.trim())
  if (selectors?.includes(''))
    throw new UsageError('--rules takes ids, families or providers, with a comma between')
  return selectors
}

/** The last value of an option that takes one of a few. yargs has refused all others. */
export function choiceOf<Choice extends string>(
  invocation: Invocation,
  name: OptionName,
  choices: readonly Choice[],
): Choice | undefined {
  const value = lastOf(invocation, name)
  return choices.find((choice) => choice === value)
}

/** The last value that was given. */
export function lastOf({ values }: Invocation, name: OptionName): string | undefined {
  return values.get(name)?.at(-1)
}

/** The options of a scan that say what to read. */
export function scanOptionsOf(invocation: Invocation): Settings['scan'] {
  const rules = selectorsOf(invocation)
  const size = lastOf(invocation, 'max-blob-size')
  const jobs = lastOf(invocation, 'jobs')
  const deadline = lastOf(invocation, 'deadline')
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
 * The nth output takes the nth format; one format may be left for stdout. `known`: the formats of
 * the command.
 */
export function destinationsOf<Format extends string>(
  { command, values }: Invocation,
  cwd: string,
  known: readonly Format[],
): readonly Destination<Format>[] {
  const outputs = values.get('output') ?? []
  const names = values.get('format') ?? ['text']
  const unknown = names.find((name) => !known.some((format) => format === name))
  if (unknown !== undefined)
    throw new UsageError(`${command} does not write ${unknown}; it writes ${known.join(', ')}`)
  const given = names.flatMap((name) => known.filter((format) => format === name))
  if (outputs.length > given.length)
    throw new UsageError(
      `${outputs.length} --output, but ${given.length} --format: each output needs one`,
    )
  const destinations = given.map((format, index) => {
    const output = outputs[index]
    return output === undefined || output === '-'
      ? { format }
      : { format, file: resolve(cwd, output) }
  })
  if (destinations.filter(({ file }) => file === undefined).length > 1)
    throw new UsageError('only one report fits on stdout: give the others --output FILE')
  const files = destinations.flatMap(({ file }) => file ?? [])
  const twice = files.find((file, index) => files.indexOf(file) !== index)
  if (twice !== undefined) throw new UsageError(`--output ${twice} is given twice`)
  return destinations
}

function mayShowSecrets(switches: ReadonlySet<OptionName>, { env, stdout }: Io): boolean {
  if (!switches.has('show-secrets')) return false
  if (switches.has('force') || (stdout.isTTY && !isCi(env))) return true
  const where = isCi(env) ? 'in CI, where logs are kept' : 'when stdout is not a terminal'
  throw new UsageError(`--show-secrets is refused ${where}; add --force if you mean it`)
}
