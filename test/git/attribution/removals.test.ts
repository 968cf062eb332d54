import { describe, expect, test } from 'vitest'
import { ObjectHistory } from '../../../src/git/attribution/history/object-history.ts'
import { catFileReader } from '../../../src/git/objects/cat-file-reader.ts'
import { pathKey } from '../../../src/git/commands/path.ts'
import { openRepository } from '../../../src/git/commands/repository.ts'
import type { Attribution } from '../../../src/model/model.ts'
import { scan } from '../../../src/scan/scan.ts'
import { randomCommits } from '../../support/commits.ts'
import { awsPairWithoutSlash, type Pair } from '../../support/credentials.ts'
import { isolatedEnv, Repo } from '../../support/repo.ts'

const keys = ({ id, secret }: Pair, more = ''): string =>
  `${more}aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`

async function attributionOf(repo: Repo, pair: Pair): Promise<Attribution | undefined> {
  const { findings, receipt } = await scan(
    { name: 'history' },
    { cwd: repo.path, env: isolatedEnv },
  )
  expect(receipt.skipped).toEqual([])
  return findings.find(({ parts }) => parts.some(({ secret }) => secret.reveal() === pair.id))
    ?.attribution
}

/**
 * Removes the pair from a repository that has it in prod.ini. Returns the commit since which HEAD
 * does not contain it.
 */
const scenes: readonly (readonly [
  name: string,
  act: (repo: Repo, pair: Pair) => string | undefined,
])[] = [
  ['its file was deleted', (repo) => repo.remove('prod.ini').commit('Remove')],
  [
    'it was taken out of its file',
    (repo) => {
      const commit = repo.commit('Edit', { 'prod.ini': 'region = eu-west-1\n' })
      repo.commit('More', { 'prod.ini': 'region = eu-west-2\n' })
      return commit
    },
  ],
  [
    'its file changed around it before it went',
    (repo, pair) => {
      repo.commit('Edit', { 'prod.ini': keys(pair, 'region = eu-west-1\n') })
      return repo.remove('prod.ini').commit('Remove')
    },
  ],
  [
    'its file was renamed, and then deleted',
    (repo) => {
      repo.git('mv', 'prod.ini', 'old.ini')
      repo.commit('Rename')
      return repo.remove('old.ini').commit('Remove')
    },
  ],
  [
    'the first of two copies went before the second',
    (repo, pair) => {
      repo.commit('Copy', { 'sub/copy.ini': keys(pair) })
      repo.remove('prod.ini').commit('Remove')
      return repo.remove('sub/copy.ini').commit('Remove the copy')
    },
  ],
  [
    'it came back and went again',
    (repo, pair) => {
      repo.remove('prod.ini').commit('Remove')
      repo.commit('Again', { 'prod.ini': keys(pair) })
      return repo.remove('prod.ini').commit('Remove again')
    },
  ],
  [
    'a branch removed it and was merged',
    (repo) => {
      repo.git('checkout', '-q', '-b', 'side')
      const commit = repo.remove('prod.ini').commit('Remove')
      repo.git('checkout', '-q', 'main')
      repo.commit('Main', { c: '3\n' })
      repo.merge('side').commit('Merge')
      return commit
    },
  ],
  [
    'a merge removed it, against both of its parents',
    (repo) => {
      repo.git('checkout', '-q', '-b', 'side')
      repo.commit('Side', { b: '2\n' })
      repo.git('checkout', '-q', 'main')
      repo.commit('Main', { c: '3\n' })
      return repo.merge('side').remove('prod.ini').commit('Merge')
    },
  ],
  ['HEAD has it', () => undefined],
  [
    'only a branch beside HEAD removed it',
    (repo) => {
      repo.git('checkout', '-q', '-b', 'side')
      repo.remove('prod.ini').commit('Remove')
      repo.git('checkout', '-q', 'main')
      return undefined
    },
  ],
]

