/** The five commands that scan: target, scan, reports, exit code. */
import { resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { ScanResult } from '../../outcome.ts'
import { isPlain } from '../../policy.ts'
import type { ScanOptions, Target } from '../../target.ts'
import type { ReportOptions } from '../../report/options.ts'
import type { Invocation } from '../command-line.ts'
import { sayCoverage } from '../coverage.ts'
import { isCi, wantsColour } from '../environment.ts'
import { exitCodeOf } from '../exit-code.ts'
import { line } from '../failure.ts'
import type { Io } from '../io.ts'
import { checkOutputFile, writeOutputFile } from '../output-file.ts'
import { policyOf } from '../policy.ts'
import { startProgress } from '../progress.ts'
import type { ScanCommand } from '../options.ts'
import { lastOf, type Settings, settingsOf } from '../settings.ts'
import { readVersion } from '../../version.ts'

/** What a test puts in place of the real thing. */
export interface Doors {
  readonly scan?: (target: Target, options?: ScanOptions) => Promise<ScanResult>
}

interface ScanInvocation extends Invocation {
  readonly command: ScanCommand
}

/** Scans what the invocation names, writes the reports, and judges. */
export async function runScan(invocation: ScanInvocation, io: Io, doors: Doors): Promise<number> {
  const target = targetOf(invocation, io)
  const { policy, maxBlobBytes, deadlineMs, archiveDepth, failOn, distrusted, verify } = await policyOf(invocation, io)
  const wish = mayVerify(invocation) ? await (await import('../verify.ts')).verifyWishOf(invocation, io, verify) : undefined
  const settings = settingsOf(invocation, io, { ...(maxBlobBytes !== undefined && { maxBlobBytes }), ...(deadlineMs !== undefined && { deadlineMs }), ...(archiveDepth !== undefined && { archiveDepth }), ...(failOn && { failOn }) })
  if (distrusted !== undefined && !settings.quiet) io.stderr.write(line(`the configuration in ${distrusted} is not read: a repository that is given does not configure its own scan, unless with --trust-config`))
  for (const { file } of settings.destinations) if (file !== undefined) checkOutputFile(file)

  const scans = invocation.command === 'verify' ? await doorsOf(invocation, io, doors) : doors
  const found = await scanWithProgress(target, isPlain(policy) ? settings : { ...settings, scan: { ...settings.scan, policy } }, io, scans)
  const result = wish === undefined ? found : await (await import('../verify.ts')).verifyResult(found, wish, io, settings)
  const interrupted = io.signal.aborted
  await report(result, settings, io)
  if (settings.verbose) await sayCoverage(result, io)
  if (interrupted) io.stderr.write(line('interrupted: what is reported is what was read until then'))
  return exitCodeOf(result, { ...settings, interrupted })
}

/** A report stands for what it names. */
async function doorsOf({ words: [file], switches }: ScanInvocation, io: Io, doors: Doors): Promise<Doors> {
  if (file === undefined) return doors
  if (switches.has('history')) throw new UsageError('verify takes a report or --history, not both')
  const { readReported, scanOfReport } = await import('../reported.ts')
  return { ...doors, scan: scanOfReport(readReported(resolve(io.cwd, file))) }
}

/** Hooks load nothing of it. */
function mayVerify({ command, switches, values }: ScanInvocation): boolean {
  return command === 'verify' || switches.has('verify-canaries') || (['verify', 'verify-accounts', 'with-profile', 'sts-endpoint'] as const).some((name) => values.has(name))
}

function targetOf(invocation: ScanInvocation, io: Io): Target {
  const { command, words, switches } = invocation
  const [word = ''] = words
  const since = lastOf(invocation, 'since')
  switch (command) {
    case 'scan':
      return { name: 'scan', ...(words.length > 0 && { paths: words }), ...(switches.has('no-git') && { git: false }) }
    case 'staged':
      return { name: 'staged' }
    case 'range':
      if (!word.includes('..')) throw new UsageError(`range takes <base>..<head>, not "${word}"`)
      return { name: 'range', range: word }
    case 'history':
      return {
        name: 'history',
        ...(word !== '' && { path: word }),
        ...(switches.has('reachable') && { reachable: true }),
        ...(since !== undefined && { since }),
        ...(switches.has('allow-shallow') && { allowShallow: true }),
      }
    case 'stdin':
      return { name: 'stdin', stream: io.stdin }
    case 'verify':
      return switches.has('history') ? { name: 'history' } : { name: 'scan', ...(switches.has('no-git') && { git: false }) }
    default:
      return command satisfies never
  }
}

async function scanWithProgress(target: Target, settings: Settings, io: Io, doors: Doors): Promise<ScanResult> {
  const scan = doors.scan ?? (await import('../../scan.ts')).scan
  const options: ScanOptions = { cwd: io.cwd, env: io.env, signal: io.signal, ...settings.scan }
  if (!io.stderr.isTTY || isCi(io.env) || settings.quiet) return scan(target, options)
  const progress = startProgress(io)
  try {
    return await scan(target, { ...options, onEvent: progress.onEvent })
  } finally {
    progress.clear()
  }
}

/** Stdout first: it is still shown when a file cannot be written. */
async function report(result: ScanResult, settings: Settings, io: Io): Promise<void> {
  const { reporters } = await import('../../report/reporters.ts')
  const version = readVersion()
  const textOf = (format: keyof typeof reporters, isTTY: boolean) => reporters[format](result, { version, ...reportOptionsOf(settings, io, isTTY) })

  const onStdout = settings.destinations.find(({ file }) => file === undefined)
  if (onStdout !== undefined) io.stdout.write(textOf(onStdout.format, io.stdout.isTTY))
  const files = settings.destinations.flatMap(({ format, file }) => (file === undefined ? [] : [{ format, file }]))
  for (const { format, file } of files) writeOutputFile(file, textOf(format, false), settings.showSecrets)
  if (onStdout === undefined && !settings.quiet) {
    const count = result.findings.length
    io.stderr.write(line(`${count} ${count === 1 ? 'finding' : 'findings'}; see ${files.map(({ file }) => file).join(', ')}`))
  }
}

function reportOptionsOf(settings: Settings, io: Io, isTTY: boolean): Omit<ReportOptions, 'version'> {
  const { showSecrets, showSuppressed, allOrigins, quiet, verbose } = settings
  const colour = wantsColour(settings.colour, io.env, isTTY)
  return { showSecrets, showSuppressed, allOrigins, quiet, verbose, colour, columns: isTTY ? io.stdout.columns : 80 }
}
