/** Starts git as a child process, streams its output and reports its failure. */
import { type ChildProcess, type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { Readable, type Writable } from 'node:stream'
import { ScanError } from '../../model/errors.ts'
import type { Skip } from '../../model/model.ts'
import type { Environment } from './environment.ts'
import { killWithParent } from './watchdog.ts'

const MAX_STDERR_BYTES = 16_384
const MAX_SYNC_BYTES = 4 << 20

/** Time limit of a synchronous git, during which no signal is served. */
const MAX_SYNC_MS = 1000

/** A git that gives nothing for so long hangs, as on a network drive that is gone. */
const MAX_SILENT_MS = 10 * 60_000

/** The same limit for a git that packs or rewrites a whole repository in silence. */
export const MAX_SILENT_REWRITE_MS = 12 * MAX_SILENT_MS

/** The folder and the environment in which git runs. */
export interface GitContext {
  readonly cwd: string
  readonly env: Environment
}

/** A context, and the signal that stops git. */
export interface GitCall extends GitContext {
  readonly signal?: AbortSignal
}

export interface GitRun extends GitCall {
  readonly args: readonly string[]
  /** Text or bytes for git's standard input, taken only as fast as git reads. */
  readonly input?: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>
  /**
   * Git starts other programs that must not outlive it (`git filter-repo`): stopping git stops its
   * whole process group.
   */
  readonly processGroup?: true
  /** Git writes to standard error even when it succeeds; only its exit code tells a failure. */
  readonly writesToStderr?: true
  /** Exit codes other than 0 that are not a failure. */
  readonly allowedExitCodes?: readonly number[]
  /** Milliseconds after which a git that gives and takes nothing is stopped. */
  readonly maxSilentMs?: number
}

export interface GitProcess {
  /** Ends without an error when git is stopped or fails; `failure` tells which. */
  readonly stdout: AsyncIterable<Buffer>
  /**
   * Resolves when git has exited and its output is closed: to one line that says what went wrong,
   * or to undefined. Never rejects.
   */
  readonly failure: Promise<string | undefined>
  /** Kills git if it still runs. `failure` then resolves to the given reason, if any. */
  readonly stop: (reason?: string) => void
}

/**
 * Starts git to stream its output. Git has failed when it exits with an error, is killed, cannot be
 * started or writes anything to standard error: a scanner that overlooked a failure would report
 * "clean" for objects that it never read.
 */
export function startGit(run: GitRun): GitProcess {
  const child = spawnGit(run)
  let stopped: { readonly reason: string | undefined } | undefined
  const stop = (reason?: string): void => {
    stopped ??= { reason }
    kill(child, run.processGroup === true)
    child.stdout.destroy()
  }
  const onAbort = (): void => stop()
  if (run.signal?.aborted) stop()
  run.signal?.addEventListener('abort', onAbort, { once: true })
  const unwatch = killWithParent(run.processGroup && child.pid ? -child.pid : child.pid)
  const silence = new SilenceLimit(run.maxSilentMs ?? MAX_SILENT_MS, stop)

  const exitFailure = failureOfExit(run, child)
  const failure = exitFailure.then((text) => {
    run.signal?.removeEventListener('abort', onAbort)
    unwatch()
    silence.end()
    return stopped === undefined ? text : stopped.reason
  })
  if (child.stdin !== null) {
    // Git may exit before it has read all input; its exit code says why.
    child.stdin.on('error', () => {})
    // Git must not take half of the input for all of it.
    Readable.from(run.input ?? [])
      .on('error', (error) => stop(`its input broke off: ${error.message}`))
      .on('data', () => silence.restart())
      .pipe(child.stdin)
  }
  const output = silence.watch(child.stdout)
  return { stdout: untilStopped(output, () => stopped !== undefined), failure, stop }
}

/** Ticks of the clock that measures silence. A busy main thread makes it miss some. */
const SILENT_TICKS = 4

/** Stops a git that gives and takes nothing for too long, while its output is awaited. */
class SilenceLimit {
  readonly #timer: NodeJS.Timeout
  #isAwaited = false
  #silentTicks = 0

  constructor(maxMs: number, stop: (reason: string) => void) {
    this.#timer = setInterval(() => {
      if (!this.#isAwaited) return
      this.#silentTicks += 1
      if (this.#silentTicks === SILENT_TICKS) stop(`it gave nothing for ${formatSilence(maxMs)}`)
    }, maxMs / SILENT_TICKS).unref()
  }

  /** Counts anew: git has taken or given something. */
  restart(): void {
    this.#silentTicks = 0
  }

  async *watch(output: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    this.#isAwaited = true
    this.restart()
    for await (const chunk of output) {
      this.#isAwaited = false
      yield chunk
      this.#isAwaited = true
      this.restart()
    }
  }

  end(): void {
    clearInterval(this.#timer)
  }
}

function formatSilence(ms: number): string {
  return ms < 60_000 ? `${ms / 1000} seconds` : `${ms / 60_000} minutes`
}

type GitChild = ChildProcessByStdio<Writable | null, Readable, Readable>

/** Opens a pipe for standard input only when there is input: an unused pipe costs time too. */
function spawnGit({ args, cwd, env, processGroup, input }: GitRun): GitChild {
  const options = { cwd, env: { ...env }, windowsHide: true, detached: processGroup === true }
  return input === undefined
    ? spawn('git', [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    : spawn('git', [...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] })
}

function failureOfExit(run: GitRun, child: GitChild): Promise<string | undefined> {
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < MAX_STDERR_BYTES) stderr += text
  })
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`git could not be started: ${error.message}`))
    child.once('close', (code, signal) => {
      const isAllowed = run.allowedExitCodes?.includes(code ?? 0) === true
      const ignoresStderr = run.writesToStderr === true && code === 0
      resolve(describeExit(isAllowed ? 0 : code, signal, ignoresStderr ? '' : stderr))
    })
  })
}

