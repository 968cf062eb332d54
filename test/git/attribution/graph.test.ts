import { describe, expect, test } from 'vitest'
import { Commits } from '../../../src/git/attribution/history/commits.ts'
import { CommitGraph, graphOfRefs } from '../../../src/git/attribution/graph.ts'
import { ObjectHistory } from '../../../src/git/attribution/history/object-history.ts'
import { readPublished } from '../../../src/git/attribution/published.ts'
import { RefList } from '../../../src/git/attribution/ref-list.ts'
import { withInnerTags } from '../../../src/git/attribution/refs.ts'
import { catFileReader } from '../../../src/git/objects/cat-file-reader.ts'
import { listRefs } from '../../../src/git/commands/refs.ts'
import { openRepository } from '../../../src/git/commands/repository.ts'
import type { Skip } from '../../../src/model/model.ts'
import { seededRandom } from '../../support/random.ts'
import { isolatedEnv, Repo } from '../../support/repo.ts'
import { seedsOf } from '../../support/rounds.ts'

interface Held {
  readonly graph: CommitGraph
  readonly list: RefList
}

async function graphOf(repo: Repo): Promise<Held> {
  const repository = await openRepository({ path: repo.path, explicit: true, env: isolatedEnv })
  const skips: Skip[] = []
  const lookup = {
    reader: catFileReader(repository, 2),
    signal: new AbortController().signal,
    onSkip: (skip: Skip) => skips.push(skip),
  }
  const { commits } = await ObjectHistory.read(repository, lookup, {
    ids: new Set(),
    folders: false,
  })
  const list = new RefList(
    await withInnerTags((await listRefs(repository)).all(), repository),
    await readPublished(repository, lookup.signal),
  )
  const graph = await graphOfRefs(list, commits, repository.idLength / 2, lookup)
  expect(skips).toEqual([])
  return { graph, list }
}

/** Names of the refs, and HEAD, whose history contains an object of each set. */
function namesHolding(
  { graph, list }: Held,
  sets: readonly ReadonlySet<string>[],
): readonly (readonly string[])[] {
  return graph
    .refsHolding(sets)
    .map((held) => list.holders(held))
    .map(({ refs, head }) => [...(head ? ['HEAD'] : []), ...refs])
}

interface RandomHistory {
  readonly repo: Repo
  readonly commits: readonly string[]
}

/**
 * Commits with none to three parents among those before, and refs of every kind to some of them.
 */
function randomHistory(seed: number, count: number): RandomHistory {
  const random = seededRandom(seed)
  const pick = (below: number): number => Math.floor(random() * below)
  const repo = Repo.create()
  const stream = Array.from({ length: count }, (_, n) => {
    const parents = new Set(
      Array.from(
        { length: n === 0 || random() < 0.05 ? 0 : 1 + Math.max(0, pick(5) - 2) },
        () => n - 1 - pick(Math.min(n, 8)),
      ),
    )
    const [first, ...rest] = [...parents]
    return [
      `commit refs/made/${n}`,
      `mark :${n + 1}`,
      `committer C <c@example.com> ${1_700_000_000 + pick(1000)} +0000`,
      'data 0',
      ...(first === undefined
        ? []
        : [`from :${first + 1}`, ...rest.map((parent) => `merge :${parent + 1}`)]),
      '',
    ].join('\n')
  })
  repo.gitBytes(['fast-import', '--quiet', '--force'], stream.join('\n'))
  const commits = Array.from({ length: count }, (_, n) => repo.git('rev-parse', `refs/made/${n}`))
  const refs = commits.flatMap((commit, n) => {
    if (random() > 0.25) return []
    return [
      `update refs/${['heads/b', 'remotes/origin/r', 'tags/t', 'notes/n', 'heads/deep/er/b'][pick(5)]}${n} ${commit}`,
    ]
  })
  repo.gitBytes(
    ['update-ref', '--stdin'],
    [...refs, ...commits.map((_, n) => `delete refs/made/${n}`), ''].join('\n'),
  )
  for (let n = 0; n < 4; n += 1)
    repo.git('tag', '-a', '-m', 'annotated', `annotated${n}`, commits[pick(count)]!)
  repo.git('tag', '-a', '-m', 'nested', 'nested', 'annotated0')
  repo.git('tag', '-a', '-m', 'nested twice', 'nested2', 'nested')
  repo.git('update-ref', '--no-deref', 'HEAD', commits[pick(count)]!)
  return { repo, commits }
}

function commitName(n: number): string {
  return n.toString(16).padStart(40, '0')
}

