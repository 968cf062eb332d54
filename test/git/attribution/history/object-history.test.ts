import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  changesOf,
  introductions,
  type WantedIds,
} from '../../../../src/git/attribution/introductions.ts'
import { MAX_PATHS } from '../../../../src/git/attribution/place-limit.ts'
import { ObjectHistory } from '../../../../src/git/attribution/history/object-history.ts'
import { catFileReader } from '../../../../src/git/objects/cat-file-reader.ts'
import type { ObjectReader } from '../../../../src/git/objects/objects.ts'
import { pathKey } from '../../../../src/git/commands/path.ts'
import { openRepository, type Repository } from '../../../../src/git/commands/repository.ts'
import type { ObjectKind, Skip } from '../../../../src/model/model.ts'
import { randomCommits } from '../../../support/commits.ts'
import { seededRandom } from '../../../support/random.ts'
import { isolatedEnv, Repo } from '../../../support/repo.ts'
import { seedsOf } from '../../../support/rounds.ts'
import { writeObject, writeTreeBomb, writeWideTree } from '../../../support/tree-bomb.ts'

const { signal } = new AbortController()

const opened = (repo: Repo): Promise<Repository> =>
  openRepository({ path: repo.path, explicit: true, env: isolatedEnv })

interface Answer {
  readonly events: readonly string[]
  readonly skips: Skip[]
}

interface Options {
  readonly folders?: boolean
  /** Wraps the batches of objects. */
  readonly wrap?: (reader: ObjectReader) => ObjectReader
  readonly most?: number
}

/** `<object> <commit> <path>` of every introduction that the pass over trees and commits finds. */
async function nativeAnswer(
  repo: Repo,
  ids: Iterable<string>,
  { folders = false, wrap = (reader) => reader, most }: Options = {},
): Promise<Answer> {
  const repository = await opened(repo)
  const skips: Skip[] = []
  const lookup = {
    reader: wrap(catFileReader(repository, 2)),
    signal,
    onSkip: (skip: Skip) => skips.push(skip),
  }
  const history = await ObjectHistory.read(repository, lookup, { ids: new Set(ids), folders })
  const events: string[] = []
  for (const { object, commit, path } of await history.introductions(most))
    events.push(`${object} ${commit} ${pathKey(path)}`)
  expect(new Set(events).size).toBe(events.length)
  return { events: events.sort(), skips }
}

/** The same for the introductions that git's own diffs find. */
async function gitAnswer(
  repo: Repo,
  ids: Iterable<string>,
  folders = false,
): Promise<readonly string[]> {
  const events = new Set<string>()
  const failures: string[] = []
  for await (const { object, commit, path } of introductions(
    { ...(await opened(repo)), signal },
    { ids: new Set(ids), folders },
    (detail) => failures.push(detail),
  )) {
    events.add(`${object} ${commit} ${pathKey(path)}`)
  }
  expect(failures).toEqual([])
  await expectSameOfCommits(repo, { ids: new Set(ids), folders }, events)
  return [...events].sort()
}

/** Expects git's diffs of all commits by id to equal those of the whole store. */
async function expectSameOfCommits(
  repo: Repo,
  sought: WantedIds,
  expected: ReadonlySet<string>,
): Promise<void> {
  const changes = await changesOf(
    { ...(await opened(repo)), signal },
    sought,
    objectsOf(repo, 'commit'),
  )
  expect(
    new Set(
      changes.introductions.map(
        ({ object, commit, path }) => `${object} ${commit} ${pathKey(path)}`,
      ),
    ),
  ).toEqual(expected)
}

function objectsOf(repo: Repo, ...kinds: readonly ObjectKind[]): readonly string[] {
  const lines = repo
    .git('cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)')
    .split('\n')
  return lines
    .map((line) => line.split(' '))
    .flatMap(([id = '', kind]) => (kinds.some((one) => one === kind) ? id : []))
}

