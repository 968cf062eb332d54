import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Is there such a process, and has it not ended? One that has stays in the table until somebody
 * asks for its exit code.
 */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const file = `/proc/${pid}/stat`
  return !existsSync(file) || !/^\d+ \(.*\) Z/s.test(readFileSync(file, 'latin1'))
}

/** Does it end, as a process does that was killed, once the machine finds the time? */
export async function ends(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 500 && isRunning(pid); tries += 1) await wait(20)
  return !isRunning(pid)
}