describe('CommitGraph', () => {
  test.each(seedsOf([1, 2, 3, 4, 5, 6]))(
    'holds a commit in the refs that git says contain it (random history %d)',
    async (seed) => {
      const { repo, commits } = randomHistory(seed, 60)
      const graph = await graphOf(repo)
      // More sets than one pass handles.
      const holders = namesHolding(
        graph,
        commits.map((commit) => new Set([commit])),
      )
      for (const [at, commit] of commits.entries()) {
        const said = repo
          .git('for-each-ref', '--contains', commit, '--format=%(refname)')
          .split('\n')
          .filter((name) => name !== '')
        const inHead = repo.tryGit(['merge-base', '--is-ancestor', commit, 'HEAD']).code === 0
        expect([...holders[at]!].sort(), `${at}`).toEqual(
          [...said, ...(inHead ? ['HEAD'] : [])].sort(),
        )
      }
    },
  )

  test('finds the refs that contain any object of a set, each once', async () => {
    const { repo, commits } = randomHistory(7, 60)
    const graph = await graphOf(repo)
    const random = seededRandom(8)
    const sets = Array.from({ length: 100 }, () => new Set(commits.filter(() => random() < 0.06)))
    const alone = new Map(
      commits.map((commit, at) => [
        commit,
        namesHolding(
          graph,
          commits.map((one) => new Set([one])),
        )[at]!,
      ]),
    )
    for (const [at, refs] of namesHolding(graph, sets).entries()) {
      expect([...refs].sort()).toEqual(
        [...new Set([...sets[at]!].flatMap((commit) => alone.get(commit)!))].sort(),
      )
    }
  })

  test('finds an object that a ref points at and that is no commit', async () => {
    const repo = Repo.create()
    repo.commit('Start', { a: 'a', 'b/c': 'c' })
    const [blob, tree] = [repo.git('rev-parse', 'HEAD:a'), repo.git('rev-parse', 'HEAD:b')]
    repo.git('update-ref', 'refs/tags/blob', blob)
    repo.git('tag', '-a', '-m', 'A tree', 'tree', tree)
    repo.git('tag', '-a', '-m', 'A tag', 'outer', 'tree')
    const tag = repo.git('rev-parse', 'refs/tags/tree')
    const graph = await graphOf(repo)
    expect(
      namesHolding(graph, [
        new Set([blob]),
        new Set([tree]),
        new Set([tag]),
        new Set(['f'.repeat(40)]),
        new Set(),
      ]),
    ).toEqual([
      ['refs/tags/blob'],
      ['refs/tags/outer', 'refs/tags/tree'],
      expect.arrayContaining(['refs/tags/tree']),
      [],
      [],
    ])
  })

  test('finds the message of a tag that only another tag refers to', async () => {
    const repo = Repo.create()
    repo.commit('Start', { a: 'a' })
    repo.git('tag', '-a', '-m', 'Inner', 'inner')
    const inner = repo.git('rev-parse', 'refs/tags/inner')
    repo.git('tag', '-a', '-m', 'Middle', 'middle', 'inner')
    repo.git('tag', '-a', '-m', 'Outer', 'outer', 'middle')
    repo.git('tag', '-d', 'inner')
    repo.git('tag', '-d', 'middle')
    expect(namesHolding(await graphOf(repo), [new Set([inner])])).toEqual([['refs/tags/outer']])
  })

  test('finds the objects of a tree that a ref points at without a commit', async () => {
    const repo = Repo.create()
    repo.write('a/b', 'only here\n').git('add', '-A')
    const tree = repo.git('write-tree')
    repo.git('tag', '-a', '-m', 'A tree', 'tree', tree)
    const blob = repo.git('rev-parse', `${tree}:a/b`)
    expect(namesHolding(await graphOf(repo), [new Set([blob])])).toEqual([['refs/tags/tree']])
  })

  test('finds nothing without refs, and before the first commit', async () => {
    expect(namesHolding(await graphOf(Repo.create()), [new Set(['f'.repeat(40)])])).toEqual([[]])
    const repo = Repo.create()
    const commit = repo.commit('Start', { a: 'a' })
    repo.git('checkout', '-q', '--orphan', 'other')
    expect(namesHolding(await graphOf(repo), [new Set([commit])])).toEqual([['refs/heads/main']])
  })

  test('visits a commit once, however long the history', () => {
    const commits = new Commits(20, new Set())
    for (let n = 99_999; n >= 0; n -= 1)
      commits.add(
        commitName(n),
        Buffer.from(
          `tree ${commitName(0)}\n${n === 0 ? '' : `parent ${commitName(n - 1)}\n`}author`,
        ),
      )
    const list = new RefList(
      [
        { name: 'refs/heads/main', ids: [commitName(99_999)] },
        { name: 'refs/heads/old', ids: [commitName(10)] },
      ],
      { isTracking: () => false, former: [], summary: '' },
    )
    expect(
      namesHolding({ graph: new CommitGraph(list.refs, commits), list }, [
        new Set([commitName(0)]),
        new Set([commitName(11)]),
      ]),
    ).toEqual([['refs/heads/main', 'refs/heads/old'], ['refs/heads/main']])
  })
})

describe('Commits', () => {
  test.each([0, 1])('stores many commits with %i parents', (parents) => {
    const commits = new Commits(20, new Set())
    for (let n = 1; n <= 70_000; n += 1)
      commits.add(
        commitName(n),
        Buffer.from(
          `tree ${commitName(0)}\n${parents === 0 || n === 1 ? '' : `parent ${commitName(n - 1)}\n`}author`,
        ),
      )
    expect([commits.limit, commits.isComplete(), commits.inOrder().length]).toEqual([
      70_000,
      true,
      70_000,
    ])
  })
})
