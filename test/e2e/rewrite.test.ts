import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { awsPair, githubToken, password } from '../support/credentials.ts'
import { oakum, oakumJson } from '../support/oakum.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../support/repo.ts'
import { pairText, verdictOf } from './pair-in-report.ts'

const hasFilterRepo = spawnSync('git', ['filter-repo', '--version'], { env: isolatedEnv }).status === 0
if (!hasFilterRepo) console.warn('skipped: git-filter-repo is not installed')

/** Every file of a repository with what is in it and when it was written. */
function stateOf(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const file = join(folder, name)
    const { mtimeMs } = statSync(file)
    hash.update(`${name}\0${mtimeMs}\0`)
    if (statSync(file).isFile()) hash.update(readFileSync(file))
  }
  return hash.digest('hex')
}

function newMirror(): string {
  return join(temporaryFolder(), 'clean.git')
}

describe.skipIf(!hasFilterRepo)('oakum rewrite', () => {
  test('takes a pair out of many versions, merges, messages and tags', async () => {
    const repo = Repo.create()
    const pair = awsPair(9001)
    const token = githubToken(9002)
    repo.commit('Start', { 'README.md': '# Shop\n', 'a.txt': 'a\n' })
    for (let n = 0; n < 12; n += 1) repo.commit(`Version ${n}`, { 'config/prod.ini': `${pairText(pair)}option = ${n}\n${'line\n'.repeat(50)}` })
    repo.commit(`Use ${token}\n\nand nothing else`, { 'b.txt': 'b\n' })
    repo.git('checkout', '-q', '-b', 'side', 'HEAD~3')
    repo.commit('Side', { 'side.txt': 'side\n', 'notes.txt': `the other half is ${pair.secret} of course\n` })
    repo.git('checkout', '-q', 'main')
    repo.git('merge', '-q', '--no-ff', '-m', 'Merge side', 'side')
    repo.git('tag', '-a', 'v1', '-m', `Release with ${token}`)
    repo.git('tag', 'light')
    const before = stateOf(repo.path)
    const target = newMirror()
    const run = await oakum(['rewrite', '--to', target, '--verbose'], { cwd: repo.path })
    console.log(run.stdout, run.stderr)
    expect(run.code).toBe(0)
    expect(stateOf(repo.path)).toBe(before)
    expect(verdictOf(await oakumJson(['history'], { cwd: target }))).toMatchObject({ code: 0, findings: 0, complete: true })
    expect(new Repo(target).holders(pair.secret)).toEqual([])
    expect(readdirSync(dirname(target))).toEqual(['clean.git'])
    expect(existsSync(target)).toBe(true)
    void password
  })
})
