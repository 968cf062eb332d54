import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import {
  type FoundIntroductions,
  findIntroductions,
  type CacheableAnswers,
} from '../../../../src/git/attribution/cache/find-introductions.ts'
import {
  type CachedHistory,
  cacheFilesIn,
  readAttributionCache,
} from '../../../../src/git/attribution/cache/attribution-cache.ts'
import { catFileReader } from '../../../../src/git/objects/cat-file-reader.ts'
import {
  SignedCacheFile,
  type CacheLocation,
} from '../../../../src/git/objects/signed-cache-file.ts'
import { pathKey } from '../../../../src/git/commands/path.ts'
import { openRepository } from '../../../../src/git/commands/repository.ts'
import type { Skip } from '../../../../src/model/model.ts'
import { PackReader } from '../../../../src/git/packfile/pack-reader.ts'
import { randomCommits } from '../../../support/commits.ts'
import { seededRandom } from '../../../support/random.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../../../support/repo.ts'
import { soundStore } from '../../../support/sound-store.ts'

const { signal } = new AbortController()

/** Answers that contain no secret. */
const NO_ANSWERS: CacheableAnswers = {
  details: [],
  head: undefined,
  reachability: undefined,
  scrub: (text) => text,
}

interface Asked {
  readonly ids: Iterable<string>
  readonly folders?: boolean
  readonly kept?: CacheLocation | undefined
  /** True when names may be cached. */
  readonly names?: boolean
  /** True when git cannot be started. */
  readonly withoutGit?: boolean
}

interface Answer {
  readonly said: unknown
  readonly skips: readonly Skip[]
  /** True when all trees and commits were read. */
  readonly wholly: boolean
}

function keptFor(repo: Repo): CacheLocation {
  return { folder: join(repo.path, '.git'), keyFile: join(temporaryFolder(), 'key') }
}

/** A cache file as a build with another format would read and write it. */
function anyCacheFile(
  location: CacheLocation,
  subject: string,
): SignedCacheFile<Readonly<Record<string, unknown>>> {
  return new SignedCacheFile(
    location,
    subject,
    (value): value is Readonly<Record<string, unknown>> => typeof value === 'object',
  )
}

function keptOf(place: CacheLocation): CachedHistory | undefined {
  return cacheFilesIn(place).history.read()
}

async function lookedBack(
  repo: Repo,
  { ids, folders = false, kept, names = false, withoutGit = false }: Asked,
): Promise<Answer> {
  const opened = await openRepository({ path: repo.path, explicit: true, env: isolatedEnv })
  const repository = withoutGit ? { ...opened, env: { PATH: '/nonexistent' } } : opened
  const git = catFileReader(repository, 1)
  const reader = new PackReader({
    objects: join(repo.path, '.git', 'objects'),
    idBytes: repository.idLength / 2,
    kernel: 'auto',
    threads: 1,
    program: undefined,
    git,
    maxBlobBytes: Infinity,
    scanCache: undefined,
    storeCheck: soundStore,
  })
  const all = vi.spyOn(reader, 'readAll')
  const skips: Skip[] = []
  try {
    const past = readAttributionCache(repository, { reader, signal }, kept)
    const back = await findIntroductions(
      { ids: new Set(ids), folders },
      repository,
      { reader, signal, onSkip: (skip) => skips.push(skip) },
      past,
    )
    const said = await comparable(back, new Set(ids))
    await back.save(names ? NO_ANSWERS : undefined)
    return { said, skips, wholly: all.mock.calls.length > 0 }
  } finally {
    reader.close()
  }
}

/** The changes of the requested objects and all commits, in a fixed order. */
async function comparable(
  { introductions, removals, commits: read }: FoundIntroductions,
  ids: ReadonlySet<string>,
): Promise<unknown> {
  const commits = await read()
  const lines = (events: FoundIntroductions['removals']): readonly string[] =>
    events
      .filter(({ object }) => ids.has(object))
      .map(({ object, commit, path }) => `${object} ${commit} ${pathKey(path)}`)
      .sort()
  const graph = [...commits.inOrder()]
    .map((commit) =>
      [
        commits.idOf(commit),
        ...commits.parentsOf(commit).map((parent) => commits.idOf(parent)),
      ].join(' '),
    )
    .sort()
  return { introductions: lines(introductions), removals: lines(removals), graph }
}