function kill(child: ChildProcess, processGroup: boolean): void {
  try {
    // The id of a process group is the id of its first process; a negative id names the group.
    if (processGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    // The group has ended, or the system has no process groups.
    if (!(error instanceof Error && 'code' in error)) throw error
  }
  child.kill('SIGKILL')
}

/** A destroyed pipe throws at its reader; after a stop the output only has to end. */
async function* untilStopped(
  output: AsyncIterable<Buffer>,
  isStopped: () => boolean,
): AsyncGenerator<Buffer> {
  try {
    yield* output
  } catch (error) {
    if (!isStopped()) throw error
  }
}

/**
 * Runs git to its end and returns all of its output, for output of bounded size. Throws ScanError
 * when git fails.
 */
export async function readGit(run: GitRun): Promise<Buffer> {
  const git = startGit(run)
  const chunks: Buffer[] = []
  for await (const chunk of git.stdout) chunks.push(chunk)
  const failure = await git.failure
  if (failure !== undefined) throw new ScanError(`git ${commandIn(run.args)} failed: ${failure}`)
  return Buffer.concat(chunks)
}

/**
 * Runs git synchronously and returns its output, or undefined when git fails, writes more than 4 MiB
 * or takes more than a second. Setting up streams takes longer than a short answer does; nothing else runs meanwhile.
 */
export function readGitSync({ args, cwd, env }: GitRun): Buffer | undefined {
  const { status, stdout, stderr, error } = spawnSync('git', [...args], {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: MAX_SYNC_BYTES,
    windowsHide: true,
    timeout: MAX_SYNC_MS,
    killSignal: 'SIGKILL',
  })
  return error === undefined && status === 0 && stderr.length === 0 ? stdout : undefined
}

/** Returns the name of git's command, which may follow settings: `-c key=value repack -a`. */
function commandIn(args: readonly string[]): string {
  return args.find((word, at) => word !== '-c' && args[at - 1] !== '-c') ?? ''
}

function describeExit(
  code: number | null,
  signal: string | null,
  stderr: string,
): string | undefined {
  const lines = stderr.trim().split('\n')
  // Python names its error in the last line of a trace, unless git printed one before.
  const isTrace = lines.some((line) => line.startsWith('Traceback '))
  const message = isTrace
    ? (lines.find((line) => line.startsWith('fatal: ')) ?? lines.at(-1) ?? '')
    : lines.slice(0, 3).join('; ')
  if (signal !== null) return `killed by ${signal}${message && `: ${message}`}`
  if (code !== 0) return message || `exit ${code}`
  return message || undefined
}

/** Yields the lines of ASCII output, without line feeds, in non-empty blocks as they arrive. */
export async function* linesOf(output: AsyncIterable<Buffer>): AsyncGenerator<readonly string[]> {
  let rest = ''
  for await (const chunk of output) {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    if (lines.length > 0) yield lines
  }
  if (rest !== '') yield [rest]
}

/** The skip for a failed git: the scan is then incomplete, never clean. */
export function gitFailed(detail: string): Skip {
  return { outcome: 'failed', reason: 'git-failed', detail }
}

/**
 * Returns a handler for `.catch` that replaces the result of a failed git by `value`. Every other
 * error is a bug in Oakum and is thrown again.
 */
export function ifGitFails<Value>(value: Value): (error: unknown) => Value {
  return (error) => {
    if (error instanceof ScanError) return value
    throw error
  }
}
