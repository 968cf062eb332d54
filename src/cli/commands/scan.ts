/** The five commands that scan: target, scan, reports, exit code. */
import { basename, dirname, resolve } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { isPlain } from '../../model/policy.ts'
import type { CommitSet, ScanOptions, Target } from '../../model/target.ts'
import type { ReportOptions } from '../../report/options.ts'
import { type FormatName, formatNames, reportFormats } from '../../report/report-formats.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { sayCoverage } from '../support/coverage.ts'
import { isCi, wantsColour } from '../arguments/environment.ts'
import { exitCodeOf } from '../support/exit-code.ts'
import { line } from '../support/failure.ts'
import { commitsOfLines } from '../support/hook-lines.ts'
import { type Io, textOf } from '../process/io.ts'
import { checkOutputFile, writeOutputFile } from '../support/output-file.ts'
import { parseShard } from '../arguments/quantities.ts'
import { policyOf } from '../arguments/policy.ts'
import { startProgress } from '../support/progress.ts'
import type { ScanCommand } from '../arguments/options.ts'
import { lastOf, type Settings, settingsOf } from '../arguments/settings.ts'
import { readVersion } from '../../model/version.ts'

/** What a test puts in place of the real thing. */
export interface Overrides {
  readonly scan?: (target: Target, options?: ScanOptions) => Promise<ScanResult>
}

const formatsWithSecrets = formatNames.filter((name) => reportFormats[name].showsSecrets)

interface ScanInvocation extends Invocation {
  readonly command: ScanCommand
}

/** Scans what the invocation names, writes the reports, and judges. */
export async function runScan(
  invocation: ScanInvocation,
  io: Io,
  doors: Overrides,
): Promise<number> {
  const target = await targetOf(invocation, io)
  const loaded = await policyOf(invocation, io)
  const { policy, untrustedFolder: distrusted, verify } = loaded
  const wish = mayVerify(invocation)
    ? await (await import('../support/verify.ts')).verifyWishOf(invocation, io, verify)
    : undefined
  const settings = settingsOf(invocation, io, loaded)
  if (distrusted !== undefined && !settings.quiet)
    io.stderr.write(
      line(
        `the configuration in ${distrusted} is not read: a repository that is given does not configure its own scan, unless with --trust-config`,
      ),
    )
  for (const { file } of settings.destinations) if (file !== undefined) checkOutputFile(file)

  const scans = invocation.command === 'verify' ? await doorsOf(invocation, io, doors) : doors
  const found = await scanWithProgress(
    target,
    isPlain(policy) ? settings : { ...settings, scan: { ...settings.scan, policy } },
    io,
    scans,
  )
  const result =
    wish === undefined
      ? found
      : await (await import('../support/verify.ts')).verifyResult(found, wish, io, settings)
  const interrupted = io.signal.aborted
  if (settings.showSecrets) sayWhatIsNotShown(settings, io)
  await report(result, settings, subjectOf(target, io), io)
  if (settings.verbose) await sayCoverage(result, io)
  if (interrupted)
    io.stderr.write(line('interrupted: what is reported is what was read until then'))
  return exitCodeOf(result, { ...settings, interrupted })
}

/** A report stands for what it names. */
async function doorsOf(
  { words: [file], switches }: ScanInvocation,
  io: Io,
  doors: Overrides,
): Promise<Overrides> {
  if (file === undefined) return doors
  if (switches.has('history')) throw new UsageError('verify takes a report or --history, not both')
  const { readReported, scanOfReport } = await import('../support/reported.ts')
  return { ...doors, scan: scanOfReport(readReported(resolve(io.cwd, file))) }
}

/** Hooks load nothing of it. */
function mayVerify({ command, switches, values }: ScanInvocation): boolean {
  return (
    command === 'verify' ||
    switches.has('verify-canaries') ||
    (['verify', 'verify-accounts', 'with-profile', 'sts-endpoint'] as const).some((name) =>
      values.has(name),
    )
  )
}

