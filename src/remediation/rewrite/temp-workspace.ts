/**
 * The folder in which a mirror is made, beside the place it is to have: what is there is whole and
 * proven, or is not there.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join, sep } from 'node:path'
import { UsageError } from '../../model/errors.ts'

export interface TempWorkspace {
  /** Where the mirror is made; its parent is there. */
  readonly mirror: string
  /** Gives the mirror its place. */
  readonly finish: () => void
  /** Takes everything away that is not finished. */
  readonly clear: () => void
}

/** How a run may end early. */
interface WorkspaceLifetime {
  readonly signal: AbortSignal
  readonly onExit?: ((clear: () => void) => void) | undefined
}

/**
 * After an interruption, in milliseconds: the gits are killed at once, and the command line waits
 * no longer than 900.
 */
const clearingMs = [50, 250, 500, 750]

/**
 * Refuses a place that is taken, that has no folder around it, or that is within the repository.
 */
export function checkTarget(target: string, within: readonly (string | null)[]): void {
  const parent = dirname(target)
  if (!(statSync(parent, { throwIfNoEntry: false })?.isDirectory() ?? false))
    throw new UsageError(`--to ${target}: its folder does not exist`)
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined)
    throw new UsageError(
      `--to ${target} is there already: name a place for a new mirror, or remove it first`,
    )
  const real = join(realpathSync(parent), basename(target))
  const inside = within.find(
    (folder) => folder !== null && real.startsWith(`${realpathSync(folder)}${sep}`),
  )
  if (inside !== undefined)
    throw new UsageError(
      `--to ${target} is within the repository, which is not to be touched: name a place outside of it`,
    )
}

/**
 * Opens a folder that only its owner may enter, and removes what a run for the same target left
 * behind when it was killed.
 */
export function openTempWorkspace(
  target: string,
  { signal, onExit }: WorkspaceLifetime,
): TempWorkspace {
  const parent = dirname(target)
  const prefix = `.${basename(target).slice(0, 100)}.oakum-rewrite-${hostMark()}-`
  for (const name of readdirSync(parent))
    if (name.startsWith(prefix)) removeLeftover(join(parent, name), name.slice(prefix.length))
  const folder = join(parent, `${prefix}${process.pid}-${randomBytes(6).toString('hex')}`)
  mkdirSync(folder, { mode: 0o700 })
  const mirror = join(folder, 'mirror.git')
  const clear = (): void => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
    } catch {
      // A git that has not ended yet wrote into it; the next try, or the next run, removes it.
    }
  }
  // Whoever is interrupted may be ended before all that runs has noticed, so the folder goes
  // meanwhile and at the very end.
  onExit?.(clear)
  signal.addEventListener('abort', () => clearingMs.forEach((delay) => setTimeout(clear, delay)), {
    once: true,
  })
  return {
    mirror,
    finish: () => {
      if (lstatSync(target, { throwIfNoEntry: false }) !== undefined)
        throw new UsageError(`--to ${target} has come to be meanwhile: the mirror is not put there`)
      renameSync(mirror, target)
      clear()
    },
    clear,
  }
}

/** `12345-0f1e2d3c4b5a`: of a process of this machine that is no more. */
function removeLeftover(folder: string, rest: string): void {
  const pid = /^(\d{1,10})-[0-9a-f]{12}$/.exec(rest)?.[1]
  if (pid === undefined || !(lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false))
    return
  if (isRunning(Number(pid)))
    throw new UsageError(
      `another oakum rewrite (process ${pid}) works in ${folder}: let it end first`,
    )
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  } catch (error) {
    throw new UsageError(
      `${folder} was left by a run that was killed, and cannot be removed: a git of that run still writes into it; try again in a moment`,
      { cause: error },
    )
  }
}

/** Folders may be shared between machines, and numbers of processes are not. */
function hostMark(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
