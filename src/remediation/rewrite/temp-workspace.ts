/**
 * The temporary folder in which a mirror is created, beside its target: the target appears only
 * when the mirror is complete and proven.
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
  /** Path at which to create the mirror; its parent folder exists. */
  readonly mirror: string
  /** Moves the mirror to the target and deletes the folder. */
  readonly finish: () => void
  /** Deletes the folder with everything in it. */
  readonly clear: () => void
}

/** Events that end a rewrite early. */
interface WorkspaceLifetime {
  readonly signal: AbortSignal
  readonly onExit?: ((clear: () => void) => void) | undefined
}

/**
 * Delays after an interruption at which the folder is deleted. The git processes are killed at
 * once, and the process ends after at most 900 ms.
 */
const CLEAR_DELAYS_MS = [50, 250, 500, 750]

/**
 * Throws a UsageError for a target that exists, whose parent folder does not, or that is inside one
 * of the folders `repositoryFolders`.
 */
export function checkTarget(target: string, repositoryFolders: readonly (string | null)[]): void {
  const parent = dirname(target)
  if (!(statSync(parent, { throwIfNoEntry: false })?.isDirectory() ?? false))
    throw new UsageError(`--to ${target}: its folder does not exist`)
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined)
    throw new UsageError(`--to ${target} already exists: use another path, or remove it first`)
  const realTarget = join(realpathSync(parent), basename(target))
  const enclosing = repositoryFolders.find(
    (folder) => folder !== null && realTarget.startsWith(`${realpathSync(folder)}${sep}`),
  )
  if (enclosing !== undefined)
    throw new UsageError(
      `--to ${target} is inside the repository, which is only read: use a path outside of it`,
    )
}

/**
 * Creates a folder that only its owner can enter, and deletes what killed runs with the same target
 * left behind.
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
      // A git that has not ended yet wrote into the folder; the next try or the next run deletes it.
    }
  }
  // An interrupted process may end before all running code has noticed, so the folder is deleted
  // several times meanwhile and once at exit.
  onExit?.(clear)
  signal.addEventListener(
    'abort',
    () => CLEAR_DELAYS_MS.forEach((delay) => setTimeout(clear, delay)),
    { once: true },
  )
  return {
    mirror,
    finish: () => {
      if (lstatSync(target, { throwIfNoEntry: false }) !== undefined)
        throw new UsageError(`--to ${target} was created meanwhile: the mirror was not put there`)
      renameSync(mirror, target)
      clear()
    },
    clear,
  }
}

/** Deletes the folder of a dead process of this machine; `suffix` is `12345-0f1e2d3c4b5a`. */
function removeLeftover(folder: string, suffix: string): void {
  const pid = /^(\d{1,10})-[0-9a-f]{12}$/.exec(suffix)?.[1]
  if (pid === undefined || !(lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false))
    return
  if (isRunning(Number(pid)))
    throw new UsageError(
      `another oakum rewrite (process ${pid}) is working in ${folder}: wait until it ends`,
    )
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  } catch (error) {
    throw new UsageError(
      `${folder} was left by a killed run and cannot be deleted, since a git of that run still ` +
        'writes into it; try again in a moment',
      { cause: error },
    )
  }
}

/** Identifies the machine: machines may share folders, but not process ids. */
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
