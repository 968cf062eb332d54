import { describe, expect, test } from 'vitest'
import { awsPair } from '../support/credentials.ts'
import { oakumHere as oakum, oakumJsonHere as oakumJson } from '../support/in-process.ts'
import { Repo } from '../support/repo.ts'
import { writeTreeBomb } from '../support/tree-bomb.ts'
import { pairText } from './pair-in-report.ts'

const pair = awsPair(5150)

/** A repository whose second commit has the pair at 10^10 paths; a third one removes it. */
function bombed(): { readonly repo: Repo; readonly start: string; readonly bomb: string } {
  const repo = Repo.create()
  const start = repo.commit('Start', { 'README.md': '# Shop\n' })
  const tree = writeTreeBomb(repo, pairText(pair))
  const bomb = repo.git('commit-tree', '-p', start, '-m', 'Bomb', tree)
  repo.git('update-ref', 'refs/heads/bomb', bomb)
  const removal = repo.git('commit-tree', '-p', bomb, '-m', 'Remove', `${start}^{tree}`)
  repo.git('update-ref', 'refs/heads/removed', removal)
  return { repo, start, bomb }
}

describe('a secret at 10^10 paths', () => {
  const { repo, start, bomb } = bombed()
  const cwd = repo.path

  test.each([['--no-cache'], ['--no-cache', '--reader', 'cat-file']])(
    'is found in history, at paths of which the first are listed: %s',
    async (...options) => {
      const run = await oakumJson(['history', '--all-origins', ...options], { cwd })
      const [finding, ...others] = run.report().findings
      expect([run.code, others]).toEqual([1, []])
      expect(finding).toMatchObject({ count: 1001, attribution: { morePaths: true } })
      expect(finding?.attribution?.first?.commit).toBe(bomb)
      const paths = new Set(finding?.origins.map(({ path }) => path))
      expect(paths.size).toBe(1001)
      // A path rule must not cover the paths that are not listed.
      expect(paths.has(null)).toBe(true)
      const { stdout } = await oakum(['history', ...options], { cwd })
      expect(stdout).toContain('in at least 1,001 places')
    },
  )

  test('is found in a range, which reads each version of a file once', async () => {
    const run = await oakumJson(['range', `${start}..removed`], { cwd })
    const { findings, receipt } = run.report()
    expect(run.code).toBe(1)
    expect(findings).toMatchObject([{ attribution: { morePaths: true } }])
    expect(receipt.skipped.map(({ outcome, object }) => [outcome, object])).toEqual(
      expect.arrayContaining([['bounded', bomb]]),
    )
  })

  test('is found by the verdict of an audit of a bare clone, which lists its env files', async () => {
    const bare = Repo.create({ bare: true })
    bare.git('fetch', '-q', cwd, 'bomb:main')
    const { code, stdout } = await oakum(['audit', '--verdict'], { cwd: bare.path })
    expect([code, stdout]).toEqual([1, expect.stringContaining('and at least 1,000 more places')])
  })

  test('is found behind a tag of a tree that is pushed', async () => {
    const tree = repo.git('rev-parse', `${bomb}^{tree}`)
    repo.git('tag', '-a', '-m', 'Bomb', 'tree', tree)
    const zeros = '0'.repeat(40)
    const { code, stderr } = await oakum(['hook', 'pre-push', 'origin', 'url'], {
      cwd,
      stdin: `refs/tags/tree ${repo.git('rev-parse', 'tree')} refs/tags/tree ${zeros}\n`,
    })
    expect([code, stderr]).toEqual([1, expect.stringContaining('AWS access key')])
  })
})
