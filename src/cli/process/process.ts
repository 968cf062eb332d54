/**
 * The process around `run`: signals, pipes that close, and the exit code. `bin.ts` loads it, and no
 * other file touches `process`.
 */
import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { UsageError } from '../../model/errors.ts'
import { warmCodeCache } from '../../scan/staged-fast-path/warm-code-cache.ts'
import { exitCodes } from '../support/exit-code.ts'
import { describeFailure, messageLine } from '../support/failure.ts'
import type { Io, Output } from './io.ts'
import type { run } from './main.ts'

/** Of `pieces.ts`. */
declare const loadBundle: (piece: 'cli/main') => { readonly run: typeof run }
declare const keepCompiled: (everything?: () => Promise<unknown>) => Promise<void>

/** After an interruption a scan has this long to end and report. */
const graceMs = 900

// React is for developers unless it is told otherwise, and then takes its time.
process.env['NODE_ENV'] ??= 'production'

const interruption = new AbortController()
let exitCode: number | undefined

// Until `run` has an answer, there is none: nothing may end this process well before.
process.exitCode = exitCodes.incomplete

/**
 * Node makes a stream when it is first asked for, which takes longer than to say the little a hook
 * has to say. What a pipe does not take at once, or refuses, is the stream's to see to.
 */
function outputOf(descriptor: number, stream: () => NodeJS.WriteStream): Output {
  let made: NodeJS.WriteStream | undefined
  return {
    get isTTY() {
      return isatty(descriptor)
    },
    get columns() {
      return (made ??= stream()).columns || 80
    },
    write(text) {
      const bytes = Buffer.from(text)
      const rest = made === undefined ? bytes.subarray(writtenAtOnce(descriptor, bytes)) : bytes
      if (rest.length > 0) (made ??= stream()).write(rest)
    },
  }
}

/** How many of them were written. */
function writtenAtOnce(descriptor: number, bytes: Buffer): number {
  try {
    return writeSync(descriptor, bytes)
  } catch {
    return 0
  }
}

/** The standard output, with an eye on who reads it. */
function stdout(): NodeJS.WriteStream {
  return process.stdout.listenerCount('error') === 0
    ? process.stdout.on('error', readerIsGone)
    : process.stdout
}

function stderr(): NodeJS.WriteStream {
  // Nobody is left to tell.
  return process.stderr.listenerCount('error') === 0
    ? process.stderr.on('error', () => undefined)
    : process.stderr
}

function readerIsGone(error: NodeJS.ErrnoException): void {
  // `oakum … | head`: whoever read has seen enough.
  if (error.code === 'EPIPE') return
  stderr().write(messageLine(`cannot write the report: ${error.code ?? error.name}`))
  exitCode = exitCodes.usage
  process.exitCode = exitCodes.usage
}

function currentFolder(): string {
  try {
    return process.cwd()
  } catch (error) {
    throw new UsageError('the current folder does not exist any more', { cause: error })
  }
}

/** Ends with the interruption, so that a scan does not wait for a silent pipe. */
async function* readStdin(): AsyncGenerator<Uint8Array> {
  try {
    const { addAbortSignal } = await import('node:stream')
    yield* addAbortSignal(interruption.signal, process.stdin)
  } catch (error) {
    if (!interruption.signal.aborted) throw error
  }
}

/** Leaves a terminal that was taken as it was. */
let restore: (() => void) | undefined

function interrupt(): void {
  if (interruption.signal.aborted) process.exit(exitCodes.interrupted)
  interruption.abort()
  setTimeout(() => {
    restore?.()
    stderr().write(messageLine('interrupted; the scan did not end in time to report'))
    process.exit(exitCodes.interrupted)
  }, graceMs)
}

function end(code: number): void {
  exitCode ??= code
  process.exitCode = exitCode
  // Whatever is still open, the user wants to be gone; but not before the report is out.
  if (interruption.signal.aborted) stdout().write('', () => process.exit(exitCodes.interrupted))
}

function crash(error: unknown): void {
  restore?.()
  const failure = describeFailure(error, { verbose: process.argv.includes('--verbose') })
  stderr().write(failure.text)
  process.exit(failure.exitCode)
}

process.on('SIGINT', interrupt)
process.on('SIGTERM', interrupt)
process.on('SIGHUP', interrupt)
process.on('exit', () => restore?.())
process.on('uncaughtException', crash)
process.on('beforeExit', () => {
  if (exitCode === undefined) crash(new Error('run never came to an end'))
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
  // Node opens the standard input when it is first asked about.
  get terminal() {
    return process.stdin.isTTY && process.stdout.isTTY
      ? { input: process.stdin, output: process.stdout, atEnd: leaveWith }
      : undefined
  },
  onExit: (clear) => void process.once('exit', clear),
  now: () => performance.now(),
}

function leaveWith(leave: (() => void) | undefined): void {
  restore = leave
}

/** Most runs are of a hook that finds nothing: what other commands need is loaded after that. */
async function start(): Promise<number> {
  const { runQuickly } = await import('./quick.ts')
  const code = (await runQuickly(io)) ?? (await loadBundle('cli/main').run(io))
  // The first hook may be of another kind than most, or stop a commit; what is kept is for those
  // that find nothing.
  const everything =
    io.argv[0] === 'staged' || io.argv[0] === 'hook'
      ? () => warmCodeCache(interruption.signal)
      : undefined
  // Others ended early.
  if (code === exitCodes.clean || code === exitCodes.findings) await keepCompiled(everything)
  return code
}

start().then(end, crash)
