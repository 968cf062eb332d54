/** The entry point of the GitHub Action: runs `runAction` in this process. */
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

process.exitCode = await runAction({
  env: process.env,
  cwd: process.cwd(),
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  signal: interruption.signal,
  now: () => performance.now(),
})
