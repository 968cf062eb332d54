/**
 * The program without a process of its own: as fast as the scan, and with the same eye on every
 * byte it writes.
 */
import { run } from '../../src/cli/process/main.ts'
import { fakeIo } from './io.ts'
import { type OakumRun, runOf } from './oakum.ts'
import { isolatedEnv } from './repo.ts'

interface Place {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a command line to its end. */
export async function oakumHere(
  argv: readonly string[],
  { cwd, env = {} }: Place,
): Promise<OakumRun> {
  const io = fakeIo({ argv, cwd, env: { ...isolatedEnv, ...env } })
  const code = await run(io)
  return runOf(code, io.out(), io.err())
}