function objectsOf(repo: Repo, kind: string): readonly string[] {
  const lines = repo
    .git('cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)')
    .split('\n')
  return lines
    .filter((line) => line.endsWith(` ${kind}`))
    .map((line) => line.slice(0, line.indexOf(' ')))
}

/** Fetches branches `b<from>` to `b<to>`, as a pack or as loose objects. */
function fetch(
  repo: Repo,
  source: Repo,
  [from, to]: readonly [number, number],
  packed: boolean,
): void {
  const refs = Array.from(
    { length: to - from + 1 },
    (_, at) => `refs/heads/b${from + at}:refs/heads/b${from + at}`,
  )
  repo.git('-c', `fetch.unpackLimit=${packed ? 1 : 100_000}`, 'fetch', '-q', source.path, ...refs)
}

interface Scene {
  readonly repo: Repo
  readonly source: Repo
  readonly kept: CacheLocation
  readonly some: readonly string[]
}

/** A store with the first 40 commits of a history of 60, and a cache about some of its blobs. */
async function begun(
  seed: number,
  {
    objectFormat = 'sha1',
    names = false,
  }: { readonly objectFormat?: 'sha1' | 'sha256'; readonly names?: boolean } = {},
): Promise<Scene> {
  const source = randomCommits(seed, { commits: 60, objectFormat })
  const repo = Repo.create({ objectFormat })
  fetch(repo, source, [0, 39], seed % 2 === 0)
  const random = seededRandom(seed)
  const some = objectsOf(repo, 'blob').filter(() => random() < 0.3)
  const kept = keptFor(repo)
  expect((await lookedBack(repo, { ids: some, kept, names })).wholly).toBe(true)
  return { repo, source, kept, some }
}

/** Expects the same result with and without the cache. Returns whether everything was read. */
async function expectSame(repo: Repo, asked: Asked): Promise<boolean> {
  const again = await lookedBack(repo, asked)
  const anew = await lookedBack(repo, { ...asked, kept: undefined })
  expect(again.said).toEqual(anew.said)
  expect(again.skips).toEqual(anew.skips)
  return again.wholly
}

