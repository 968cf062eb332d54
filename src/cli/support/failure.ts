import { ConfigError, isExpected, ScanError } from '../../model/errors.ts'
import { escapeForTerminal } from '../../report/terminal/escape.ts'
import { exitCodes } from './exit-code.ts'

interface FailureMessage {
  /** What to print on stderr, ends with a line feed. */
  readonly text: string
  readonly exitCode: number
}

/**
 * What to say of an error, and how to exit. The messages of errors we did not foresee are never
 * shown: they may quote what was scanned. Their name is, and with `verbose` where they came from.
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
  const name = error instanceof Error ? error.name : typeof error
  const hint = verbose ? '' : '; run it again with --verbose for a trace to report'
  return {
    text: messageLine(`${name}: this is a bug in oakum${hint}`) + (verbose ? framesOf(error) : ''),
    exitCode: exitCodes.incomplete,
  }
}

/** One line from Oakum to the user, whatever is in the message. */
export function messageLine(message: string): string {
  return `oakum: ${escapeForTerminal(message)}\n`
}

/**
 * The frames of a stack without the message above them: ` at nameOf (file:///…/name.js:12:3)`.
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