async function expectSameAsGit(
  repo: Repo,
  ids: readonly string[] = objectsOf(repo, 'blob'),
  folders = false,
): Promise<readonly string[]> {
  const expected = await gitAnswer(repo, ids, folders)
  const { events, skips } = await nativeAnswer(repo, ids, { folders })
  expect(events).toEqual(expected)
  expect(skips).toEqual([])
  return events
}

/** An entry of a raw tree. */
function entry(text: string, id: string): Buffer {
  return Buffer.concat([Buffer.from(`${text}\0`, 'latin1'), Buffer.from(id, 'hex')])
}

/** Cuts trees into windows that end anywhere and overlap by three bytes. */
function inPieces(reader: ObjectReader): ObjectReader {
  return {
    ...reader,
    async *readAll(until, kinds) {
      for await (const batch of reader.readAll(until, kinds)) {
        for (const object of batch) {
          if ('outcome' in object || object.kind !== 'tree') yield [object]
          else
            for (let start = 0; start <= object.size; start += 7)
              yield [
                {
                  ...object,
                  start,
                  bytes: object.bytes.slice(start, start + 10),
                  last: start + 7 > object.size,
                },
              ]
        }
      }
    },
  }
}

describe('the introductions of objects', () => {
  test.each(seedsOf([1, 2, 3, 4, 5, 6, 7, 8]))(
    'equal those of git in random history %d',
    async (seed) => {
      const repo = randomCommits(seed, {
        commits: 60,
        objectFormat: seed % 4 === 0 ? 'sha256' : 'sha1',
      })
      const random = seededRandom(seed)
      const [blobs, trees] = [objectsOf(repo, 'blob'), objectsOf(repo, 'tree')]
      expect((await expectSameAsGit(repo, blobs)).length).toBeGreaterThan(60)
      await expectSameAsGit(
        repo,
        blobs.filter(() => random() < 0.15),
      )
      await expectSameAsGit(
        repo,
        [...blobs, ...trees].filter(() => random() < 0.5),
        true,
      )
      // A folder counts as changed only by its content when folders are not wanted.
      await expectSameAsGit(
        repo,
        [...blobs, ...trees].filter(() => random() < 0.5),
      )
    },
  )

  test('equal those of git in folders with thousands of names', async () => {
    expect(
      (await expectSameAsGit(randomCommits(20, { commits: 12, names: 3000, changes: 400 }))).length,
    ).toBeGreaterThan(1000)
  })

  test('equal those of git in a shallow clone, with and without the parents that were cut off', async () => {
    const repo = randomCommits(30, { commits: 60 })
    const clone = repo.clone('--depth', '4')
    expect((await opened(clone)).shallow).toBe(true)
    await expectSameAsGit(clone)
    const before = await expectSameAsGit(repo)
    writeFileSync(
      join(repo.path, '.git/shallow'),
      `${repo.git('rev-list', '--all', '--max-count=3')}\n`,
    )
    expect(await expectSameAsGit(repo)).not.toEqual(before)
  })

  test('do not depend on replace refs', async () => {
    const repo = randomCommits(31, { commits: 30 })
    const before = await expectSameAsGit(repo)
    const [last, first] = [
      repo.git('rev-parse', 'refs/heads/b29'),
      repo.git('rev-parse', 'refs/heads/b0'),
    ]
    repo.git('replace', last, first)
    expect(await expectSameAsGit(repo)).toEqual(before)
  })

  test('equal those of git in trees that only other programs write', async () => {
    const repo = Repo.create()
    const blob = repo.gitBytes(['hash-object', '-w', '--stdin'], 'x\n').toString().trim()
    const tree = (...entries: readonly Buffer[]): string =>
      repo
        .gitBytes(
          ['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'],
          Buffer.concat(entries),
        )
        .toString()
        .trim()
    const empty = tree()
    const inner = tree(
      entry('100664 a', blob),
      entry('100755 \xe9\xff', blob),
      entry('40000 empty', empty),
    )
    let parent: readonly string[] = []
    for (const top of [
      tree(entry('100644 a', blob), entry('40000 sub', inner)),
      tree(entry('100664 a', blob), entry('040000 sub', inner)),
      tree(
        entry('100755 a', blob),
        entry('40000 other', empty),
        entry('40000 sub', tree(entry('100644 a', blob))),
      ),
      tree(entry('120000 a', blob), entry('40000 other', inner)),
      tree(entry('160000 a', blob), entry('40000 other', inner)),
      empty,
      inner,
    ]) {
      parent = ['-p', repo.git('commit-tree', '-m', 'x', ...parent, top)]
    }
    repo.git('update-ref', 'refs/heads/main', parent[1]!)
    expect((await expectSameAsGit(repo)).length).toBeGreaterThan(8)
    await expectSameAsGit(repo, [blob, empty, inner], true)
  })

  test('are found in trees of any size and in any windows', async () => {
    const repo = randomCommits(32, { commits: 20, names: 40 })
    const whole = await expectSameAsGit(repo)
    expect(await nativeAnswer(repo, objectsOf(repo, 'blob'), { wrap: inPieces })).toEqual({
      events: whole,
      skips: [],
    })
  })

  test('are found in other commits when trees are missing, and each missing tree is reported', async () => {
    const repo = Repo.create()
    const first = repo.commit('One', { 'a/b/c': '1\n' })
    const second = repo.commit('Two', { 'a/b/c': '2\n', 'd/e': '2\n' })
    const third = repo.commit('Three', { 'd/e': '3\n' })
    const blobs = objectsOf(repo, 'blob')
    const all = await expectSameAsGit(repo)
    const [top, sub] = [
      repo.git('rev-parse', `${first}^{tree}`),
      repo.git('rev-parse', `${second}:a/b`),
    ]
    for (const id of [top, sub]) rmSync(repo.looseObject(id))
    const { events, skips } = await nativeAnswer(repo, blobs)
    expect(events).toEqual(
      all.filter((event) => event.includes(` ${second} d/e`) || event.includes(third)),
    )
    expect(skips.map(({ outcome, reason, object }) => `${outcome} ${reason} ${object}`)).toEqual([
      `failed missing ${first}`,
      `failed missing ${sub}`,
    ])
  })

  test('ignore a parent that is missing', async () => {
    const repo = Repo.create()
    const first = repo.commit('One', { a: '1\n', b: '1\n' })
    const second = repo.commit('Two', { a: '2\n' })
    rmSync(repo.looseObject(first))
    const { events } = await nativeAnswer(repo, objectsOf(repo, 'blob'))
    expect(events.map((event) => event.slice(41))).toEqual(
      expect.arrayContaining([`${second} a`, `${second} b`]),
    )
    expect(events).toHaveLength(2)
  })

  test('are found in other objects when trees and commits are malformed, which is reported', async () => {
    const repo = Repo.create()
    const commit = repo.commit('One', { a: '1\n' })
    const [blob = ''] = objectsOf(repo, 'blob')
    const literally = (kind: ObjectKind, content: string): string =>
      repo
        .gitBytes(['hash-object', '-t', kind, '-w', '--stdin', '--literally'], content)
        .toString()
        .trim()
    const broken = [
      literally('tree', '100644 a\0short'),
      literally('tree', 'no tree at all'),
      literally('commit', 'tree x\n'),
      literally('commit', ''),
    ]
    const { events, skips } = await nativeAnswer(repo, [blob])
    expect(events).toEqual([`${blob} ${commit} a`])
    expect(skips.map(({ reason, object }) => `${reason} ${object}`).sort()).toEqual(
      broken.map((id) => `corrupt ${id}`).sort(),
    )
  })

  test('are bounded when folders within folders have more paths than fit into memory', async () => {
    const repo = Repo.create()
    const tree = writeTreeBomb(repo, 'x\n', 12, 8)
    const blob = repo.git('rev-parse', `${tree}:${'f0/'.repeat(11)}f0`)
    const full = repo.git('commit-tree', '-m', 'x', tree)
    const { events, skips } = await nativeAnswer(repo, [blob])
    expect([events.length, skips]).toEqual([MAX_PATHS + 1, []])
    const bounded = expect.objectContaining({ outcome: 'bounded', reason: 'too-large' })
    expect(await nativeAnswer(repo, [blob], { most: 500 })).toEqual({
      events: events.slice(1, 501),
      skips: [bounded],
    })
    const empty = repo.gitBytes(['mktree'], '').toString().trim()
    repo.git('commit-tree', '-m', 'x', '-p', full, empty)
    const repository = await opened(repo)
    const history = await ObjectHistory.read(
      repository,
      { reader: catFileReader(repository, 1), signal, onSkip: (skip) => skips.push(skip) },
      { ids: new Set([blob]), folders: false },
    )
    expect(await history.removals()).toHaveLength(MAX_PATHS)
    expect(await history.removals(500)).toEqual([])
    expect(skips).toEqual([bounded])
  })

  test('list every commit of an object that has too many paths', async () => {
    const repo = Repo.create()
    const blob = writeObject(repo, 'blob', Buffer.from('x\n'))
    const wide = writeWideTree(repo, '100644', blob, 1500)
    const one = writeWideTree(repo, '100644', blob, 3)
    const commits = [wide, one, wide].map((tree, n) => repo.git('commit-tree', '-m', `${n}`, tree))
    const { events } = await nativeAnswer(repo, [blob])
    expect(new Set(events.map((event) => event.split(' ')[1]))).toEqual(new Set(commits))
    expect(events.length).toBeLessThanOrEqual(MAX_PATHS + 5)
  })

  test('are found at any depth', async () => {
    const repo = Repo.create()
    const blob = repo.gitBytes(['hash-object', '-w', '--stdin'], 'x\n').toString().trim()
    const depth = 3000
    repo.gitBytes(
      ['fast-import', '--quiet'],
      `commit refs/heads/main\ncommitter C <c@example.com> 1 +0000\ndata 0\nM 100644 ${blob} ${'d/'.repeat(depth)}a\n\n`,
    )
    const { events } = await nativeAnswer(repo, [blob])
    expect(events).toEqual([`${blob} ${repo.git('rev-parse', 'main')} ${'d/'.repeat(depth)}a`])
  })
})

