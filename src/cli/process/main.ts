/** The command line without a process: takes an `Io`, returns an exit code. */
import { type Invocation, helpFor, parseCommandLine } from '../arguments/command-line.ts'
import { type Overrides, runScan } from '../commands/scan.ts'
import { completionsOf } from '../arguments/completions.ts'
import { exitCodes } from '../support/exit-code.ts'
import { describeFailure, messageLine } from '../support/failure.ts'
import type { Io } from './io.ts'
import { readVersion } from '../../model/version.ts'
import { withoutSecrets } from '../support/without-secrets.ts'

/** Runs one command line. Never throws: a failure is one line on stderr and an exit code. */
export async function run(io: Io, overrides: Overrides = {}): Promise<number> {
  try {
    return await dispatch(io, overrides)
  } catch (error) {
    if (io.signal.aborted) {
      io.stderr.write(messageLine('interrupted'))
      return exitCodes.interrupted
    }
    const { text, exitCode } = describeFailure(error, { verbose: io.argv.includes('--verbose') })
    io.stderr.write(await withoutSecrets(text))
    return exitCode
  }
}

async function dispatch(io: Io, overrides: Overrides): Promise<number> {
  const [first, ...words] = io.argv
  if (first === '--get-completions') {
    for (const word of await completionsOf(words)) io.stdout.write(`${word}\n`)
    return exitCodes.clean
  }
  if (first === undefined) {
    io.stderr.write(`${await helpFor(undefined)}\n`)
    return exitCodes.usage
  }
  const request = parseCommandLine(io.argv)
  if (request.kind === 'run') return runCommand(request.invocation, io, overrides)
  io.stdout.write(
    `${request.kind === 'version' ? readVersion() : await helpFor(request.command)}\n`,
  )
  return exitCodes.clean
}

/** Runs a command. Commands that do not scan are imported when they run, as loading takes time. */
async function runCommand(invocation: Invocation, io: Io, overrides: Overrides): Promise<number> {
  const { command } = invocation
  switch (command) {
    case 'scan':
    case 'staged':
    case 'range':
    case 'history':
    case 'stdin':
    case 'verify':
      return runScan({ ...invocation, command }, io, overrides)
    case 'audit':
      return (await import('../commands/audit.ts')).runAudit(invocation, io)
    case 'hook':
      return (await import('../commands/hook.ts')).runHook(invocation, io, overrides)
    case 'allow':
      return (await import('../commands/allow.ts')).runAllow(invocation, io, overrides)
    case 'baseline':
      return (await import('../commands/baseline.ts')).runBaseline(invocation, io, overrides)
    case 'rules':
      return (await import('../commands/rules.ts')).runRules(invocation, io)
    case 'import':
      return (await import('../commands/import.ts')).runImport(invocation, io)
    case 'merge':
      return (await import('../commands/merge.ts')).runMerge(invocation, io)
    case 'install':
    case 'uninstall':
      return (await import('../commands/install.ts')).runInstall({ ...invocation, command }, io)
    case 'doctor':
      return (await import('../commands/doctor.ts')).runDoctor(invocation, io)
    case 'fix':
      return (await import('../commands/fix.ts')).runFix(invocation, io)
    case 'plan':
      return (await import('../commands/plan.ts')).runPlan(invocation, io)
    case 'rewrite':
      return (await import('../commands/rewrite.ts')).runRewrite(invocation, io)
    case 'completion':
      return (await import('../commands/completion.ts')).runCompletion(invocation, io)
    default:
      return command satisfies never
  }
}
