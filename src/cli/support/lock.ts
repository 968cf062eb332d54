/** A lock file that serializes changes to one file by several processes. */
import { closeSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { UsageError } from '../../model/errors.ts'

const RETRY_MS = 15

/** Age of a lock whose process must be dead: a lock is held only while one file is written. */
const STALE_MS = 10_000

/** Runs `work` while holding `PATH.lock`. Throws a UsageError where no lock can be created. */
export async function withLock<Outcome>(
  path: string,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const lock = `${path}.lock`
  while (!tryCreate(lock)) {
    removeStale(lock)
    await setTimeout(RETRY_MS)
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function tryCreate(lock: string): boolean {
  try {
    // The flag `wx` fails if the path exists, even as a symbolic link.
    closeSync(openSync(lock, 'wx', 0o600))
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code === 'EEXIST') return false
    throw new UsageError(`cannot write ${lock}: ${code}`, { cause: error })
  }
}

/**
 * Removes a stale lock. The lock is renamed first, which only one waiting process can do; a fresh
 * lock that was renamed by mistake is renamed back.
 */
function removeStale(lock: string): void {
  if (!isStale(lock)) return
  const renamed = `${lock}.${randomBytes(6).toString('hex')}`
  try {
    renameSync(lock, renamed)
    if (isStale(renamed)) rmSync(renamed, { force: true })
    else renameSync(renamed, lock)
  } catch {
    // Another process renamed the lock first.
  }
}

function isStale(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs > STALE_MS
}
