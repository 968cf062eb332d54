import { describe, expect, test } from 'vitest'
import type { Pair } from '../support/credentials.ts'
import { awsPair } from '../support/credentials.ts'
import type { OriginJson } from '../support/oakum.ts'
import { oakumHere as oakum, oakumJsonHere as oakumJson } from '../support/in-process.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'
import { clean, expectOnlyPair, pairText, secretPlace, verdictOf } from './pair-in-report.ts'

const file = 'config/prod.ini'
const lines = Array.from({ length: 40 }, (_, n) => `option${n} = ${n}\n`).join('')

interface Range {
  readonly repo: Repo
  readonly range: string
  readonly place?: Partial<OriginJson>
}

/** A repository with two commits; ranges start at the second. */
function started(content = '[shop]\n'): { readonly repo: Repo; readonly base: string } {
  const repo = Repo.create()
  repo.commit('Start', { 'README.md': '# Shop\n' })
  return { repo, base: repo.commit('Configure', { [file]: content }) }
}

/**
 * A side branch from `base`, with these files, and a commit on main meanwhile; main is checked out.
 */
function withSide(files: Readonly<Record<string, string>>): {
  readonly repo: Repo
  readonly base: string
  readonly side: string
} {
  const { repo, base } = started()
  repo.git('switch', '-q', '-c', 'side')
  const side = repo.commit('Side', files)
  repo.git('switch', '-q', 'main')
  repo.commit('Main', { 'main.txt': 'main\n' })
  return { repo, base, side }
}

const found: readonly (readonly [string, (pair: Pair) => Range])[] = [
  [
    'that a commit added',
    (pair) => {
      const { repo, base } = started()
      const commit = repo.commit('Add', { 'new.ini': pairText(pair) })
      repo.commit('Go on', { 'README.md': '# Shops\n' })
      return {
        repo,
        range: `${base}..main`,
        place: { kind: 'commit', path: 'new.ini', commit, line: 3, column: 25 },
      }
    },
  ],
  [
    'that was added and removed again',
    (pair) => {
      const { repo, base } = started()
      const commit = repo.commit('Add', { 'new.ini': pairText(pair) })
      repo.remove('new.ini').commit('Remove')
      return {
        repo,
        range: `${base}..HEAD`,
        place: { kind: 'commit', path: 'new.ini', commit, line: 3 },
      }
    },
  ],
  [
    'that replaced another one on the same lines',
    (pair) => {
      const { repo, base } = started(pairText(awsPair(490)))
      const commit = repo.commit('Rotate', { [file]: pairText(pair) })
      return {
        repo,
        range: `${base}..HEAD`,
        place: { kind: 'commit', path: file, commit, line: 3 },
      }
    },
  ],
  [
    'that came with the second parent of a merge',
    (pair) => {
      const { repo, base, side } = withSide({ 'side.ini': pairText(pair) })
      repo.merge('side').commit('Merge side')
      return {
        repo,
        range: `${base}..HEAD`,
        place: { kind: 'commit', path: 'side.ini', commit: side, line: 3 },
      }
    },
  ],
  [
    'that the second parent brought past the first, from HEAD~1 on',
    (pair) => {
      const { repo, side } = withSide({ 'side.ini': pairText(pair) })
      repo.merge('side').commit('Merge side')
      return {
        repo,
        range: 'HEAD~1..HEAD',
        place: { kind: 'commit', path: 'side.ini', commit: side, line: 3 },
      }
    },
  ],
  [
    'that only the merge commit itself holds',
    (pair) => {
      const { repo, base } = withSide({ 'side.txt': 'side\n' })
      const commit = repo.merge('side').append(file, pairText(pair)).commit('Merge side')
      return {
        repo,
        range: `${base}..HEAD`,
        place: { kind: 'commit', path: file, commit, line: 4 },
      }
    },
  ],
  [
    'that came with a rename and an edit',
    (pair) => {
      const { repo, base } = started(lines)
      const commit = repo.remove(file).commit('Move', { 'moved.ini': lines + pairText(pair) })
      return {
        repo,
        range: `${base}..HEAD`,
        place: { kind: 'commit', path: 'moved.ini', commit, line: 43 },
      }
    },
  ],
  [
    'in a commit message',
    (pair) => {
      const { repo, base } = started()
      const commit = repo.commit(`Rotate keys\n\n${pairText(pair)}`)
      return { repo, range: `${base}..HEAD`, place: { kind: 'message', commit } }
    },
  ],
  [
    'in UTF-16 text',
    (pair) => {
      const { repo, base } = started()
      const commit = repo.commit('Add', {
        'new.ini': Buffer.from(`\ufeff${pairText(pair)}`, 'utf16le'),
      })
      return { repo, range: `${base}..HEAD`, place: { kind: 'commit', path: 'new.ini', commit } }
    },
  ],
  [
    'in a file that git takes for binary',
    (pair) => {
      const { repo, base } = started()
      const commit = repo.commit('Add', {
        '.gitattributes': '*.ini binary\n',
        'new.ini': pairText(pair),
      })
      return { repo, range: `${base}..HEAD`, place: { kind: 'commit', path: 'new.ini', commit } }
    },
  ],
  [
    'in a file whose name has spaces, quotes and a newline',
    (pair) => {
      const { repo, base } = started()
      const path = `my "prod"\n'copy'.ini`
      const commit = repo.commit('Add', { [path]: pairText(pair) })
      return { repo, range: `${base}..HEAD`, place: { kind: 'commit', path, commit } }
    },
  ],
  [
    'that a branch has and the base has not, where both went on',
    (pair) => {
      const { repo, side } = withSide({ 'side.ini': pairText(pair) })
      return {
        repo,
        range: 'main..side',
        place: { kind: 'commit', path: 'side.ini', commit: side },
      }
    },
  ],
  [
    'in a shallow clone that holds the whole range',
    (pair) => {
      const { repo } = started()
      const commit = repo.commit('Add', { 'new.ini': pairText(pair) })
      return {
        repo: repo.clone('--depth=2'),
        range: 'HEAD~1..HEAD',
        place: { kind: 'commit', path: 'new.ini', commit },
      }
    },
  ],
]

