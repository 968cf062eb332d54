/** `oakum fix`: shows the changes that keep env files out of git, asks, and applies them. */
import { realpathSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { escapeForTerminal } from '../../report/terminal/escape.ts'
import { confirm, stopAsking } from '../support/ask-line.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { isCi } from '../arguments/environment.ts'
import { exitCodes } from '../support/exit-code.ts'
import { messageLine } from '../support/failure.ts'
import type { Io } from '../process/io.ts'
import { withoutSecrets } from '../support/without-secrets.ts'

/** Exits 0 when nothing had to be fixed or the fix was applied, 1 when it was only shown. */
export async function runFix(invocation: Invocation, io: Io): Promise<number> {
  const { openRepository } = await import('../../git/commands/repository.ts')
  const { planFix } = await import('../../remediation/untrack-env/plan-fix.ts')
  const { latin1ToUtf8 } = await import('../../remediation/untrack-env/byte-paths.ts')
  const { diffLines } = await import('../../remediation/untrack-env/diff.ts')
  const { harmlessComment } = await import('../../remediation/untrack-env/comments.ts')
  const repository = await openRepository({ path: io.cwd, explicit: false, env: io.env })
  const { top } = repository
  if (top === null) throw new UsageError('a bare repository has no files to fix')
  const call = { cwd: top, env: repository.env, top, signal: io.signal }
  const fix = await planFix({
    call,
    paths: pathsFromTop(top, io.cwd, invocation.positionals),
    isHarmless: harmlessComment(),
  })

  const print = (lines: readonly string[]): void =>
    io.stdout.write(lines.map((text) => `${escapeForTerminal(text)}\n`).join(''))
  for (const remark of fix.remarks)
    io.stderr.write(await withoutSecrets(messageLine(latin1ToUtf8(remark))))
  if (fix.changes.length === 0 && fix.untrack.length === 0) {
    print(['nothing to fix: git ignores every env file and tracks none'])
    return exitCodes.clean
  }
  print((await withoutSecrets(diffLines(fix).join('\n'))).split('\n'))
  if (invocation.switches.has('dry-run')) return exitCodes.clean
  if (!(await isConfirmed(invocation, io))) return exitCodes.findings
  io.signal.throwIfAborted()
  const { applyFix } = await import('../../remediation/untrack-env/apply-fix.ts')
  await applyFix(call, fix)
  print(['done; the env files themselves were not changed. Commit the other changes.'])
  if (fix.untrack.length > 0)
    print(['Earlier commits still contain the untracked files: run oakum plan for the next steps.'])
  return exitCodes.clean
}

/** True with `--yes`, or when the user agrees on the terminal. */
async function isConfirmed({ switches }: Invocation, io: Io): Promise<boolean> {
  if (switches.has('yes')) return true
  if (!io.stdout.isTTY || isCi(io.env)) {
    io.stderr.write(
      messageLine(
        'nothing was changed: no terminal to ask on; use --yes to apply, or --dry-run to only show',
      ),
    )
    return false
  }
  const agrees = await confirm(io, 'Apply these changes?')
  await stopAsking(io)
  if (!agrees) io.stderr.write(messageLine('nothing was changed'))
  return agrees
}

/**
 * Converts arguments, which are relative to the current folder, to paths from the top of the
 * repository. The paths need not exist.
 */
function pathsFromTop(top: string, cwd: string, names: readonly string[]): readonly string[] {
  const realTop = realpathSync(top)
  return names.map((name) => {
    const absolute = resolve(cwd, name)
    const path = relative(realTop, join(realFolder(dirname(absolute)), basename(absolute)))
    if (path === '..' || path.startsWith(`..${sep}`))
      throw new UsageError(`${name} is not in the repository at ${top}`)
    return path === '' ? '.' : path.replaceAll(sep, '/')
  })
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}
