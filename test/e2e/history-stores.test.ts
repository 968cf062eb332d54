import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { awsPair } from '../support/credentials.ts'
import type { Pair } from '../support/credentials.ts'
import { oakumHere as oakum, oakumJsonHere as oakumJson } from '../support/in-process.ts'
import type { RepoOptions } from '../support/repo.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'
import type { Scene } from './history-scene.ts'
import { playScene } from './history-scene.ts'
import { clean, expectOnlyPair, pairText, skipsFor, verdictOf } from './pair-in-report.ts'

const file = 'config/prod.ini'

interface Past {
  readonly repo: Repo
  readonly commit: string
}

/** Three commits; the second one has the pair, the third has it no more. */
function deletedPair(pair: Pair, options: RepoOptions = {}): Past {
  const repo = Repo.create(options)
  repo.commit('Start', { 'README.md': '# Shop\n' })
  const commit = repo.commit('Add settings', { [file]: pairText(pair) })
  repo.remove(file).commit('Remove settings')
  return { repo, commit }
}

function scene(
  name: string,
  store: (pair: Pair) => Past,
  exposure: 'published' | 'pending',
): Scene {
  return {
    name,
    plant: (pair) => {
      const { repo, commit } = store(pair)
      return {
        repo,
        place: { kind: 'commit', path: file, commit, line: 3 },
        first: commit,
        inHead: false,
        exposure,
      }
    },
  }
}

function bare(pair: Pair): Past {
  const { repo, commit } = deletedPair(pair)
  const copy = repo.clone('--bare')
  expect(copy.git('rev-parse', '--is-bare-repository')).toBe('true')
  return { repo: copy, commit }
}

function linkedWorktree(pair: Pair): Past {
  const { repo, commit } = deletedPair(pair)
  const linked = new Repo(join(temporaryFolder(), 'linked'))
  repo.git('worktree', 'add', '-q', '-b', 'linked', linked.path)
  return { repo: linked, commit }
}

function sha256(pair: Pair): Past {
  const past = deletedPair(pair, { objectFormat: 'sha256' })
  expect(past.commit).toHaveLength(64)
  return past
}

function alternates(pair: Pair): Past {
  const { repo, commit } = deletedPair(pair)
  const borrower = Repo.create()
  borrower.write('.git/objects/info/alternates', `${repo.path}/.git/objects\n`)
  borrower.git('update-ref', 'refs/heads/main', repo.git('rev-parse', 'main'))
  borrower.git('reset', '-q', '--hard')
  expect(borrower.git('count-objects')).toMatch(/^0 objects/)
  return { repo: borrower, commit }
}

function onePack(pair: Pair): Past {
  const past = deletedPair(pair)
  past.repo.git('repack', '-a', '-d', '-q')
  expect(past.repo.git('count-objects')).toMatch(/^0 objects/)
  return past
}

function severalPacks(pair: Pair): Past {
  const { repo, commit } = deletedPair(pair)
  repo.git('repack', '-d', '-q')
  repo.commit('Go on', { 'src/main.c': 'int main(void) { return 0; }\n' })
  repo.git('repack', '-d', '-q')
  repo.commit('And on', { 'src/shop.c': 'int shop(void) { return 1; }\n' })
  repo.git('multi-pack-index', 'write')
  expect(repo.git('count-objects', '-v')).toMatch(/^packs: 2$/m)
  expect(existsSync(join(repo.path, '.git/objects/pack/multi-pack-index'))).toBe(true)
  return { repo, commit }
}

function pushed(pair: Pair): Past {
  const { repo, commit } = deletedPair(pair)
  return { repo: repo.clone(), commit }
}

const scenes: readonly Scene[] = [
  scene('a bare clone', bare, 'published'),
  scene('a linked work tree', linkedWorktree, 'pending'),
  scene('a SHA-256 repository', sha256, 'pending'),
  scene('objects borrowed from another repository', alternates, 'pending'),
  scene('a pack', onePack, 'pending'),
  scene('several packs under one index', severalPacks, 'pending'),
  scene('a clone, whose past the remote has', pushed, 'published'),
]

