import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { WantedIds } from '../../../../src/git/attribution/introductions.ts'
import { ObjectHistory } from '../../../../src/git/attribution/history/object-history.ts'
import { createEngine } from '../../../../src/scan/engine.ts'
import { catFileReader } from '../../../../src/git/objects/cat-file-reader.ts'
import { forEachLogged } from '../../../../src/git/objects/tree-diff-log.ts'
import type { GitObject, ObjectBatch, ObjectReader } from '../../../../src/git/objects/objects.ts'
import { pathKey } from '../../../../src/git/commands/path.ts'
import { openRepository } from '../../../../src/git/commands/repository.ts'
import type { ObjectKind, Skip } from '../../../../src/model/model.ts'
import { PackReader } from '../../../../src/git/packfile/pack-reader.ts'
import { builtinRules } from '../../../../src/rules/load.ts'
import { createObjectFilter } from '../../../../src/scan/object-filter.ts'
import { randomCommits } from '../../../support/commits.ts'
import { seededRandom } from '../../../support/random.ts'
import { isolatedEnv, Repo } from '../../../support/repo.ts'
import { seedsOf } from '../../../support/rounds.ts'
import { soundStore } from '../../../support/sound-store.ts'

const { signal } = new AbortController()
const { rules } = builtinRules()
const engine = createEngine(rules)

/** How many trees are rebuilt from the log without reading them. */
interface Share {
  noted: number
  /** Trees that were read although they are logged. */
  read: number
  skips: number
}

/** Packs all objects with deep chains of deltas, without some that are lost. */
function pack(repo: Repo, lost: readonly string[] = []): void {
  const folder = join(repo.path, '.git/objects/pack')
  const before = readdirSync(folder)
  const names = objectsOf(repo)
    .filter((id) => !lost.includes(id))
    .join('\n')
  repo.gitBytes(
    ['pack-objects', '-q', '--window=30', '--depth=40', join(folder, 'pack')],
    `${names}\n`,
  )
  for (const name of before) rmSync(join(folder, name))
  repo.git('prune-packed', '-q')
  for (const id of lost) rmSync(repo.looseObject(id), { force: true })
}

function objectsOf(repo: Repo, kind?: ObjectKind): readonly string[] {
  const lines = repo
    .git('cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)')
    .split('\n')
    .map((line) => line.split(' '))
  return lines.flatMap(([id = '', type]) => (kind === undefined || type === kind ? id : []))
}

/**
 * Introductions and removals with the log of a filtered reading, and with git's reader, which has no
 * log, so that all trees are read.
 */
async function expectSame(repo: Repo, sought: WantedIds): Promise<Share> {
  const repository = await openRepository({ path: repo.path, explicit: true, env: isolatedEnv })
  const git = catFileReader(repository, 1)
  const own = new PackReader({
    objects: join(repo.path, '.git/objects'),
    idBytes: repository.idLength / 2,
    kernel: 'auto',
    threads: 1,
    program: undefined,
    git,
    maxBlobBytes: Infinity,
    scanCache: undefined,
    storeCheck: soundStore,
  })
  for await (const batch of own.readFiltered(
    () => createObjectFilter(rules, engine, repository.idLength / 2),
    signal,
  ))
    for (const object of batch) expect(object).not.toHaveProperty('outcome')
  const share: Share = { noted: 0, read: 0, skips: 0 }
  if (own.treeDiffLog !== undefined)
    forEachLogged(
      own.treeDiffLog,
      (object) => void (share.noted += own.treeDiffLog?.kindOf(object) === 'tree' ? 1 : 0),
    )
  const said = async (reader: ObjectReader) => {
    const skips: Skip[] = []
    const history = await ObjectHistory.read(
      repository,
      { reader, signal, onSkip: (skip) => skips.push(skip) },
      sought,
    )
    const [came, went] = [await history.introductions(), await history.removals()].map((events) =>
      events.map(({ object, commit, path }) => `${object} ${commit} ${pathKey(path)}`).sort(),
    )
    return {
      came,
      went,
      skips: skips.map(({ outcome, reason, object }) => `${outcome} ${reason} ${object}`).sort(),
    }
  }
  const ours = await said(counting(own, share))
  expect(ours).toEqual(await said(git))
  share.skips = ours.skips.length
  own.close()
  return share
}

