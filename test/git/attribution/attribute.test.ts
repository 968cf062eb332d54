import { afterEach, describe, expect, test, vi } from 'vitest'
import { ObjectHistory } from '../../../src/git/attribution/history/object-history.ts'
import { ScanError } from '../../../src/model/errors.ts'
import type { Attribution, Finding } from '../../../src/model/model.ts'
import { scan } from '../../../src/scan/scan.ts'
import { awsPair, awsPairWithoutSlash, type Pair } from '../../support/credentials.ts'
import { isolatedEnv, Repo } from '../../support/repo.ts'

const keys = ({ id, secret }: Pair): string =>
  `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`

/** The finding for this pair in the repository's history, which is read whole. */
async function found(repo: Repo, pair: Pair): Promise<Finding> {
  const { findings, receipt } = await scan(
    { name: 'history' },
    { cwd: repo.path, env: isolatedEnv },
  )
  expect(receipt.skipped).toEqual([])
  const [finding, ...others] = findings.filter(({ parts }) =>
    parts.some(({ secret }) => secret.reveal() === pair.id),
  )
  expect(others).toEqual([])
  return finding!
}

interface Planted {
  readonly repo: Repo
  readonly attribution: Partial<Omit<Attribution, 'first'>> & { readonly first?: string | null }
}

/** The second of three commits introduces the pair, and the third removes it. */
function deleted(pair: Pair): { readonly repo: Repo; readonly commit: string } {
  const repo = Repo.create()
  repo.commit('Start', { 'a.txt': 'a\n' })
  const commit = repo.commit('Add', { 'prod.ini': keys(pair) })
  repo.remove('prod.ini').commit('Remove')
  return { repo, commit }
}

