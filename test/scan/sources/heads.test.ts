import { expect, test } from 'vitest'
import { scan } from '../../../src/scan/scan.ts'
import type { CommitSet } from '../../../src/model/target.ts'
import { awsPair, type Pair } from '../../support/credentials.ts'
import { isolatedEnv, Repo } from '../../support/repo.ts'

const textOf = ({ id, secret }: Pair): string =>
  `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`

async function placesOf(
  repo: Repo,
  range: CommitSet,
): Promise<{
  readonly complete: boolean
  readonly places: readonly (readonly [kind: string, path: string | undefined])[]
}> {
  const { findings, receipt } = await scan(
    { name: 'range', range },
    { cwd: repo.path, env: isolatedEnv },
  )
  return {
    complete: receipt.complete,
    places: findings
      .map(({ places: [{ origin }] }) => [origin.kind, origin.path?.text] as const)
      .sort(),
  }
}

/** A repository with one pair on main, and another on a side branch. */
function twoBranches(seed: number): {
  readonly repo: Repo
  readonly root: string
  readonly main: string
  readonly side: string
} {
  const repo = Repo.create()
  const root = repo.commit('Start', { 'a.txt': 'a\n' })
  repo.git('switch', '-q', '-c', 'side')
  const side = repo.commit('Side', { 'side.ini': textOf(awsPair(seed)) })
  repo.git('switch', '-q', 'main')
  const main = repo.commit('Main', { 'main.ini': textOf(awsPair(seed + 1)) })
  return { repo, root, main, side }
}

test('scans commits that any head leads to, without those that excluded ids lead to', async () => {
  const { repo, root, main, side } = twoBranches(2200)
  expect(await placesOf(repo, { heads: [main, side], without: [root] })).toEqual({
    complete: true,
    places: [
      ['commit', 'main.ini'],
      ['commit', 'side.ini'],
    ],
  })
  expect(await placesOf(repo, { heads: [main, side], without: [side] })).toEqual({
    complete: true,
    places: [['commit', 'main.ini']],
  })
  expect(
    await placesOf(repo, { heads: [main, side], without: ['0'.repeat(39) + '1'] }),
  ).toMatchObject({
    complete: true,
    places: [
      ['commit', 'main.ini'],
      ['commit', 'side.ini'],
    ],
  })
})

test('excludes commits that refs in the given folders lead to, and no others', async () => {
  const { repo, main, side } = twoBranches(2210)
  repo.git('update-ref', 'refs/remotes/origin/side', side)
  repo.git('update-ref', 'refs/remotes/origin2/main', main)
  expect(
    await placesOf(repo, {
      heads: [main, side],
      without: [],
      withoutRefs: ['refs/remotes/origin'],
    }),
  ).toEqual({ complete: true, places: [['commit', 'main.ini']] })
  expect(await placesOf(repo, { heads: [main, side], without: [], withoutRefs: ['refs'] })).toEqual(
    { complete: true, places: [] },
  )
})

test('follows a tag of a tag, and reads the messages of both', async () => {
  const { repo, main, root } = twoBranches(2220)
  repo.gitBytes(['tag', '-a', '-F', '-', 'inner', main], `inner\n\n${textOf(awsPair(2222))}`)
  repo.gitBytes(['tag', '-a', '-F', '-', 'outer', 'inner'], `outer\n\n${textOf(awsPair(2223))}`)
  expect(
    await placesOf(repo, { heads: [repo.git('rev-parse', 'outer')], without: [root] }),
  ).toEqual({
    complete: true,
    places: [
      ['commit', 'main.ini'],
      ['message', undefined],
      ['message', undefined],
    ],
  })
})

test('reads a tree and a blob that are pushed without a commit', async () => {
  const { repo } = twoBranches(2230)
  const blob = repo
    .gitBytes(['hash-object', '-w', '--stdin'], textOf(awsPair(2232)))
    .toString()
    .trim()
  const inner = repo
    .gitBytes(['mktree', '-z'], `100644 blob ${blob}\tkeys\n.ini\0`)
    .toString()
    .trim()
  const tree = repo.gitBytes(['mktree'], `040000 tree ${inner}\tconf\n`).toString().trim()
  expect(await placesOf(repo, { heads: [blob], without: [] })).toEqual({
    complete: true,
    places: [['commit', undefined]],
  })
  expect(await placesOf(repo, { heads: [tree], without: [] })).toEqual({
    complete: true,
    places: [['commit', 'conf/keys\n.ini']],
  })
})

test('is incomplete when a head is missing', async () => {
  const { repo, main } = twoBranches(2240)
  expect(await placesOf(repo, { heads: [main, `${'0'.repeat(39)}1`], without: [] })).toMatchObject({
    complete: false,
    places: [['commit', 'main.ini']],
  })
})
