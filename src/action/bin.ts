/** The process around `runAction`: what action.yml starts. */
import { exitCodes } from '../cli/support/exit-code.ts'
import type { Output } from '../cli/process/io.ts'
import { runAction } from './run.ts'

const interruption = new AbortController()

// Until there is an answer, there is none: nothing may end this process well before.
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