async function targetOf(invocation: ScanInvocation, io: Io): Promise<Target> {
  const { command, words, switches } = invocation
  const [word = ''] = words
  const since = lastOf(invocation, 'since')
  const shard = lastOf(invocation, 'shard')
  switch (command) {
    case 'scan':
      return {
        name: 'scan',
        ...(words.length > 0 && { paths: words }),
        ...(switches.has('no-git') && { git: false }),
      }
    case 'staged':
      return { name: 'staged' }
    case 'range':
      return {
        name: 'range',
        range: switches.has('stdin') ? await pushedCommits(word, io) : rangeIn(word),
      }
    case 'history':
      return {
        name: 'history',
        ...(word !== '' && { path: word }),
        ...(switches.has('reachable') && { reachable: true }),
        ...(since !== undefined && { since }),
        ...(switches.has('allow-shallow') && { allowShallow: true }),
        ...(shard !== undefined && { shard: parseShard('shard', shard) }),
      }
    case 'stdin':
      return { name: 'stdin', stream: io.stdin }
    case 'verify':
      return switches.has('history')
        ? { name: 'history' }
        : { name: 'scan', ...(switches.has('no-git') && { git: false }) }
    default:
      return command satisfies never
  }
}

function rangeIn(word: string): string {
  if (word === '') throw new UsageError('range needs <base>..<head>, or --stdin')
  if (!word.includes('..')) throw new UsageError(`range takes <base>..<head>, not "${word}"`)
  return word
}

/** The lines of a push, as a hook gets them: what no remote has of it is new. */
async function pushedCommits(word: string, { stdin }: Io): Promise<CommitSet> {
  if (word !== '') throw new UsageError(`range takes ${word} or --stdin, not both`)
  return commitsOfLines(await textOf(stdin), ['refs/remotes']) ?? { heads: [], without: [] }
}

async function scanWithProgress(
  target: Target,
  settings: Settings,
  io: Io,
  doors: Overrides,
): Promise<ScanResult> {
  const scan = doors.scan ?? (await import('../../scan/scan.ts')).scan
  const options: ScanOptions = { cwd: io.cwd, env: io.env, signal: io.signal, ...settings.scan }
  if (!io.stderr.isTTY || isCi(io.env) || settings.quiet) return scan(target, options)
  const progress = startProgress(io)
  try {
    return await scan(target, { ...options, onEvent: progress.onEvent })
  } finally {
    progress.clear()
  }
}

/** Reports that are made to be passed on never hold a secret, whatever is asked for. */
function sayWhatIsNotShown({ destinations }: Settings, io: Io): void {
  const others = destinations
    .map(({ format }) => format)
    .filter((format) => !formatsWithSecrets.includes(format))
  if (others.length > 0)
    io.stderr.write(
      line(
        `secrets are shown in ${formatsWithSecrets.join(', ')} only, not in ${others.join(', ')}`,
      ),
    )
}

/** The folder's name, by which its owner knows it: of a bare repository without the ending. */
function subjectOf(target: Target, { cwd }: Io): string {
  if (target.name === 'stdin') return ''
  const path =
    target.name === 'history' && target.path !== undefined ? resolve(cwd, target.path) : cwd
  const name = basename(path)
  return name === '.git' ? basename(dirname(path)) : name.replace(/\.git$/, '')
}

/**
 * Writes the reports; `subject` is the name of what was scanned. Stdout first: it is still shown
 * when a file cannot be written.
 */
export async function report(
  result: ScanResult,
  settings: Settings,
  subject: string,
  io: Io,
): Promise<void> {
  const about = { version: readVersion(), endedAt: new Date(), ...(subject !== '' && { subject }) }
  const reportIn = async (format: FormatName, isTTY: boolean): Promise<string> =>
    (await reportFormats[format].load())(result, {
      ...about,
      ...reportOptionsOf(settings, io, isTTY),
    })

  const onStdout = settings.destinations.find(({ file }) => file === undefined)
  if (onStdout !== undefined) io.stdout.write(await reportIn(onStdout.format, io.stdout.isTTY))
  const files = settings.destinations.flatMap(({ format, file }) =>
    file === undefined ? [] : [{ format, file }],
  )
  for (const { format, file } of files)
    writeOutputFile(file, await reportIn(format, false), settings.showSecrets)
  if (onStdout === undefined && !settings.quiet) {
    const count = result.findings.length
    io.stderr.write(
      line(
        `${count} ${count === 1 ? 'finding' : 'findings'}; see ${files.map(({ file }) => file).join(', ')}`,
      ),
    )
  }
}

function reportOptionsOf(
  settings: Settings,
  io: Io,
  isTTY: boolean,
): Omit<ReportOptions, 'version'> {
  const { showSecrets, showSuppressed, allOrigins, quiet, verbose, failOn } = settings
  const colour = wantsColour(settings.colour, io.env, isTTY)
  return {
    showSecrets,
    showSuppressed,
    allOrigins,
    quiet,
    verbose,
    failOn,
    colour,
    columns: isTTY ? io.stdout.columns : 80,
  }
}
