#!/usr/bin/env node
/** The process around `run`: signals, pipes that close, and the exit code. The only file that touches `process`. */
import { addAbortSignal } from 'node:stream'
import { UsageError } from '../errors.ts'
import { exitCodes } from './exit-code.ts'
import { describeFailure, line } from './failure.ts'
import type { Io, Output } from './io.ts'
import { run } from './main.ts'

/** After an interruption a scan has this long to end and report. */
const graceMs = 900

// React is for developers unless it is told otherwise, and then takes its time.
process.env['NODE_ENV'] ??= 'production'

const interruption = new AbortController()
let exitCode: number | undefined

// Until `run` has an answer, there is none: nothing may end this process well before.
process.exitCode = exitCodes.incomplete

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns || 80
    },
    write(text) {
      stream.write(text)
    },
  }
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
    process.stderr.write(line('interrupted; the scan did not end in time to report'))
    process.exit(exitCodes.interrupted)
  }, graceMs)
}

function end(code: number): void {
  exitCode ??= code
  process.exitCode = exitCode
  // Whatever is still open, the user wants to be gone; but not before the report is out.
  if (interruption.signal.aborted) process.stdout.write('', () => process.exit(exitCodes.interrupted))
}

function crash(error: unknown): void {
  restore?.()
  const failure = describeFailure(error, { verbose: process.argv.includes('--verbose') })
  process.stderr.write(failure.text)
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
process.stderr.on('error', () => undefined)
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `oakum … | head`: whoever read has seen enough.
  if (error.code === 'EPIPE') return
  process.stderr.write(line(`cannot write the report: ${error.code ?? error.name}`))
  exitCode = exitCodes.usage
  process.exitCode = exitCodes.usage
})

const io: Io = {
  argv: process.argv.slice(2),
  env: process.env,
  cwd: currentFolder(),
  stdin: readStdin(),
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  signal: interruption.signal,
  ...(process.stdin.isTTY === true && process.stdout.isTTY === true && {
    terminal: {
      input: process.stdin,
      output: process.stdout,
      atEnd: (leave: (() => void) | undefined) => {
        restore = leave
      },
    },
  }),
  now: () => performance.now(),
}
run(io).then(end, crash)