/** Counts trees that are read. */
function counting(reader: PackReader, share: Share): ObjectReader {
  function* counted(batch: ObjectBatch): Generator<GitObject | Skip> {
    for (const object of batch) {
      if ('kind' in object && object.kind === 'tree' && object.last) share.read += 1
      yield object
    }
  }
  async function* all(batches: AsyncIterable<ObjectBatch>): AsyncGenerator<ObjectBatch> {
    for await (const batch of batches) yield counted(batch)
  }
  return {
    name: 'counting',
    checksConnectivity: true,
    treeDiffLog: reader.treeDiffLog,
    hasAll: () => false,
    readFiltered: () => all(reader.readAll(signal)),
    close: () => {},
    readAll: (...asked) => all(reader.readAll(...asked)),
    readObjects: (...asked) => all(reader.readObjects(...asked)),
  }
}

function bytes(id: string): string {
  return Buffer.from(id, 'hex').toString('latin1')
}

/** Git's order of entries: by name, a folder's with a slash behind it. */
function sortKey(entry: string): string {
  return `${entry.slice(entry.indexOf(' ') + 1, entry.indexOf('\0'))}${entry.startsWith('4') ? '/' : ''}`
}

describe('the log of trees gives the same history as the trees themselves', () => {
  test.each(seedsOf([1, 2, 3, 4, 5, 6, 7, 8]))('in random history %d', async (seed) => {
    const repo = randomCommits(seed, {
      commits: 80,
      names: 4 + seed * 3,
      objectFormat: seed % 4 === 0 ? 'sha256' : 'sha1',
    })
    pack(repo)
    const random = seededRandom(seed)
    const [blobs, trees] = [objectsOf(repo, 'blob'), objectsOf(repo, 'tree')]
    const few = new Set([blobs[Math.floor(random() * blobs.length)] ?? ''])
    const share = await expectSame(repo, { ids: few, folders: false })
    expect(share.noted).toBe(trees.length)
    expect(share.read).toBeLessThan(trees.length * 0.7)
    await expectSame(repo, { ids: new Set(blobs.filter(() => random() < 0.15)), folders: false })
    await expectSame(repo, {
      ids: new Set([...blobs, ...trees].filter(() => random() < 0.05)),
      folders: true,
    })
    await expectSame(repo, {
      ids: new Set([...blobs, ...trees].filter(() => random() < 0.3)),
      folders: false,
    })
    await expectSame(repo, { ids: new Set(), folders: false })
  })

  test('in folders with thousands of names', async () => {
    const repo = randomCommits(20, { commits: 25, names: 3000, changes: 300 })
    pack(repo)
    const { noted, read } = await expectSame(repo, {
      ids: new Set(objectsOf(repo, 'blob').slice(0, 2)),
      folders: false,
    })
    expect(read).toBeLessThan(noted)
  })

  test('where some objects are loose, or in two packs', async () => {
    const repo = randomCommits(21, { commits: 60 })
    pack(repo)
    const blob = repo.gitBytes(['hash-object', '-w', '--stdin'], 'a later one\n').toString().trim()
    repo.commit('Later', { 'n1/later.txt': 'a later one\n' })
    const tree = repo.git('rev-parse', 'HEAD^{tree}')
    repo.gitBytes(
      ['pack-objects', '-q', join(repo.path, '.git/objects/pack/pack')],
      [...objectsOf(repo, 'tree').slice(0, 30), ''].join('\n'),
    )
    const { noted } = await expectSame(repo, { ids: new Set([blob]), folders: false })
    expect(noted).toBeGreaterThan(30)
    await expectSame(repo, {
      ids: new Set([blob, tree, ...objectsOf(repo, 'blob').slice(0, 3)]),
      folders: true,
    })
  })

  test('when some trees are missing, which is reported', async () => {
    const repo = randomCommits(22, { commits: 40 })
    const trees = objectsOf(repo, 'tree')
    pack(
      repo,
      trees.filter((_, n) => n % 17 === 0),
    )
    const blobs = objectsOf(repo, 'blob')
    const { skips } = await expectSame(repo, { ids: new Set(blobs.slice(0, 12)), folders: false })
    expect(skips).toBeGreaterThan(0)
  })

  test('in a shallow clone', async () => {
    const clone = randomCommits(23, { commits: 60 }).clone('--depth', '5')
    pack(clone)
    const { noted } = await expectSame(clone, {
      ids: new Set(objectsOf(clone, 'blob').slice(0, 4)),
      folders: false,
    })
    expect(noted).toBeGreaterThan(5)
  })

  test('when folders within folders are out of order', async () => {
    const repo = Repo.create()
    const blobs = Array.from({ length: 40 }, (_, n) =>
      repo.gitBytes(['hash-object', '-w', '--stdin'], `content ${n}\n`).toString().trim(),
    )
    const write = (entries: readonly string[]): string =>
      repo
        .gitBytes(
          ['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'],
          Buffer.from(entries.join(''), 'latin1'),
        )
        .toString()
        .trim()
    let parent: readonly string[] = []
    for (let version = 0; version < 30; version += 1) {
      const files = Array.from(
        { length: 40 },
        (_, n) =>
          `100644 file${n < 10 ? 9 - n : n}\0${bytes(blobs[(n + (n === version ? 1 : 0)) % 40]!)}`,
      )
      const inner = write(files.slice(version % 3))
      const folder = write([`100644 a\0${bytes(blobs[version]!)}`, `40000 inner\0${bytes(inner)}`])
      parent = [
        '-p',
        repo.git(
          'commit-tree',
          '-m',
          'x',
          ...parent,
          write([`40000 folder\0${bytes(folder)}`, `100644 z\0${bytes(blobs[0]!)}`]),
        ),
      ]
    }
    repo.git('update-ref', 'refs/heads/main', parent[1]!)
    pack(repo)
    const { noted } = await expectSame(repo, { ids: new Set([blobs[15]!]), folders: false })
    expect(noted).toBeLessThan(objectsOf(repo, 'tree').length)
  })

  test.each(seedsOf([1, 2, 10, 17, 24, 30, 34, 36]))(
    'where trees are not what git writes (%d)',
    async (seed) => {
      const repo = Repo.create()
      const random = seededRandom(seed)
      const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
      const blobs = Array.from({ length: 12 }, (_, n) =>
        repo.gitBytes(['hash-object', '-w', '--stdin'], `content ${n}\n`).toString().trim(),
      )
      const write = (entries: readonly string[]): string =>
        repo
          .gitBytes(
            ['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'],
            Buffer.from(entries.join(''), 'latin1'),
          )
          .toString()
          .trim()
      const folders = [write([`100644 inner\0${bytes(blobs[0]!)}`])]
      // Names that look like the beginning of an entry, and names that are longer than what is
      // looked at around a change.
      const names = [
        'a',
        'a.txt',
        '100644 b',
        'x100644 100644 40000 y',
        '40000 z',
        'm'.repeat(300),
        'n'.repeat(700),
        'o'.repeat(5000),
        ...Array.from({ length: 60 }, (_, n) => `file${n}`),
      ]
      const some = (): string => {
        const name = pick(names)
        const isFolder = random() < 0.2
        const mode = isFolder
          ? random() < 0.04
            ? '040000'
            : '40000'
          : random() < 0.03
            ? pick(['100664', '120000', '160000', '1006440', '644'])
            : '100644'
        return `${mode} ${name}\0${bytes(isFolder ? pick(folders) : pick(blobs))}`
      }
      let entries = Array.from({ length: 60 }, some)
      let parent: readonly string[] = []
      for (let version = 0; version < 70; version += 1) {
        for (let change = random() * 4; change > 0; change -= 1) {
          const at = Math.floor(random() * entries.length)
          entries =
            random() < 0.5
              ? entries.toSpliced(at, 1, some())
              : random() < 0.5
                ? entries.toSpliced(at, 1)
                : [...entries, some()]
        }
        // At times each name once and in git's order, at times however they came.
        if (version % 20 < 14)
          entries = [...new Map(entries.map((entry) => [sortKey(entry), entry])).entries()]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([, entry]) => entry)
        // One that goes may then be there still.
        else
          entries = entries.toSpliced(
            Math.floor(random() * entries.length),
            0,
            pick([...entries.filter((entry) => entry.startsWith('4')), entries[0]!]),
          )
        const tree = write(entries)
        if (random() < 0.3) folders.push(tree)
        parent = ['-p', repo.git('commit-tree', '-m', 'x', ...parent, tree)]
      }
      pack(repo)
      const shares: Share[] = []
      for (let round = 0; round < 6; round += 1)
        shares.push(
          await expectSame(repo, {
            ids: new Set(
              round < 3 ? [blobs[round]!] : [...blobs, ...folders].filter(() => random() < 0.1),
            ),
            folders: round % 2 === 0,
          }),
        )
      expect(shares.every(({ noted }) => noted > 0)).toBe(true)
    },
  )
})
