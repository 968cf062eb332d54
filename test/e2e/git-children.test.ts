import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { awsPair } from '../support/credentials.ts'
import { bin } from '../support/oakum.ts'
import { ends } from '../support/processes.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../support/repo.ts'
import { fakeObjectStream } from './fake-git.ts'
import { pairText } from './pair-in-report.ts'

/** A repository, and a git that stops giving objects and waits in silence. */
function repositoryWithSilentGit(): {
  readonly cwd: string
  readonly pidFile: string
  readonly env: Readonly<Record<string, string>>
} {
  const repo = Repo.create()
  repo.commit('Start', { 'keys.ini': pairText(awsPair(8800)) })
  const pidFile = join(temporaryFolder(), 'pid')
  // It does not notice broken pipes, as a git that only computes does not.
  const env = fakeObjectStream(`echo $$ > '${pidFile}'; exec sleep 60`)
  return { cwd: repo.path, pidFile, env: { ...isolatedEnv, ...env } }
}

async function pidIn(file: string): Promise<number> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    if (text.endsWith('\n')) return Number(text)
    await wait(20)
  }
  throw new Error('git did not start')
}

const history = ['history', '--reader', 'cat-file', '--no-cache']

describe.skipIf(process.platform === 'win32')('a git that waits in silence', () => {
  test('ends with an oakum that is killed', async () => {
    const { cwd, env, pidFile } = repositoryWithSilentGit()
    const child = spawn(process.execPath, [bin, ...history], { cwd, env, stdio: 'ignore' })
    const pid = await pidIn(pidFile)
    // A git is watched when it has run for a second.
    await wait(1500)
    child.kill('SIGKILL')
    expect(await ends(pid)).toBe(true)
  })
})