const scenes: readonly (readonly [name: string, plant: (pair: Pair) => Planted])[] = [
  [
    'is in HEAD',
    (pair) => {
      const repo = Repo.create()
      const first = repo.commit('Add', { 'prod.ini': keys(pair) })
      return {
        repo,
        attribution: { first, inHead: true, refs: ['refs/heads/main'], exposure: 'pending' },
      }
    },
  ],
  [
    'was deleted, in a branch that was not pushed',
    (pair) => {
      const { repo, commit } = deleted(pair)
      return {
        repo,
        attribution: {
          first: commit,
          inHead: false,
          refs: ['refs/heads/main'],
          exposure: 'pending',
        },
      }
    },
  ],
  [
    'is in a branch that was pushed',
    (pair) => {
      const { repo, commit } = deleted(pair)
      repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD')
      return {
        repo,
        attribution: {
          first: commit,
          inHead: false,
          refs: ['refs/heads/main', 'refs/remotes/origin/main'],
          exposure: 'published',
        },
      }
    },
  ],
  [
    'came after what was pushed',
    (pair) => {
      const { repo, commit } = deleted(pair)
      repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD~2')
      return {
        repo,
        attribution: {
          first: commit,
          inHead: false,
          refs: ['refs/heads/main'],
          exposure: 'pending',
        },
      }
    },
  ],
  [
    'is only in a branch of the remote',
    (pair) => {
      const { repo, commit } = deleted(pair)
      repo.git('update-ref', 'refs/remotes/origin/old', 'HEAD')
      repo.git('reset', '-q', '--hard', 'HEAD~2')
      return {
        repo,
        attribution: {
          first: commit,
          inHead: false,
          refs: ['refs/remotes/origin/old'],
          exposure: 'published',
        },
      }
    },
  ],
  [
    'is only in a tag',
    (pair) => {
      const { repo, commit } = deleted(pair)
      repo.git('tag', '-a', '-m', 'One', 'v1')
      repo.git('reset', '-q', '--hard', 'HEAD~2')
      return {
        repo,
        attribution: { first: commit, inHead: false, refs: ['refs/tags/v1'], exposure: 'pending' },
      }
    },
  ],
  [
    'is only in a tag of a tree',
    (pair) => {
      const repo = Repo.create()
      repo.commit('Start', { 'a.txt': 'a\n' })
      repo.write('sub/prod.ini', keys(pair)).git('add', '-A')
      repo.git('tag', 'tree', repo.git('write-tree'))
      repo.git('reset', '-q', '--hard')
      return {
        repo,
        attribution: { first: null, inHead: false, refs: ['refs/tags/tree'], exposure: 'pending' },
      }
    },
  ],
  [
    'is only in a stash',
    (pair) => {
      const repo = Repo.create()
      repo.commit('Start', { 'a.txt': 'a\n' })
      repo.write('a.txt', keys(pair)).git('stash', '-q')
      return { repo, attribution: { inHead: false, refs: ['refs/stash'], exposure: 'local' } }
    },
  ],
  [
    'is only in a commit that nothing leads to',
    (pair) => {
      const { repo, commit } = deleted(pair)
      repo.git('reset', '-q', '--hard', 'HEAD~2')
      return { repo, attribution: { first: commit, inHead: false, refs: [], exposure: 'local' } }
    },
  ],
  [
    'was only staged once',
    (pair) => {
      const repo = Repo.create()
      repo.commit('Start', { 'a.txt': 'a\n' })
      repo.write('prod.ini', keys(pair)).git('add', '-A')
      return {
        repo,
        attribution: { first: null, last: null, inHead: false, refs: [], exposure: 'local' },
      }
    },
  ],
  [
    'is in a note',
    (pair) => {
      const repo = Repo.create()
      repo.commit('Start', { 'a.txt': 'a\n' })
      repo.git('notes', 'add', '-m', keys(pair))
      return {
        repo,
        attribution: { inHead: false, refs: ['refs/notes/commits'], exposure: 'local' },
      }
    },
  ],
  [
    'is in the message of a commit',
    (pair) => {
      const repo = Repo.create()
      const first = repo.commit(`Start\n\n${keys(pair)}`, { 'a.txt': 'a\n' })
      return {
        repo,
        attribution: { first, inHead: true, refs: ['refs/heads/main'], exposure: 'pending' },
      }
    },
  ],
  [
    'is in the message of a tag',
    (pair) => {
      const repo = Repo.create()
      repo.commit('Start', { 'a.txt': 'a\n' })
      repo.git('tag', '-a', '-m', keys(pair), 'v1')
      return {
        repo,
        attribution: {
          first: repo.git('rev-parse', 'refs/tags/v1'),
          inHead: false,
          refs: ['refs/tags/v1'],
          exposure: 'pending',
        },
      }
    },
  ],
  [
    'is the name of a file at the top',
    (pair) => {
      const repo = Repo.create()
      const first = repo.commit('Add', { [`${pair.id}:${pair.secret}`]: 'x\n' })
      return {
        repo,
        attribution: { first, inHead: true, refs: ['refs/heads/main'], exposure: 'pending' },
      }
    },
  ],
  [
    'is the name of a file in a folder',
    (pair) => {
      const repo = Repo.create()
      const first = repo.commit('Add', { [`sub/${pair.id}:${pair.secret}`]: 'x\n' })
      return {
        repo,
        attribution: { first, inHead: true, refs: ['refs/heads/main'], exposure: 'pending' },
      }
    },
  ],
  [
    'was the name of a file at the top',
    (pair) => {
      const repo = Repo.create()
      const first = repo.commit('Add', { [`${pair.id}:${pair.secret}`]: 'x\n', other: 'y\n' })
      repo.remove(`${pair.id}:${pair.secret}`).commit('Remove')
      return {
        repo,
        attribution: { first, inHead: false, refs: ['refs/heads/main'], exposure: 'pending' },
      }
    },
  ],
]