describe("git's own comparison of trees", () => {
  test('stops when there are more changes than fit into memory', async () => {
    const repo = randomCommits(33, { commits: 60 })
    const sought = { ids: new Set(objectsOf(repo, 'blob')), folders: false }
    await expect(
      changesOf({ ...(await opened(repo)), signal }, sought, objectsOf(repo, 'commit'), 40),
    ).rejects.toThrow('git diff-tree printed more than 40 changes')
  })

  test('ends with a failure when git cannot read a long history', async () => {
    const repo = Repo.create()
    const stream = Array.from(
      { length: 4000 },
      (_, n) =>
        `commit refs/heads/main\nmark :${n + 1}\ncommitter C <c@example.com> ${1_700_000_000 + n} +0000\ndata 0\n${n === 0 ? '' : `from :${n}\n`}M 100644 inline a.txt\ndata <<E\n${n}\nE\n\n`,
    )
    repo.gitBytes(['fast-import', '--quiet'], stream.join(''))
    repo.gitBytes(
      ['hash-object', '-t', 'commit', '-w', '--stdin'],
      `tree ${'1'.repeat(40)}\nauthor A <a@example.com> 1 +0000\ncommitter A <a@example.com> 1 +0000\n\nno tree\n`,
    )
    const failures: string[] = []
    for await (const event of introductions(
      { ...(await opened(repo)), signal },
      { ids: new Set(['f'.repeat(40)]), folders: false },
      (detail) => failures.push(detail),
    ))
      expect(event).toBeUndefined()
    expect(failures).not.toEqual([])
  })
})
