/** The process as the command line sees it: streams, environment and signals. */
import type { Terminal } from '../../audit/screen/terminal.ts'

/** A stream to write text to: stdout or stderr. */
export interface Output {
  readonly isTTY: boolean
  /** Width of the terminal; 80 where there is none. */
  readonly columns: number
  write(text: string): void
}

/**
 * Everything of the process that the command line uses. `process.ts` builds it from the real
 * process, tests from plain data.
 */
export interface Io {
  /** Arguments, without node and the script. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdin: AsyncIterable<Uint8Array>
  /** True when a person can answer questions on stdin. */
  readonly stdinIsTTY?: boolean
  readonly stdout: Output
  readonly stderr: Output
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal
  /** Absent unless stdin and stdout are both a terminal. */
  readonly terminal?: Terminal | undefined
  /**
   * Registers a synchronous callback for the end of the process. A process that is killed does not
   * call it.
   */
  onExit?(clear: () => void): void
  /**
   * Runs a function that writes a report. Meanwhile a signal ends the process at once: thousands of
   * findings take seconds, in which no signal is served.
   */
  whileReporting?<Result>(report: () => Promise<Result>): Promise<Result>
  /** Milliseconds of a monotonic clock. */
  now(): number
}

/** Reads a whole stream of bounded size as UTF-8 text. */
export async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
