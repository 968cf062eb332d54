import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { awsPair } from '../support/credentials.ts'
import { bytesIn, hooked, stateOf } from '../support/hooked.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../support/repo.ts'
import { pairText } from './pair-in-report.ts'

/**
 * The hook runs node through a script that notes its process, so that the test can end just that.
 */
function noting(repo: Repo): { readonly pid: () => number | undefined } {
  const folder = temporaryFolder()
  const [wrapper, note] = [join(folder, 'node'), join(folder, 'pid')]
  writeFileSync(
    wrapper,
    `#!/bin/sh\necho $$ > '${note}.new'; mv '${note}.new' '${note}'\nexec '${process.execPath}' "$@"\n`,
    { mode: 0o755 },
  )
  const hook = join(repo.path, '.git/hooks/pre-commit')
  writeFileSync(
    hook,
    readFileSync(hook, 'utf8').replace(/^oakum_node=.*$/m, `oakum_node='${wrapper}'`),
  )
  return { pid: () => (existsSync(note) ? Number(readFileSync(note, 'utf8')) : undefined) }
}

describe('a hook that is ended from outside', () => {
  test.each(
    [0, 40, 90, 150, 220].flatMap((delay, at) => [
      [delay, at % 2 === 0 ? 'SIGKILL' : 'SIGTERM'] as const,
    ]),
  )('after %i ms, by %s: nothing is committed, and all is as it was', async (delay, signal) => {
    const repo = Repo.create()
    repo.commit('Start', { 'prod.ini': '[shop]\n', 'other.txt': 'text\n' })
    await hooked(repo)
    const { pid } = noting(repo)
    repo.write('prod.ini', pairText(awsPair(800 + delay))).git('add', '-A')
    repo.write('other.txt', 'not staged\n')
    const before = { ...stateOf(repo), hooks: bytesIn(join(repo.path, '.git/hooks')) }
    // Git makes an index of its own for -a, which must be gone too.
    const git = spawn('git', ['commit', '-q', '-a', '-m', 'Leak'], {
      cwd: repo.path,
      env: {
        ...isolatedEnv,
        GIT_AUTHOR_NAME: 'A',
        GIT_AUTHOR_EMAIL: 'a@example.com',
        GIT_COMMITTER_NAME: 'A',
        GIT_COMMITTER_EMAIL: 'a@example.com',
      },
      stdio: 'ignore',
    })
    const ended = new Promise<number | null>((done) => git.on('close', done))
    while (pid() === undefined && git.exitCode === null) await sleep(2)
    await sleep(delay)
    const hook = pid()
    expect(hook).toBeGreaterThan(1)
    try {
      if (hook !== undefined) process.kill(hook, signal)
    } catch {
      // It has ended by itself.
    }
    expect(await ended).not.toBe(0)
    expect({ ...stateOf(repo), hooks: bytesIn(join(repo.path, '.git/hooks')) }).toEqual(before)
  })
})
