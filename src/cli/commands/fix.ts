/** `oakum fix`: env files out of git, shown before it is done. */
import { realpathSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { escapeForTerminal } from '../../report/terminal/escape.ts'
import { stopAsking, confirm } from '../support/ask-line.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { isCi } from '../arguments/environment.ts'
import { exitCodes } from '../support/exit-code.ts'
import { messageLine } from '../support/failure.ts'
import type { Io } from '../process/io.ts'
import { withoutSecrets } from '../support/without-secrets.ts'

/** Exits 0 when there is nothing to do or it was done, 1 when it was only shown. */
export async function runFix(invocation: Invocation, io: Io): Promise<number> {
  const { openRepository } = await import('../../git/commands/repository.ts')
  const { planFix } = await import('../../remediation/untrack-env/plan-fix.ts')
  const { latin1ToUtf8: asText, diffLines } = await import('../../remediation/untrack-env/diff.ts')
  const { harmlessComment } = await import('../../remediation/untrack-env/comments.ts')
  const repository = await openRepository({ path: io.cwd, explicit: false, env: io.env })
  const { top } = repository
  if (top === null) throw new UsageError('a bare repository has no files to fix')
  const call = { cwd: top, env: repository.env, top, signal: io.signal }
  const fix = await planFix({
    call,
    paths: pathsFrom(top, io.cwd, invocation.positionals),
    isHarmless: harmlessComment(),
  })

  const say = async (lines: readonly string[]): Promise<void> =>
    io.stdout.write(lines.map((text) => `${escapeForTerminal(text)}\n`).join(''))
  for (const remark of fix.remarks)
    io.stderr.write(await withoutSecrets(messageLine(asText(remark))))
  if (fix.changes.length === 0 && fix.untrack.length === 0) {
    await say(['nothing to fix: git ignores every env file, and tracks none'])
    return exitCodes.clean
  }
  await say((await withoutSecrets(diffLines(fix).join('\n'))).split('\n'))
  if (invocation.switches.has('dry-run')) return exitCodes.clean
  if (!(await mayGoOn(invocation, io))) return exitCodes.findings
  io.signal.throwIfAborted()
  const { applyFix } = await import('../../remediation/untrack-env/apply-fix.ts')
  await applyFix(call, fix)
  const untracked =
    fix.untrack.length > 0
      ? ['What was committed before is still in history: oakum plan says what to do about it.']
      : []
  await say(['done; the env files themselves were not touched. Commit the rest.', ...untracked])
  return exitCodes.clean
}

async function mayGoOn({ switches }: Invocation, io: Io): Promise<boolean> {
  if (switches.has('yes')) return true
  if (!io.stdout.isTTY || isCi(io.env)) {
    io.stderr.write(
      messageLine(
        'nothing was done: this is no terminal to ask on; --yes does it, --dry-run only shows it',
      ),
    )
    return false
  }
  const agrees = await confirm(io, 'Do this?')
  await stopAsking(io)
  if (agrees) return true
  io.stderr.write(messageLine('nothing was done'))
  return false
}

/**
 * Words are relative to the current folder, paths to the top. What a word names need not be there.
 */
function pathsFrom(top: string, cwd: string, words: readonly string[]): readonly string[] {
  const realTop = realpathSync(top)
  return words.map((word) => {
    const place = resolve(cwd, word)
    const path = relative(realTop, join(realFolder(dirname(place)), basename(place)))
    if (path === '..' || path.startsWith(`..${sep}`))
      throw new UsageError(`${word} is not in the repository at ${top}`)
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
