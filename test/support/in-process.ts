/**
 * The program without a process of its own: as fast as the scan, and with the same eye on every
 * byte it writes.
 */
import { run } from '../../src/cli/process/main.ts'
import { fakeIo } from './io.ts'
import { oakum, type OakumOptions, type OakumRun, runOf } from './oakum.ts'
import { isolatedEnv } from './repo.ts'

/**
 * Runs a command line to its end, in this process where the options allow that. A user id, options
 * of node and signals need a process.
 */
export async function oakumHere(argv: readonly string[], options: OakumOptions): Promise<OakumRun> {
  const { cwd, env = {}, stdin, node, uid, onStarted } = options
  if (node !== undefined || uid !== undefined || onStarted !== undefined) {
    return oakum(argv, options)
  }
  const io = fakeIo({
    argv,
    cwd,
    env: { ...isolatedEnv, ...env },
    stdin: stdin === undefined ? [] : [Buffer.from(stdin)],
  })
  const code = await run(io)
  return runOf(code, io.out(), io.err())
}

/** A run with `--format json`. */
export async function oakumJsonHere(
  argv: readonly string[],
  options: OakumOptions,
): Promise<OakumRun> {
  return oakumHere([...argv, '--format', 'json'], options)
}