const notNew: readonly (readonly [string, (pair: Pair) => Range])[] = [
  [
    "in its parent's version of the file",
    (pair) => {
      const { repo, base } = started(pairText(pair))
      repo.commit('Go on', { [file]: `${pairText(pair)}region = eu-west-1\n` })
      return { repo, range: `${base}..HEAD` }
    },
  ],
  [
    'in a file that is only renamed',
    (pair) => {
      const { repo, base } = started(pairText(pair))
      repo.git('mv', file, 'moved.ini')
      repo.commit('Move')
      return { repo, range: `${base}..HEAD` }
    },
  ],
  [
    'in a file that is renamed and edited elsewhere',
    (pair) => {
      const { repo, base } = started(lines + pairText(pair))
      repo
        .remove(file)
        .commit('Move', { 'moved.ini': `${lines}${pairText(pair)}region = eu-west-1\n` })
      return { repo, range: `${base}..HEAD` }
    },
  ],
]

describe('oakum range', () => {
  test.each(found.map(([what, build], index) => [what, build, 400 + index] as const))(
    'finds a pair %s',
    async (_what, build, seed) => {
      const pair = awsPair(seed)
      const { repo, range, place = {} } = build(pair)
      const run = await oakumJson(['range', range], { cwd: repo.path })
      expect(secretPlace(expectOnlyPair(run, pair))).toMatchObject(place)
      expect(verdictOf(run)).toEqual({ code: 1, findings: 1, complete: true })
    },
  )

  test.each(notNew.map(([what, build], index) => [what, build, 430 + index] as const))(
    'counts a pair as unchanged that was %s',
    async (_what, build, seed) => {
      const { repo, range } = build(awsPair(seed))
      const run = await oakumJson(['range', range], { cwd: repo.path })
      expect(verdictOf(run)).toEqual(clean)
      expect(run.report().suppressed.by['unchanged']).toBeGreaterThan(0)
    },
  )

  test('does not look at what is older than the range, or beside it', async () => {
    const { repo } = withSide({ 'side.ini': pairText(awsPair(440)) })
    const run = await oakumJson(['range', 'HEAD~1..HEAD'], { cwd: repo.path })
    expect(verdictOf(run)).toEqual(clean)
  })

  test('names both ends of the range by their commits, and finds nothing in an empty one', async () => {
    const { repo, base } = started()
    const run = await oakumJson(['range', 'main..main'], { cwd: repo.path })
    expect(verdictOf(run)).toEqual(clean)
    expect(run.report().receipt).toMatchObject({ target: 'range', range: { base, head: base } })
  })

  test.each([
    ['a base that does not exist', 'no-such-branch..HEAD'],
    ['a base before the first commit', 'HEAD~2..HEAD'],
    ['a head that does not exist', 'HEAD..no-such-branch'],
    ['a base that the clone does not have', `${'0'.repeat(39)}1..HEAD`],
  ])('says in one line that it cannot scan from %s', async (_what, range) => {
    const run = await oakum(['range', range], { cwd: started().repo.path })
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(run.stderr).toContain(range.split('..').find((end) => end !== 'HEAD'))
    expect(run.code).toBe(3)
  })

  test('does not call a range clean whose base a shallow clone has cut off', async () => {
    const { repo, base } = started()
    repo.commit('Add', { 'new.ini': '[new]\n' })
    const run = await oakum(['range', `${base}..HEAD`], { cwd: repo.clone('--depth=1').path })
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(run.code).toBe(3)
  })

  test.each(['HEAD', 'HEAD...main', 'a..b..c', '--all..HEAD'])(
    'refuses "%s", which is no range',
    async (range) => {
      const run = await oakum(['range', range], { cwd: started().repo.path })
      expect(run.stderr).not.toBe('')
      expect(run.code).toBe(2)
    },
  )

  test('does not call a folder clean that is no repository', async () => {
    const run = await oakum(['range', 'a..b'], { cwd: temporaryFolder() })
    expect(run.stderr).not.toBe('')
    expect(run.code).toBeGreaterThan(1)
  })
})
