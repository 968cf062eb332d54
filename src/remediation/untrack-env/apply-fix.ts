/** Does what a fix says: all of it, or nothing. */
import { randomBytes } from 'node:crypto'
import { chmodSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { ScanError } from '../../model/errors.ts'
import { type GitCall, readGit } from '../../git/commands/run.ts'
import { latin1ToUtf8 } from './diff.ts'
import { ignoredByRepository } from './ignore.ts'
import { type FileChange, type Fix, diskPath } from './plan-fix.ts'

/**
 * Files first, and taken back if one cannot be written or git does not read them as was meant; the
 * index last, which git changes at once or not at all. No env file is opened for writing.
 */
export async function applyFix(call: GitCall & { readonly top: string }, fix: Fix): Promise<void> {
  const done: FileChange[] = []
  try {
    for (const change of fix.changes) {
      write(call.top, change)
      done.push(change)
    }
    await check({ ...call, cwd: call.top }, fix)
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
    for (const change of done.toReversed()) takeBack(call.top, change)
    throw error
  }
}

/** Beside the file, then renamed; refused when the file is not what the diff was made of. */
function write(top: string, { path, before, after }: FileChange): void {
  const place = diskPath(top, path)
  const found = lstatSync(place, { throwIfNoEntry: false })
  const same =
    before === undefined
      ? found === undefined
      : found?.isFile() === true && readFileSync(place).equals(before)
  if (!same)
    throw new ScanError(
      `${latin1ToUtf8(path)} has changed meanwhile: nothing was done, look at it and fix again`,
    )
  replace(place, after, found?.mode)
}

/** In the mode that it has, or that new files get. */
function replace(place: Buffer, bytes: Buffer, mode: number | undefined): void {
  const draft = Buffer.concat([place, Buffer.from(`.${randomBytes(6).toString('hex')}.tmp`)])
  try {
    writeFileSync(draft, bytes, { flag: 'wx', flush: true })
    if (mode !== undefined) chmodSync(draft, mode & 0o777)
    renameSync(draft, place)
  } catch (error) {
    rmSync(draft, { force: true })
    throw new ScanError(
      `cannot write ${place.toString('utf8')}: ${error instanceof Error && 'code' in error ? String(error.code) : 'it failed'}; nothing was done`,
      { cause: error },
    )
  }
}

function takeBack(top: string, { path, before }: FileChange): void {
  const place = diskPath(top, path)
  if (before === undefined) rmSync(place, { force: true })
  else replace(place, before, lstatSync(place, { throwIfNoEntry: false })?.mode)
}

/** Git decides what is ignored, not what we think of its rules. */
async function check(call: GitCall, { ignored, notIgnored }: Fix): Promise<void> {
  const now = await ignoredByRepository(call, [...ignored, ...notIgnored])
  const open = ignored.find((path) => !now.has(path))
  const hidden = notIgnored.find((path) => now.has(path))
  if (open !== undefined)
    throw new ScanError(
      `git still does not ignore ${latin1ToUtf8(open)}: another line of a .gitignore takes it back; nothing was done`,
    )
  if (hidden !== undefined)
    throw new ScanError(
      `git would ignore the template ${latin1ToUtf8(hidden)}: a line of a .gitignore covers it; nothing was done`,
    )
}
