/**
 * Runs the command line in a real process: streams, signals, closed pipes and the exit code.
 * `bin.ts` loads this file, and only this file and `bundles.ts` use `process`.
 */
import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { UsageError } from '../../model/errors.ts'
import { warmCodeCache } from '../../scan/staged-fast-path/warm-code-cache.ts'
import { exitCodes } from '../support/exit-code.ts'
import { describeFailure, messageLine } from '../support/failure.ts'
import type { Io, Output } from './io.ts'
import type { run } from './main.ts'

/** Parameters of the function that `bundles.ts` wraps a bundle in. */
declare const loadBundle: (bundle: 'cli/main') => { readonly run: typeof run }
declare const keepCompiled: (warmUp?: () => Promise<unknown>) => Promise<void>

/** Time that an interrupted scan has to end and report. */
const GRACE_MS = 900

/** Time after which a thread ends an interrupted process that is too busy to end itself. */
const MAX_GRACE_MS = 1400

const LATE = 'interrupted; the scan did not end in time to report'

// React loads its slow development build unless this says production.
process.env['NODE_ENV'] ??= 'production'

const interruption = new AbortController()
let exitCode: number | undefined

// A process that ends before `run` returns must not pass for a clean scan.
process.exitCode = exitCodes.incomplete

/**
 * Returns an output that writes to the file descriptor directly, because Node takes longer to
 * create a stream than a hook takes to write its few lines. Bytes that a pipe does not accept at
 * once go through the stream.
 */
function outputOf(descriptor: number, createStream: () => NodeJS.WriteStream): Output {
  let stream: NodeJS.WriteStream | undefined
  return {
    get isTTY() {
      return isatty(descriptor)
    },
    get columns() {
      return (stream ??= createStream()).columns || 80
    },
    write(text) {
      const bytes = Buffer.from(text)
      const rest = stream === undefined ? bytes.subarray(writeAtOnce(descriptor, bytes)) : bytes
      if (rest.length > 0) (stream ??= createStream()).write(rest)
    },
  }
}

/** Writes what the descriptor accepts without waiting, and returns the number of bytes. */
function writeAtOnce(descriptor: number, bytes: Buffer): number {
  try {
    return writeSync(descriptor, bytes)
  } catch {
    return 0
  }
}

/** Returns the stream of stdout, with a listener for a reader that closes the pipe. */
function stdout(): NodeJS.WriteStream {
  return process.stdout.listenerCount('error') === 0
    ? process.stdout.on('error', onStdoutError)
    : process.stdout
}

function stderr(): NodeJS.WriteStream {
  // A failure of stderr cannot be reported anywhere.
  return process.stderr.listenerCount('error') === 0
    ? process.stderr.on('error', () => undefined)
    : process.stderr
}

function onStdoutError(error: NodeJS.ErrnoException): void {
  // `oakum … | head` closes the pipe on purpose.
  if (error.code === 'EPIPE') return
  stderr().write(messageLine(`cannot write the report: ${error.code ?? error.name}`))
  exitCode = exitCodes.usage
  process.exitCode = exitCodes.usage
}

function currentFolder(): string {
  try {
    return process.cwd()
  } catch (error) {
    throw new UsageError('the current folder no longer exists', { cause: error })
  }
}

/** Yields stdin until an interruption, so that a scan does not wait for a silent pipe. */
async function* readStdin(): AsyncGenerator<Uint8Array> {
  try {
    const { addAbortSignal } = await import('node:stream')
    yield* addAbortSignal(interruption.signal, process.stdin)
  } catch (error) {
    if (!interruption.signal.aborted) throw error
  }
}

/** Restores the terminal that the audit screen has taken over. */
let restoreTerminal: (() => void) | undefined

function interrupt(): void {
  if (interruption.signal.aborted) process.exit(exitCodes.interrupted)
  // The screen has listeners of its own, which would send the signal again without this one.
  const hasScreen = restoreTerminal !== undefined
  interruption.abort()
  setTimeout(() => {
    restoreTerminal?.()
    stderr().write(messageLine(LATE))
    process.exit(exitCodes.interrupted)
  }, GRACE_MS)
  if (!hasScreen) void endLate()
}

/**
 * Ends this process from a thread if it has not ended some time after an interruption, because it is
 * busy and serves no timer. A further signal ends it at once, as it has no listener any more.
 */
async function endLate(): Promise<void> {
  listenToSignals(false)
  const endsAt = Date.now() + MAX_GRACE_MS
  const { Worker } = await import('node:worker_threads')
  const program = `setTimeout(() => {
    require('node:fs').writeSync(2, ${JSON.stringify(messageLine(LATE))})
    process.kill(process.pid, 'SIGINT')
  }, ${endsAt} - Date.now())`
  new Worker(program, { eval: true }).unref()
}

function listenToSignals(isListening: boolean): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    if (isListening) process.on(signal, interrupt)
    else process.off(signal, interrupt)
}

function end(code: number): void {
  exitCode ??= code
  process.exitCode = exitCode
  // After an interruption, open handles must not keep the process alive once the report is written.
  if (interruption.signal.aborted) stdout().write('', () => process.exit(exitCodes.interrupted))
}

function crash(error: unknown): void {
  restoreTerminal?.()
  const failure = describeFailure(error, { verbose: process.argv.includes('--verbose') })
  stderr().write(failure.text)
  process.exit(failure.exitCode)
}

listenToSignals(true)
process.on('exit', () => restoreTerminal?.())
process.on('uncaughtException', crash)
process.on('beforeExit', () => {
  if (exitCode === undefined) crash(new Error('run never returned'))
})
const io: Io = {
  argv: process.argv.slice(2),
  env: process.env,
  cwd: currentFolder(),
  stdin: readStdin(),
  get stdinIsTTY() {
    return process.stdin.isTTY
  },
  stdout: outputOf(1, stdout),
  stderr: outputOf(2, stderr),
  signal: interruption.signal,
  // A getter, because Node opens stdin when `process.stdin` is first read.
  get terminal() {
    return process.stdin.isTTY && process.stdout.isTTY
      ? { input: process.stdin, output: process.stdout, atEnd: setRestoreTerminal }
      : undefined
  },
  whileReporting: async (report) => {
    listenToSignals(false)
    try {
      return await report()
    } finally {
      if (!interruption.signal.aborted) listenToSignals(true)
    }
  },
  onExit: (clear) => void process.once('exit', clear),
  now: () => performance.now(),
}

function setRestoreTerminal(restore: (() => void) | undefined): void {
  restoreTerminal = restore
}

/**
 * Tries the fast path of hooks, then loads the whole program. Most runs are hooks that find nothing
 * and need no more.
 */
async function start(): Promise<number> {
  const { runFastPath: runQuickly } = await import('./fast-path.ts')
  const code = (await runQuickly(io)) ?? (await loadBundle('cli/main').run(io))
  // The cache of hooks is for commits without findings, whatever this first run found.
  const warmUp =
    io.argv[0] === 'staged' || io.argv[0] === 'hook'
      ? () => warmCodeCache(interruption.signal)
      : undefined
  // Runs with other exit codes ended early and compiled only a part.
  if (code === exitCodes.clean || code === exitCodes.findings) await keepCompiled(warmUp)
  return code
}

start().then(end, crash)
