import type { Io } from '../../src/cli/process/io.ts'

interface Given {
  readonly argv: readonly string[]
  readonly env?: Io['env']
  readonly cwd?: string
  readonly stdin?: readonly Uint8Array[]
  readonly stdoutIsTTY?: boolean
  readonly stderrIsTTY?: boolean
  readonly columns?: number
  readonly signal?: AbortSignal
  readonly now?: () => number
}

/** A process that is none: what is written to it can be read. */
export interface FakeIo extends Io {
  readonly out: () => string
  readonly err: () => string
}

/** An `Io` without terminals, environment or input, but for what is given. */
export function fakeIo(given: Given): FakeIo {
  const [out, err]: [string[], string[]] = [[], []]
  const columns = given.columns ?? 80
  return {
    argv: given.argv,
    env: given.env ?? {},
    cwd: given.cwd ?? '/',
    stdin: streamOf(given.stdin ?? []),
    stdout: { isTTY: given.stdoutIsTTY ?? false, columns, write: (text) => void out.push(text) },
    stderr: { isTTY: given.stderrIsTTY ?? false, columns, write: (text) => void err.push(text) },
    signal: given.signal ?? new AbortController().signal,
    now: given.now ?? (() => 0),
    out: () => out.join(''),
    err: () => err.join(''),
  }
}

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}
