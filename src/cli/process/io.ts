import type { Terminal } from '../../audit/screen/terminal.ts'

/** A place to write text: stdout or stderr. */
export interface Output {
  readonly isTTY: boolean
  /** Width of the terminal; 80 where there is none. */
  readonly columns: number
  write(text: string): void
}

/**
 * Everything of the process that the command line knows: `process.ts` makes the real one, tests a
 * false one.
 */
export interface Io {
  /** Without node and the script. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdin: AsyncIterable<Uint8Array>
  /** Somebody sits before it, who can be asked. */
  readonly stdinIsTTY?: boolean
  readonly stdout: Output
  readonly stderr: Output
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal
  /** Absent unless both ends are a terminal. */
  readonly terminal?: Terminal | undefined
  /** Has this called when the process ends, unless it is killed; nothing can be waited for then. */
  onExit?(clear: () => void): void
  /** Milliseconds of a clock that only goes forward. */
  now(): number
}

/** All of a stream that is known to be short. */
export async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
