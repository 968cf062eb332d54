/** Turns errors into messages for stderr and exit codes. */
import { ConfigError, isExpected, ScanError } from '../../model/errors.ts'
import { maskRandom } from '../../model/scrubber.ts'
import { escapeForTerminal } from '../../report/terminal/escape.ts'
import { exitCodes } from './exit-code.ts'

interface FailureMessage {
  /** Text for stderr; ends with a line feed. */
  readonly text: string
  readonly exitCode: number
}

/**
 * Describes an error for the user. The message of an unexpected error is never printed, since it
 * may quote scanned content; its name is, and with `verbose` its stack frames.
 */
export function describeFailure(
  error: unknown,
  { verbose }: { readonly verbose: boolean },
): FailureMessage {
  if (isExpected(error)) {
    const others = error instanceof ConfigError ? error.others : []
    return {
      text: [error.message, ...others].map(messageLine).join(''),
      exitCode: error instanceof ScanError ? exitCodes.incomplete : exitCodes.usage,
    }
  }
  const exhausted = exhaustionText(error)
  if (exhausted !== undefined)
    return { text: messageLine(exhausted), exitCode: exitCodes.incomplete }
  const name = error instanceof Error ? error.name : typeof error
  const hint = verbose ? '' : '; run again with --verbose to get a stack trace for a report'
  return {
    text: messageLine(`${name}: this is a bug in oakum${hint}`) + (verbose ? framesOf(error) : ''),
    exitCode: exitCodes.incomplete,
  }
}

const exhaustionByCode: Readonly<Record<string, string>> = {
  EMFILE: 'too many open files (EMFILE): raise the limit, as with `ulimit -n 1024`',
  ENFILE: 'the system has too many open files (ENFILE)',
  EAGAIN: 'the system starts no more processes or threads (EAGAIN): raise the limit (`ulimit -u`)',
  ENOMEM: 'the system has too little memory (ENOMEM)',
  ERR_WORKER_INIT_FAILED: 'the system starts no more threads: `--jobs 1` needs only one',
  ERR_WORKER_OUT_OF_MEMORY: 'too little memory for a thread: `--jobs 1` needs only one',
}

/** Returns what an error says of the system's limits; undefined for any other error. */
function exhaustionText(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? String(error.code) : ''
  if (Object.hasOwn(exhaustionByCode, code)) return exhaustionByCode[code]
  // V8 has no codes for these: "WebAssembly.Memory(): could not allocate memory" and the like.
  const isMemory =
    error instanceof RangeError &&
    /^Array buffer allocation failed$|allocate memory|grow memory|out of memory/i.test(
      error.message,
    )
  return isMemory ? 'too little memory: raise the limit (`ulimit -v`)' : undefined
}

/**
 * Formats a message to the user as one line, with control characters escaped and whatever looks
 * random masked: it may quote an argument.
 */
export function messageLine(message: string): string {
  return `oakum: ${escapeForTerminal(maskRandom(message))}\n`
}

/**
 * Returns the frames of a stack without the message above them:
 * `    at nameOf (file:///…/name.js:12:3)`.
 */
function framesOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const frames = stack
    .split('\n')
    .filter((frame) =>
      /^ {4}at (?:[\w.<>#[\] ]{1,200}\()?(?:file:\/\/|node:|\/|[A-Za-z]:\\)[^\n]*:\d+:\d+\)?$/.test(
        frame,
      ),
    )
  return frames.map((frame) => `${escapeForTerminal(frame)}\n`).join('')
}
