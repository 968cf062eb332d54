import { type ChildProcess, type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { Readable, type Writable } from 'node:stream'
import { ScanError } from '../../model/errors.ts'
import type { Skip } from '../../model/model.ts'
import type { Environment } from './environment.ts'

const MAX_STDERR_BYTES = 16_384
const MAX_SHORT_BYTES = 4 << 20

export interface GitContext {
  readonly cwd: string
  readonly env: Environment
}

/** Where git runs, and until when. */
export interface GitCall extends GitContext {
  readonly signal?: AbortSignal
}

export interface GitRun extends GitCall {
  readonly args: readonly string[]
  /** Text or bytes for its standard input, taken as git reads. */
  readonly input?: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>
  /**
   * It starts others that must not outlive it (`git filter-repo`): all of its process group are
   * stopped with it.
   */
  readonly processGroup?: true
  /** It talks on standard error while all is well; only its exit code tells a failure. */
  readonly writesToStderr?: true
  /** Exit codes that are an answer and no failure. */
  readonly allowedExitCodes?: readonly number[]
}

export interface GitProcess {
  /** Ends, and does not throw, when git is stopped; `failure` tells. */
  readonly stdout: AsyncIterable<Buffer>
  /**
   * Settles when git has ended and its output was closed: what went wrong in one line, or
   * undefined. Never rejects.
   */
  readonly failure: Promise<string | undefined>
  /** Ends it early, if it still runs; `failure` is then the given reason, if any. */
  readonly stop: (reason?: string) => void
}

/**
 * Starts git to stream its output. A git that exits with an error, is killed, cannot be started or
 * says anything on standard error has failed: a scanner that overlooks that reports "clean" for
 * what it never saw.
 */
export function startGit(run: GitRun): GitProcess {
  const child = start(run)
  let ended: { readonly why: string | undefined } | undefined
  const stop = (reason?: string): void => {
    ended ??= { why: reason }
    kill(child, run.processGroup === true)
    child.stdout.destroy()
  }
  const onAbort = (): void => stop()
  if (run.signal?.aborted) stop()
  run.signal?.addEventListener('abort', onAbort, { once: true })

  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < MAX_STDERR_BYTES) said += text
  })
  const failure = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(`git could not be started: ${error.message}`))
    child.once('close', (code, signal) => {
      run.signal?.removeEventListener('abort', onAbort)
      resolve(
        ended === undefined
          ? failureOf(
              run.allowedExitCodes?.includes(code ?? 0) ? 0 : code,
              signal,
              run.writesToStderr === true && code === 0 ? '' : said,
            )
          : ended.why,
      )
    })
  })
  if (child.stdin !== null) {
    // Git may end before it has read everything; its exit says why.
    child.stdin.on('error', () => {})
    // Half of the input must not pass for all of it.
    Readable.from(run.input ?? [])
      .on('error', (error) => stop(`its input broke off: ${error.message}`))
      .pipe(child.stdin)
  }
  return { stdout: untilStopped(child.stdout, () => ended !== undefined), failure, stop }
}

/** A pipe that nothing goes through takes as long to set up as one that is used. */
function start({
  args,
  cwd,
  env,
  processGroup: group,
  input,
}: GitRun): ChildProcessByStdio<Writable | null, Readable, Readable> {
  const options = { cwd, env: { ...env }, windowsHide: true, detached: group === true }
  return input === undefined
    ? spawn('git', [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    : spawn('git', [...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] })
}

/** A group has the number of the process that was started as its first. */
function kill(child: ChildProcess, group: boolean): void {
  try {
    if (group && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended, or the system knows no groups.
  }
  child.kill('SIGKILL')
}

/** A pipe that is destroyed throws at its reader, who asked for no more than that it end. */
async function* untilStopped(
  output: AsyncIterable<Buffer>,
  stopped: () => boolean,
): AsyncGenerator<Buffer> {
  try {
    yield* output
  } catch (error) {
    if (!stopped()) throw error
  }
}

/**
 * Runs git to its end and gives all of its output. Throws ScanError when it failed. For output of
 * bounded size.
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
 * The same without streams, which take longer to set up than a short answer takes: nothing else
 * goes on until git has ended. Undefined where it failed in any way, or gave more than is short.
 */
export function readGitSync({ args, cwd, env }: GitRun): Buffer | undefined {
  const { status, stdout, stderr, error } = spawnSync('git', [...args], {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: MAX_SHORT_BYTES,
    windowsHide: true,
  })
  return error === undefined && status === 0 && stderr.length === 0 ? stdout : undefined
}

/** Behind settings: `-c key=value repack -a`. */
function commandIn(args: readonly string[]): string {
  return args.find((word, at) => word !== '-c' && args[at - 1] !== '-c') ?? ''
}

function failureOf(code: number | null, signal: string | null, said: string): string | undefined {
  const lines = said.trim().split('\n')
  // Python says what happened in the last line, unless git did before.
  const isTrace = lines.some((line) => line.startsWith('Traceback '))
  const words = isTrace
    ? (lines.find((line) => line.startsWith('fatal: ')) ?? lines.at(-1) ?? '')
    : lines.slice(0, 3).join('; ')
  if (signal !== null) return `killed by ${signal}${words && `: ${words}`}`
  if (code !== 0) return words || `exit ${code}`
  return words || undefined
}

/** Lines of a stream of ASCII, without their ends, in blocks as they arrive; no block is empty. */
export async function* linesOf(output: AsyncIterable<Buffer>): AsyncGenerator<readonly string[]> {
  let rest = ''
  for await (const chunk of output) {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    if (lines.length > 0) yield lines
  }
  if (rest !== '') yield [rest]
}

/** What a git that failed makes of a scan: incomplete, never clean. */
export function gitFailed(detail: string): Skip {
  return { outcome: 'failed', reason: 'git-failed', detail }
}
