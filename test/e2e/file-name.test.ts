import { describe, expect, test } from 'vitest'
import { awsPair, awsPairWithoutSlash } from '../support/credentials.ts'
import { oakumHere as oakum, oakumJsonHere as oakumJson } from '../support/in-process.ts'
import { Repo } from '../support/repo.ts'
import { expectPair, pairText, verdictOf } from './pair-in-report.ts'

/** A commit, and a staged file of this name. */
function named(name: string, content: string): Repo {
  const repo = Repo.create()
  repo.commit('Start', { 'README.md': '# Shop\n' })
  repo.write(`keys/${name}`, content).git('add', '-A')
  return repo
}

// Runs themselves refuse output that holds a piece of a planted secret.
describe('a pair in the name of a file', () => {
  test.each([
    ['scan', false],
    ['scan --no-git .', false],
    ['staged', false],
    ['range HEAD~1..HEAD', true],
    ['history', true],
  ])('is found beside one in the file, and not shown there: oakum %s', async (line, committed) => {
    const [inName, inside] = [awsPairWithoutSlash(905), awsPair(906)]
    const repo = named(`${inName.id}:${inName.secret}.ini`, pairText(inside))
    if (committed) repo.commitStaged('Add')
    const run = await oakumJson(line.split(' '), { cwd: repo.path })
    expectPair(run, inName)
    expectPair(run, inside)
    expect(verdictOf(run)).toEqual({ code: 1, findings: 2, complete: true })
  })

  test('is not shown when the file is skipped, nor with --verbose', async () => {
    const { id, secret } = awsPairWithoutSlash(907)
    const repo = named(`${id}:${secret}`, 'see the name\n')
    const run = await oakum(['staged', '--max-blob-size', '5', '--verbose'], { cwd: repo.path })
    expect(run.stdout).toContain('too large')
    expect(run.stderr).toContain('too-large')
    expect(run.code).toBe(1)
  })
})
