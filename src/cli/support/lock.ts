import { closeSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { UsageError } from '../../model/errors.ts'

const RETRY_MS = 15

/**
 * Whoever holds a lock so long is not there any more: it is held for as long as a file takes to be
 * written.
 */
const STALE_MS = 10_000

/**
 * Does something while nobody else who asks for the same does. Throws a UsageError where no lock
 * can be made.
 */
export async function withLock<Outcome>(
  path: string,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const lock = `${path}.lock`
  while (!take(lock)) {
    dropStale(lock)
    await setTimeout(RETRY_MS)
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function take(lock: string): boolean {
  try {
    // Fails if anything is there, a link included.
    closeSync(openSync(lock, 'wx', 0o600))
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code === 'EEXIST') return false
    throw new UsageError(`cannot write ${lock}: ${code}`, { cause: error })
  }
}

/**
 * Moved away first, which only one of those who wait can do; a fresh one that was moved by mistake
 * is put back.
 */
function dropStale(lock: string): void {
  if (!isStale(lock)) return
  const aside = `${lock}.${randomBytes(6).toString('hex')}`
  try {
    renameSync(lock, aside)
    if (isStale(aside)) rmSync(aside, { force: true })
    else renameSync(aside, lock)
  } catch {
    // Another was faster.
  }
}

function isStale(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs > STALE_MS
}