describe('a second attribution', () => {
  test.each([
    [1, false],
    [2, true],
    [3, true],
    [4, false],
    [5, true],
    [6, false],
  ])(
    'says what looking at all does, of random history %i that grows, and reads no more than what is new; names kept: %s',
    async (seed, names) => {
      const { repo, source, kept, some } = await begun(seed, {
        objectFormat: seed === 5 ? 'sha256' : 'sha1',
        names,
      })
      const before = new Set(objectsOf(repo, 'blob'))
      expect(keptOf(kept)?.answers !== undefined).toBe(names)
      expect(await expectSame(repo, { ids: some, kept, names })).toBe(false)
      expect(await expectSame(repo, { ids: some.slice(3), kept, names })).toBe(false)
      fetch(repo, source, [40, 49], seed % 3 === 0)
      const more = [...some, ...objectsOf(repo, 'blob').filter((id) => !before.has(id))]
      expect(await expectSame(repo, { ids: more, kept, names })).toBe(false)
      fetch(repo, source, [50, 59], seed % 3 === 1)
      // Objects that are not requested this time stay in the cache.
      expect(await expectSame(repo, { ids: some.slice(3), kept, names })).toBe(false)
      expect(await expectSame(repo, { ids: more, kept, names })).toBe(false)
      repo.git('repack', '-dq')
      expect(await expectSame(repo, { ids: more, kept, names })).toBe(false)
    },
  )

  test('needs no git when there are no new commits and names may be cached', async () => {
    const { repo, kept, some } = await begun(13, { names: true })
    const { said, wholly, skips } = await lookedBack(repo, { ids: some, kept, withoutGit: true })
    expect([wholly, skips]).toEqual([false, []])
    expect(said).toEqual((await lookedBack(repo, { ids: some })).said)
  })

  test('rewrites the cache after many new commits, and not after few', async () => {
    const source = randomCommits(12, { commits: 150 })
    const repo = Repo.create()
    const kept = keptFor(repo)
    fetch(repo, source, [0, 39], true)
    const ids = objectsOf(repo, 'blob')
    const written = async (): Promise<string | undefined> => {
      expect(await expectSame(repo, { ids, kept })).toBe(false)
      return keptOf(kept)?.store.packs.join(' ')
    }
    await lookedBack(repo, { ids, kept })
    const first = await written()
    fetch(repo, source, [40, 49], true)
    expect(await written()).toBe(first)
    fetch(repo, source, [50, 149], true)
    const last = await written()
    expect(last?.split(' ')).toHaveLength(3)
    expect(await written()).toBe(last)
  })

  test('finds folders too', async () => {
    const { repo, source } = await begun(8)
    const kept = keptFor(repo)
    const ids = [...objectsOf(repo, 'tree'), ...objectsOf(repo, 'blob')]
    expect(await expectSame(repo, { ids, folders: true, kept })).toBe(true)
    fetch(repo, source, [40, 59], true)
    expect(await expectSame(repo, { ids, folders: true, kept })).toBe(false)
  })

  test.each<readonly [string, (scene: Scene) => Omit<Asked, 'kept'> | void]>([
    [
      'an object is wanted that was there and was not',
      ({ repo, some }) => ({
        ids: [
          ...some,
          ...objectsOf(repo, 'blob')
            .filter((id) => !some.includes(id))
            .slice(0, 1),
        ],
      }),
    ],
    ['folders are wanted too', ({ some }) => ({ ids: some, folders: true })],
    ['all was packed anew', ({ repo }) => void repo.git('repack', '-adfq')],
    [
      'what is kept was changed',
      ({ repo }) => writeFileSync(join(repo.path, '.git/oakum/attribution.json'), '00\n{}'),
    ],
    [
      'what is kept of commits was changed',
      ({ repo }) => writeFileSync(join(repo.path, '.git/oakum/commits.json'), '00\n{}'),
    ],
    [
      'the cache was written in another format',
      ({ kept }) =>
        anyCacheFile(kept, 'attribution').write({
          ...anyCacheFile(kept, 'attribution').read(),
          changing: undefined,
          answers: { introductions: [{ commit: '41a1' }] },
        }),
    ],
    [
      'the cached commits were written in another format',
      ({ kept }) => {
        const { commits, ...others } = anyCacheFile(kept, 'commits').read()!
        anyCacheFile(kept, 'commits').write({ ...others, graph: commits })
      },
    ],
    [
      'commits are those of another time',
      ({ kept }) => {
        const { commits } = cacheFilesIn(kept)
        commits.write({ ...commits.read()!, writeId: 'other' })
      },
    ],
    [
      'what is kept of commits is gone, and others came',
      ({ repo, source }) => (
        rmSync(join(repo.path, '.git/oakum/commits.json')), fetch(repo, source, [40, 49], true)
      ),
    ],
    [
      'it is a shallow clone now',
      ({ repo }) =>
        writeFileSync(join(repo.path, '.git/shallow'), `${repo.git('rev-parse', 'b20')}\n`),
    ],
  ])('reads everything when %s', async (_what, act) => {
    const scene = await begun(10)
    const asked = { ids: scene.some, ...act(scene), kept: scene.kept }
    expect(await expectSame(scene.repo, asked)).toBe(true)
    if (!existsSync(join(scene.repo.path, '.git/shallow')))
      expect(await expectSame(scene.repo, asked)).toBe(false)
  })

  test('reads everything when a loose object is gone', async () => {
    const { repo, kept, some } = await begun(11)
    rmSync(repo.looseObject(repo.git('rev-parse', 'b39')))
    repo.git('pack-refs', '--all')
    const { wholly } = await lookedBack(repo, { ids: some, kept })
    expect(wholly).toBe(true)
  })

  test.each<readonly [string, (repo: Repo) => void]>([
    [
      'a tree is not there',
      (repo) => rmSync(repo.looseObject(repo.git('rev-parse', 'HEAD~1^{tree}'))),
    ],
    ['a parent is not there', (repo) => rmSync(repo.looseObject(repo.git('rev-parse', 'HEAD~2')))],
    [
      'the clone is shallow',
      (repo) =>
        writeFileSync(join(repo.path, '.git/shallow'), `${repo.git('rev-parse', 'HEAD~1')}\n`),
    ],
  ])('caches nothing when %s', async (_what, harm) => {
    const repo = Repo.create()
    for (let at = 0; at < 4; at += 1)
      repo.commit(`Change ${at}`, { 'a.txt': `${at}\n`, [`${at}/b.txt`]: 'b\n' })
    const ids = objectsOf(repo, 'blob')
    harm(repo)
    await lookedBack(repo, { ids, kept: keptFor(repo) })
    expect(readdirSync(join(repo.path, '.git')).includes('oakum')).toBe(false)
  })
})
