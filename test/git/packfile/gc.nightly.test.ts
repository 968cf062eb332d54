import { spawn } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { scan } from '../../../src/scan/scan.ts'
import { isolatedEnv, type Repo, temporaryFolder } from '../../support/repo.ts'
import { planted } from './planted-secrets.ts'

/** A shell script that commits, packs and repacks until its file is gone, or 400 times. */
const DISTURB = `i=0
while [ -e "$1" ] && [ $i -lt 400 ]; do
  i=$((i + 1))
  echo "line $i" >> since.txt
  git add since.txt
  git -c user.name=C -c user.email=c@example.com commit -q -m "Since $i"
  case $((i % 3)) in
    0) git gc -q --prune=now ;;
    1) git repack -adq --depth=$((i % 9 + 1)) -f ;;
    2) git repack -dq ;;
  esac
  echo $i > "$1.count"
done
true`

/** Runs `work` while the script changes the repository. */
async function disturbed(
  repo: Repo,
  work: (hasBegun: () => boolean) => Promise<void>,
): Promise<void> {
  const flag = join(temporaryFolder(), 'flag')
  writeFileSync(flag, '')
  const child = spawn('sh', ['-c', DISTURB, 'sh', flag], {
    cwd: repo.path,
    env: isolatedEnv,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const errorOutput: Buffer[] = []
  child.stderr.on('data', (bytes: Buffer) => errorOutput.push(bytes))
  const ended = new Promise<void>((done) => child.on('close', () => done()))
  try {
    await work(() => existsSync(`${flag}.count`))
  } finally {
    rmSync(flag)
    await ended
  }
  expect(Buffer.concat(errorOutput).toString()).toBe('')
}

describe('scans while git repacks the repository', () => {
  test.each([
    ['pack', false],
    ['pack', true],
  ] as const)(
    'find the same, and are complete: %s, with a scan cache: %s',
    async (reader, cache) => {
      const repo = planted(700)
      // Git would prune these objects during the test.
      repo.git('reflog', 'expire', '--expire=now', '--all')
      repo.git('gc', '-q', '--prune=now')
      const env = { ...isolatedEnv, XDG_STATE_HOME: temporaryFolder() }
      const look = (): ReturnType<typeof scan> =>
        scan({ name: 'history', path: repo.path }, { reader, cache, env })
      const truth = (await look()).findings.map(({ fingerprint }) => fingerprint).sort()
      expect(truth.length).toBeGreaterThan(8)
      await disturbed(repo, async (hasBegun) => {
        while (!hasBegun()) await wait(20)
        for (let round = 0; round < 10; round += 1) {
          const { findings, receipt } = await look()
          expect(receipt, `round ${round}`).toMatchObject({ complete: true, skipped: [] })
          expect(findings.map(({ fingerprint }) => fingerprint).sort(), `round ${round}`).toEqual(
            truth,
          )
        }
      })
    },
    120_000,
  )
})