describe('the attribution of a credential', () => {
  test.each(scenes.map(([name, plant], seed) => [name, plant, 805 + 16 * seed] as const))(
    'is right where it %s',
    async (_name, plant, seed) => {
      const pair = awsPairWithoutSlash(seed)
      const {
        repo,
        attribution: { first, ...rest },
      } = plant(pair)
      const { attribution } = await found(repo, pair)
      expect(attribution).toMatchObject(rest)
      if (first !== undefined) expect(attribution?.first?.commit ?? null).toBe(first)
    },
  )

  test('names the first and the last commit that introduced it, by date and not by the order of the store', async () => {
    const pair = awsPair(830)
    const repo = Repo.create()
    const commits = Array.from({ length: 12 }, (_, n) => {
      const added = repo.commit(`Add ${n}`, { 'prod.ini': keys(pair), 'n.txt': `${n}\n` })
      repo.remove('prod.ini').commit(`Remove ${n}`)
      return added
    })
    const finding = await found(repo, pair)
    expect(finding.attribution).toMatchObject({
      first: {
        commit: commits[0],
        author: 'Ada Author <ada@example.com>',
        path: { text: 'prod.ini' },
      },
      last: { commit: commits.at(-1) },
    })
    expect(finding.places.map(({ origin }) => `${origin.path?.text} ${origin.commit}`)).toEqual(
      Array.from(finding.parts, () => `prod.ini ${commits[0]}`),
    )
  })

  test('gives a place for each path, each with the commit that first had it there', async () => {
    const pair = awsPair(831)
    const repo = Repo.create()
    const one = repo.commit('One', { 'one.ini': keys(pair) })
    const two = repo.commit('Two', { 'sub/two.ini': keys(pair) })
    repo.remove('one.ini').commit('Remove')
    repo.commit('Again', { 'one.ini': keys(pair) })
    const { places } = await found(repo, pair)
    expect(new Set(places.map(({ origin }) => `${origin.path?.text} ${origin.commit}`))).toEqual(
      new Set([`one.ini ${one}`, `sub/two.ini ${two}`]),
    )
  })

  test('finds a secret that only a merge introduced', async () => {
    const pair = awsPair(832)
    const repo = Repo.create()
    repo.commit('Start', { a: '1\n' })
    repo.git('checkout', '-q', '-b', 'side')
    repo.commit('Side', { b: '2\n' })
    repo.git('checkout', '-q', 'main')
    repo.commit('Main', { c: '3\n' })
    repo.merge('side').write('a', keys(pair))
    const merge = repo.commit('Merge')
    expect((await found(repo, pair)).attribution?.first).toMatchObject({
      commit: merge,
      path: { text: 'a' },
    })
  })

  test('is complete for other commits when an unreachable commit has lost its tree', async () => {
    const pair = awsPair(833)
    const { repo, commit } = deleted(pair)
    const lost = repo
      .gitBytes(
        ['hash-object', '-t', 'commit', '-w', '--stdin'],
        `tree ${'1'.repeat(40)}\nparent ${commit}\nauthor A <a@example.com> 1 +0000\ncommitter A <a@example.com> 1 +0000\n\nno tree\n`,
      )
      .toString()
      .trim()
    const { findings, receipt } = await scan(
      { name: 'history' },
      { cwd: repo.path, env: isolatedEnv },
    )
    expect(findings.map(({ attribution }) => attribution?.first?.commit)).toEqual([commit])
    expect(receipt.skipped).toEqual([
      expect.objectContaining({ outcome: 'failed', reason: 'missing', object: lost }),
    ])
  })
})

/** Scans a history in which attribution fails with an error. */
function scanWith(error: Error): ReturnType<typeof scan> {
  vi.spyOn(ObjectHistory, 'read').mockRejectedValue(error)
  return scan({ name: 'history' }, { cwd: deleted(awsPair(2590)).repo.path, env: isolatedEnv })
}

describe('an error in attribution', () => {
  afterEach(() => void vi.restoreAllMocks())

  test('that git caused makes the scan incomplete', async () => {
    const { findings, receipt } = await scanWith(new ScanError('git ls-tree failed: exit 1'))
    expect(findings).toHaveLength(1)
    expect(receipt).toMatchObject({
      complete: false,
      skipped: [
        {
          reason: 'git-failed',
          detail: 'secrets could not be attributed to commits: git ls-tree failed: exit 1',
        },
      ],
    })
  })

  test('that was not foreseen is thrown', async () => {
    const bug = new TypeError('Cannot read properties of undefined')
    await expect(scanWith(bug)).rejects.toBe(bug)
  })
})
