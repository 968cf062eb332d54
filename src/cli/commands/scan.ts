/** The commands that scan: `scan`, `staged`, `range`, `history`, `stdin` and `verify`. */
import { basename, dirname, resolve } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { isPlain } from '../../model/policy.ts'
import type { CommitSet, ScanOptions, Target } from '../../model/target.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { writeCoverage } from '../support/coverage.ts'
import { isCi } from '../arguments/environment.ts'
import { exitCodeOf } from '../support/exit-code.ts'
import { messageLine } from '../support/failure.ts'
import { parsePushedCommits } from '../support/hook-lines.ts'
import { type Io, textOf } from '../process/io.ts'
import { checkOutputFile } from '../support/output-file.ts'
import { parseShard } from '../arguments/quantities.ts'
import { loadPolicyFor } from '../arguments/policy.ts'
import { startProgress } from '../support/progress.ts'
import type { ScanCommand } from '../arguments/commands.ts'
import { lastValueOf, type Settings, settingsOf } from '../arguments/settings.ts'
import { formatNames, reportFormats } from '../../report/report-formats.ts'
import { writeReports } from '../support/write-reports.ts'

/** Replacements that tests put in place of the real functions. */
export interface Overrides {
  readonly scan?: (target: Target, options?: ScanOptions) => Promise<ScanResult>
}

/** Formats that `--show-secrets` affects. All others are made to be shared. */
const formatsWithSecrets = formatNames.filter((name) => reportFormats[name].showsSecrets)

interface ScanInvocation extends Invocation {
  readonly command: ScanCommand
}

/** Scans the target, verifies the findings if requested, and writes the reports. */
export async function runScan(
  invocation: ScanInvocation,
  io: Io,
  overrides: Overrides,
): Promise<number> {
  const target = await targetOf(invocation, io)
  const loaded = await loadPolicyFor(invocation, io)
  const { policy, untrustedFolder, verify } = loaded
  const verifyRequest = mayVerify(invocation)
    ? await (await import('../support/verify.ts')).readVerifyRequest(invocation, io, verify)
    : undefined
  const settings = settingsOf(invocation, io, loaded)
  if (untrustedFolder !== undefined && !settings.quiet) {
    const reason = 'a repository given as an argument does not configure its own scan'
    io.stderr.write(
      messageLine(
        `the configuration in ${untrustedFolder} is not read: ${reason}; --trust-config reads it`,
      ),
    )
  }
  for (const { file } of settings.destinations) if (file !== undefined) checkOutputFile(file)

  const scanned = await scanWithProgress(
    target,
    isPlain(policy) ? settings : { ...settings, scan: { ...settings.scan, policy } },
    io,
    invocation.command === 'verify'
      ? await overridesForVerify(invocation, io, overrides)
      : overrides,
  )
  const result =
    verifyRequest === undefined
      ? scanned
      : await (await import('../support/verify.ts')).verifyResult(
          scanned,
          verifyRequest,
          io,
          settings,
        )
  const interrupted = io.signal.aborted
  if (settings.showSecrets) warnAboutHiddenSecrets(settings, io)
  await writeReports(result, settings, subjectOf(target, io), io)
  if (settings.verbose) await writeCoverage(result, io)
  if (interrupted)
    io.stderr.write(messageLine('interrupted: the report covers only what was read until then'))
  return exitCodeOf(result, { ...settings, interrupted })
}

/** Replaces the scan of `verify <report>` by one of the places that the report names. */
async function overridesForVerify(
  { positionals: [file], switches }: ScanInvocation,
  io: Io,
  overrides: Overrides,
): Promise<Overrides> {
  if (file === undefined) return overrides
  if (switches.has('history')) throw new UsageError('verify takes a report or --history, not both')
  const { readReportFile, scannerOfReport } = await import('../support/rescan-report.ts')
  return { ...overrides, scan: scannerOfReport(readReportFile(resolve(io.cwd, file))) }
}

/** True when an option asks for verification. Hooks never load its modules. */
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
  const { command, positionals, switches } = invocation
  const [first = ''] = positionals
  const since = lastValueOf(invocation, 'since')
  const shard = lastValueOf(invocation, 'shard')
  const path = lastValueOf(invocation, 'as')
  switch (command) {
    case 'scan':
      return {
        name: 'scan',
        ...(positionals.length > 0 && { paths: positionals }),
        ...(switches.has('no-git') && { git: false }),
      }
    case 'staged':
      return { name: 'staged' }
    case 'range':
      return {
        name: 'range',
        range: switches.has('stdin') ? await readPushedCommits(first, io) : parseRange(first),
      }
    case 'history':
      return {
        name: 'history',
        ...(first !== '' && { path: first }),
        ...(switches.has('reachable') && { reachable: true }),
        ...(since !== undefined && { since }),
        ...(switches.has('allow-shallow') && { allowShallow: true }),
        ...(switches.has('verify-objects') && { verifyObjects: true }),
        ...(shard !== undefined && { shard: parseShard('shard', shard) }),
      }
    case 'stdin':
      return { name: 'stdin', stream: io.stdin, ...(path !== undefined && { as: path }) }
    case 'verify':
      return switches.has('history')
        ? { name: 'history' }
        : { name: 'scan', ...(switches.has('no-git') && { git: false }) }
    default:
      return command satisfies never
  }
}

function parseRange(text: string): string {
  if (text === '') throw new UsageError('range needs <base>..<head>, or --stdin')
  if (!text.includes('..')) throw new UsageError(`range takes <base>..<head>, not "${text}"`)
  return text
}

/** Reads ref updates as git writes them to a push hook. Commits in remote refs are not scanned. */
async function readPushedCommits(range: string, { stdin }: Io): Promise<CommitSet> {
  if (range !== '') throw new UsageError(`range takes ${range} or --stdin, not both`)
  return parsePushedCommits(await textOf(stdin), ['refs/remotes']) ?? { heads: [], without: [] }
}

async function scanWithProgress(
  target: Target,
  settings: Settings,
  io: Io,
  overrides: Overrides,
): Promise<ScanResult> {
  const scan = overrides.scan ?? (await import('../../scan/scan.ts')).scan
  const options: ScanOptions = { cwd: io.cwd, env: io.env, signal: io.signal, ...settings.scan }
  if (!io.stderr.isTTY || isCi(io.env) || settings.quiet) return scan(target, options)
  const progress = startProgress(io)
  try {
    return await scan(target, { ...options, onEvent: progress.onEvent })
  } finally {
    progress.clear()
  }
}

/** Names the requested formats that never contain secrets, whatever `--show-secrets` says. */
function warnAboutHiddenSecrets({ destinations }: Settings, io: Io): void {
  const withoutSecrets = destinations
    .map(({ format }) => format)
    .filter((format) => !formatsWithSecrets.includes(format))
  if (withoutSecrets.length > 0)
    io.stderr.write(
      messageLine(
        `secrets are shown in ${formatsWithSecrets.join(', ')} only, not in ${withoutSecrets.join(', ')}`,
      ),
    )
}

/** Returns the name of the scanned folder for reports, for a bare repository without `.git`. */
function subjectOf(target: Target, { cwd }: Io): string {
  if (target.name === 'stdin') return ''
  const path =
    target.name === 'history' && target.path !== undefined ? resolve(cwd, target.path) : cwd
  const name = basename(path)
  return name === '.git' ? basename(dirname(path)) : name.replace(/\.git$/, '')
}
