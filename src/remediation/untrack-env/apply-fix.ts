/** Applies a fix: all of its changes, or none. */
import { randomBytes } from 'node:crypto'
import { chmodSync, lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { readRegularFile } from '../../model/regular-file.ts'
import { ScanError } from '../../model/errors.ts'
import { type GitCall, readGit } from '../../git/commands/run.ts'
import { diskPath, latin1ToUtf8 } from './byte-paths.ts'
import { ignoredByRepository } from './ignore.ts'
import type { FileChange, Fix } from './plan-fix.ts'

/**
 * Writes the files, checks that git now ignores what it should, and then updates the index, which
 * git does in one transaction. On any error the files are restored. Env files are never written.
 */
export async function applyFix(call: GitCall & { readonly top: string }, fix: Fix): Promise<void> {
  const written: FileChange[] = []
  try {
    for (const change of fix.changes) {
      writeChange(call.top, change)
      written.push(change)
    }
    await checkIgnored({ ...call, cwd: call.top }, fix)
    call.signal?.throwIfAborted()
    if (fix.untrack.length > 0) {
      const input = fix.untrack.map((path) => Buffer.from(`${path}\0`, 'latin1'))
      await readGit({
        cwd: call.top,
        env: call.env,
        args: ['update-index', '--force-remove', '-z', '--stdin'],
        input,
      })
    }
  } catch (error) {
    for (const change of written.toReversed()) revertChange(call.top, change)
    throw error
  }
}

/** Writes a file. Throws a ScanError if it is not what the shown diff was made from. */
function writeChange(top: string, { path, before, after }: FileChange): void {
  const place = diskPath(top, path)
  const stat = lstatSync(place, { throwIfNoEntry: false })
  const isUnchanged =
    before === undefined
      ? stat === undefined
      : stat?.isFile() === true && readRegularFile(place).equals(before)
  if (!isUnchanged)
    throw new ScanError(
      `${latin1ToUtf8(path)} changed meanwhile: nothing was done; check the file and run fix again`,
    )
  replaceFile(place, after, stat?.mode)
}

/**
 * Writes a temporary file in the same folder and renames it. The file gets `mode`, or without it
 * the default of new files.
 */
function replaceFile(place: Buffer, bytes: Buffer, mode: number | undefined): void {
  const temporary = Buffer.concat([place, Buffer.from(`.${randomBytes(6).toString('hex')}.tmp`)])
  try {
    writeFileSync(temporary, bytes, { flag: 'wx', flush: true })
    if (mode !== undefined) chmodSync(temporary, mode & 0o777)
    renameSync(temporary, place)
  } catch (error) {
    rmSync(temporary, { force: true })
    const cause = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new ScanError(`cannot write ${place.toString('utf8')}: ${cause}; nothing was done`, {
      cause: error,
    })
  }
}

function revertChange(top: string, { path, before }: FileChange): void {
  const place = diskPath(top, path)
  if (before === undefined) rmSync(place, { force: true })
  else replaceFile(place, before, lstatSync(place, { throwIfNoEntry: false })?.mode)
}

/** Asks git what it ignores, rather than interpreting `.gitignore`; throws if that is wrong. */
async function checkIgnored(call: GitCall, { ignored, notIgnored }: Fix): Promise<void> {
  const nowIgnored = await ignoredByRepository(call, [...ignored, ...notIgnored])
  const exposedFile = ignored.find((path) => !nowIgnored.has(path))
  const hiddenTemplate = notIgnored.find((path) => nowIgnored.has(path))
  if (exposedFile !== undefined)
    throw new ScanError(
      `git still does not ignore ${latin1ToUtf8(exposedFile)}: another line of a .gitignore ` +
        'includes it again; nothing was done',
    )
  if (hiddenTemplate !== undefined)
    throw new ScanError(
      `git would ignore the template ${latin1ToUtf8(hiddenTemplate)}: a line of a .gitignore ` +
        'matches it; nothing was done',
    )
}