describe('the commit that removed a credential', () => {
  test.each(scenes.map(([name, act], seed) => [name, act, 2405 + 16 * seed] as const))(
    'is right where %s',
    async (_name, act, seed) => {
      const pair = awsPairWithoutSlash(seed)
      const repo = Repo.create()
      repo.commit('Start', { 'prod.ini': keys(pair), a: '1\n' })
      const commit = act(repo, pair)
      const attribution = await attributionOf(repo, pair)
      expect(attribution?.removed?.commit).toBe(commit)
      expect(attribution).toMatchObject({ inHead: commit === undefined, inHeadHistory: true })
    },
  )

  test('is missing when only another branch ever had the credential', async () => {
    const pair = awsPairWithoutSlash(2616)
    const repo = Repo.create()
    repo.commit('Start', { a: '1\n' })
    repo.git('checkout', '-q', '-b', 'side')
    repo.commit('Side', { 'prod.ini': keys(pair) })
    repo.remove('prod.ini').commit('Remove')
    repo.git('checkout', '-q', 'main')
    const attribution = await attributionOf(repo, pair)
    expect(attribution).toMatchObject({ inHead: false, inHeadHistory: false })
    expect(attribution?.removed).toBeUndefined()
  })

  test('is missing when a branch was merged without its content', async () => {
    const pair = awsPairWithoutSlash(2600)
    const repo = Repo.create()
    repo.commit('Start', { a: '1\n' })
    repo.git('checkout', '-q', '-b', 'side')
    repo.commit('Side', { 'prod.ini': keys(pair) })
    repo.git('checkout', '-q', 'main')
    repo.commit('Main', { c: '3\n' })
    repo.git('merge', '-q', '--no-edit', '-s', 'ours', 'side')
    const attribution = await attributionOf(repo, pair)
    expect(attribution).toMatchObject({ inHead: false, inHeadHistory: true })
    expect(attribution?.removed).toBeUndefined()
  })
})

/** `<object> <path>` of all files of a commit, as latin1. */
function filesOf(repo: Repo, commit: string): ReadonlySet<string> {
  const lines = repo
    .gitBytes(['ls-tree', '-r', '-z', '--full-tree', commit])
    .toString('latin1')
    .split('\0')
    .filter((line) => line !== '')
  return new Set(
    lines.map(
      (line) => `${line.split('\t')[0]?.split(' ')[2]} ${line.slice(line.indexOf('\t') + 1)}`,
    ),
  )
}

test.each([11, 12])(
  'what went is what git has in all parents and not in the commit, seed %i',
  async (seed) => {
    const repo = randomCommits(seed, { commits: 40 })
    const repository = await openRepository({ path: repo.path, explicit: true, env: isolatedEnv })
    const lookup = {
      reader: catFileReader(repository, 2),
      signal: new AbortController().signal,
      onSkip: () => undefined,
    }
    const lines = repo
      .git('cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)')
      .split('\n')
      .map((line) => line.split(' '))
    const blobs = new Set(lines.flatMap(([id = '', kind]) => (kind === 'blob' ? id : [])))
    const history = await ObjectHistory.read(repository, lookup, { ids: blobs, folders: false })
    const expected = lines
      .filter(([, kind]) => kind === 'commit')
      .flatMap(([commit = '']) => {
        const parents = (repo.git('cat-file', 'commit', commit).match(/^parent .*$/gm) ?? []).map(
          (line) => filesOf(repo, line.slice(7)),
        )
        const own = filesOf(repo, commit)
        return [...(parents[0] ?? [])]
          .filter(
            (file) =>
              !own.has(file) &&
              blobs.has(file.split(' ')[0] ?? '') &&
              parents.every((files) => files.has(file)),
          )
          .map((file) => `${commit} ${file}`)
      })
    const events = (await history.removals())
      // A change of the mode removes and introduces the object.
      .filter(
        ({ object, commit, path }) => !filesOf(repo, commit).has(`${object} ${pathKey(path)}`),
      )
      .map(({ object, commit, path }) => `${commit} ${object} ${pathKey(path)}`)
    expect(expected.length).toBeGreaterThan(20)
    expect([...new Set(events)].sort()).toEqual(expected.sort())
    expect(await history.removals(1)).toEqual([])
  },
)