/** Depth one: the commit that added the pair is cut off, the file is not. */
function shallow(content: string): Repo {
  const repo = Repo.create()
  repo.commit('Start', { 'README.md': '# Shop\n' })
  repo.commit('Add settings', { [file]: content })
  repo.commit('Go on', { 'README.md': '# Shop\n\nSells things.\n' })
  const copy = repo.clone('--depth=1')
  expect(copy.git('rev-parse', '--is-shallow-repository')).toBe('true')
  return copy
}

describe('oakum history', () => {
  test.each(scenes.map((row, index) => [row.name, row, 200 + index] as const))(
    'finds a pair in the past of %s',
    async (_name, row, seed) => {
      const run = await playScene(row, seed)
      expect(run.report().receipt).toMatchObject({ complete: true, skipped: [] })
    },
  )

  test('scans a repository that is named instead of entered', async () => {
    const pair = awsPair(220)
    const { repo } = deletedPair(pair)
    const run = await oakumJson(['history', repo.path], { cwd: temporaryFolder() })
    expectOnlyPair(run, pair)
    expect(run.code).toBe(1)
  })

  test('finds a pair in a shallow clone, and says that the past is cut off', async () => {
    const pair = awsPair(221)
    const run = await oakumJson(['history'], { cwd: shallow(pairText(pair)).path })
    expectOnlyPair(run, pair)
    expect(verdictOf(run)).toEqual({ code: 1, findings: 1, complete: false })
    expect(skipsFor(run, 'shallow')).toHaveLength(1)
  })

  test('does not call a shallow clone clean', async () => {
    const run = await oakumJson(['history'], { cwd: shallow('[shop]\n').path })
    expect(verdictOf(run)).toEqual({ code: 3, findings: 0, complete: false })
  })

  test('takes a shallow clone as it is when it is told to', async () => {
    const pair = awsPair(222)
    const run = await oakumJson(['history', '--allow-shallow'], {
      cwd: shallow(pairText(pair)).path,
    })
    expectOnlyPair(run, pair)
    expect(verdictOf(run)).toEqual({ code: 1, findings: 1, complete: true })
    expect(
      verdictOf(await oakumJson(['history', '--allow-shallow'], { cwd: shallow('[shop]\n').path })),
    ).toEqual(clean)
  })

  test.each(['not a date', 'tomorrow'])(
    'refuses "%s", after which there is no history, instead of calling it clean',
    async (date) => {
      const { repo } = deletedPair(awsPair(224))
      const run = await oakum(['history', '--since', date], { cwd: repo.path })
      expect(run.stderr.trimEnd().split('\n')).toEqual([
        expect.stringContaining('no date in the past'),
      ])
      expect(run.code).toBe(2)
    },
  )

  test('with --since reads what commits after that date brought', async () => {
    const pair = awsPair(225)
    const { repo } = deletedPair(awsPair(226))
    const commit = repo.commit('Add others', { 'other.ini': pairText(pair) })
    const date = Number(repo.git('show', '-s', '--format=%ct', commit))
    const run = await oakumJson(['history', '--since', `@${date}`], { cwd: repo.path })
    expectOnlyPair(run, pair)
    expect(
      verdictOf(await oakumJson(['history', '--since', `@${date + 1}`], { cwd: repo.path })),
    ).toEqual(clean)
  })

  test('with --reachable reads what refs lead to, and no stash of the reflog', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'README.md': '# Shop\n' })
    repo.commit('Add settings', { [file]: pairText(awsPair(223)) })
    repo.write(file, '[shop]\n').git('add', '-A')
    repo.commitStaged('Add settings', '--amend')
    expect(verdictOf(await oakumJson(['history', '--reachable'], { cwd: repo.path }))).toEqual(
      clean,
    )
    expect((await oakumJson(['history'], { cwd: repo.path })).code).toBe(1)
  })
})
