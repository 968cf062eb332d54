/** Runs the GitHub Action in this process; `bin.ts` loads this file. */
import type { Output } from '../cli/process/io.ts'
import { exitCodes } from '../cli/support/exit-code.ts'
import { runAction } from './run.ts'

const interruption = new AbortController()

// A process that ends early for any reason must not pass for a clean scan.
process.exitCode = exitCodes.incomplete
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort())

function outputOf(stream: NodeJS.WriteStream): Output {
  return { isTTY: false, columns: 100, write: (text) => void stream.write(text) }
}

void runAction({
  env: process.env,
  cwd: process.cwd(),
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  signal: interruption.signal,
  now: () => performance.now(),
}).then((code) => {
  process.exitCode = code
})
