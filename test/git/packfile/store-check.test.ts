import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { SignedCacheFile } from '../../../src/git/objects/signed-cache-file.ts'
import { stateOf } from '../../../src/git/packfile/checksum-files.ts'
import { isCheckedFiles, StoreCheck } from '../../../src/git/packfile/store-check.ts'
import type { Skip } from '../../../src/model/model.ts'
import type { ScanResult } from '../../../src/model/outcome.ts'
import { scan } from '../../../src/scan/scan.ts'
import { githubToken } from '../../support/credentials.ts'
import { encodeDelta, nameOf, writePack } from '../../support/pack-writer.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../../support/repo.ts'
import { flip, packDamage } from './damage.ts'

const signal = new AbortController().signal

/** A repository in one pack, with every other kind of file that ends with a checksum. */
function packedRepo(): Repo {
  const repo = Repo.create()
  for (let at = 0; at < 4; at += 1)
    repo.commit(`Change ${at}`, { 'a.txt': `${'some text\n'.repeat(200)}${at}\n` })
  repo.git('repack', '-adqb')
  repo.git('multi-pack-index', 'write')
  repo.git('commit-graph', 'write', '--reachable')
  return repo
}

const objectsOf = (repo: Repo): string => join(repo.path, '.git', 'objects')

function packOf(repo: Repo, ending = '.pack'): string {
  const folder = join(objectsOf(repo), 'pack')
  const name = readdirSync(folder).find((each) => each.startsWith('pack-') && each.endsWith(ending))
  return join(folder, name!)
}

function cacheIn(folder: string): SignedCacheFile<{ readonly states: readonly string[] }> {
  return new SignedCacheFile({ folder, keyFile: join(folder, 'key') }, 'checked', isCheckedFiles)
}

/** Checks a store, by default long after its files were written. */
function check(repo: Repo, { cacheFolder = '', now = Date.now() + 60_000 } = {}): StoreCheck {
  return new StoreCheck({
    objects: objectsOf(repo),
    idBytes: 20,
    cache: cacheFolder === '' ? undefined : cacheIn(cacheFolder),
    checksLoose: false,
    now: () => now,
  })
}

const reasons = (skips: readonly Skip[]): readonly string[] =>
  skips.map(({ reason, detail }) => `${reason}: ${detail?.replace(/[0-9a-f]{40}/, '<id>')}`)

describe('a check of a store', () => {
  const repo = packedRepo()
  const cacheFolder = temporaryFolder()

  test('accepts what git writes, and remembers it', async () => {
    const first = check(repo, { cacheFolder })
    expect(await first.run(signal)).toEqual([])
    expect(first.isSound).toBe(true)
    expect(cacheIn(cacheFolder).read()?.states.length).toBeGreaterThan(3)
  })

  test.each(packDamage)(
    'reports a flipped byte: %s, with what it remembers and without',
    async (_what, ending, positionIn) => {
      const path = packOf(repo, ending)
      const [before, { atime, mtime }] = [readFileSync(path), statSync(path)]
      flip(path, positionIn(before))
      // The time of the last change can be set back; that of the inode's cannot.
      utimesSync(path, atime, mtime)
      for (const options of [{}, { cacheFolder }]) {
        const damaged = check(repo, options)
        expect(reasons(await damaged.run(signal))).toEqual([
          `corrupt: pack-<id>${ending} does not have its checksum`,
        ])
        expect(damaged.isSound).toBe(false)
      }
      writeFileSync(path, before)
      const mended = check(repo, { cacheFolder })
      expect(await mended.run(signal)).toEqual([])
    },
  )

  test.each(['pack/multi-pack-index', 'info/commit-graph'])(
    'reports a flipped byte in %s',
    async (name) => {
      const path = join(objectsOf(repo), name)
      const before = readFileSync(path)
      flip(path, before.length >> 1)
      expect(reasons(await check(repo, { cacheFolder }).run(signal))).toEqual([
        `corrupt: ${name.split('/')[1]} does not have its checksum`,
      ])
      writeFileSync(path, before)
    },
  )

  test('hashes a file again that was written just before', async () => {
    const folder = temporaryFolder()
    await check(repo, { cacheFolder: folder, now: Date.now() }).run(signal)
    writeFileSync(packOf(repo, '.idx'), readFileSync(packOf(repo, '.idx')))
    await check(repo, { cacheFolder: folder, now: Date.now() }).run(signal)
    const states = cacheIn(folder).read()?.states ?? []
    await check(repo, { cacheFolder: folder }).run(signal)
    expect(cacheIn(folder).read()?.states.length).toBeGreaterThan(states.length)
  })

  test('does not hash a file again that is unchanged', async () => {
    const folder = temporaryFolder()
    await check(repo, { cacheFolder: folder }).run(signal)
    const known = cacheIn(folder).read()?.states
    const path = packOf(repo)
    const before = readFileSync(path)
    flip(path, 40)
    // A cache that knows the state of the damaged file.
    const group = [path, packOf(repo, '.idx')]
    cacheIn(folder).write({ states: [...(known ?? []), stateOf(group)!.digest] })
    expect(await check(repo, { cacheFolder: folder }).run(signal)).toEqual([])
    writeFileSync(path, before)
  })
})

describe('files that do not belong together', () => {
  test.each<readonly [string, (pack: string, index: string) => void, readonly string[]]>([
    [
      'a pack without its index',
      (_, index) => rmSync(index),
      [
        'unreadable: pack-<id>.pack has no index, so git does not read it; git index-pack makes one',
      ],
    ],
    [
      'an index without its pack',
      (pack) => rmSync(pack),
      ['unreadable: pack-<id>.idx has no pack'],
    ],
    [
      'an index that was cut short',
      (_, index) => truncateSync(index, 1100),
      ['corrupt: pack-<id>.idx does not have its checksum'],
    ],
    [
      'an empty index',
      (_, index) => truncateSync(index, 0),
      ['corrupt: pack-<id>.idx does not have its checksum'],
    ],
    [
      'the index of another pack',
      (_, index) => {
        const other = Repo.create()
        other.commit('Other', { 'b.txt': 'b\n' })
        other.git('repack', '-adq')
        copyFileSync(packOf(other, '.idx'), index)
      },
      ['corrupt: pack-<id>.idx belongs to another pack'],
    ],
    [
      'a folder in place of an index',
      (_, index) => {
        rmSync(index)
        mkdirSync(index)
      },
      ['unreadable: pack-<id>.idx cannot be read (EISDIR)'],
    ],
  ])('%s', async (_what, harm, expected) => {
    const repo = Repo.create()
    repo.commit('Start', { 'a.txt': 'a\n' })
    repo.git('repack', '-adq')
    const index = packOf(repo, '.idx')
    for (const path of [packOf(repo), index]) chmodSync(path, 0o644)
    harm(packOf(repo), index)
    expect(reasons(await check(repo).run(signal))).toEqual(expected)
    for (const reader of ['pack', 'cat-file'] as const) {
      const { receipt } = await history(repo, { reader })
      expect(receipt.complete).toBe(false)
      expect(reasons(receipt.skipped)).toEqual(expect.arrayContaining([...expected]))
    }
  })

  test('a name that git would not give is not shown', async () => {
    const repo = packedRepo()
    const path = packOf(repo)
    for (const ending of ['.pack', '.idx'])
      renameSync(packOf(repo, ending), join(dirname(path), `secret name${ending}`))
    flip(join(dirname(path), 'secret name.pack'), 50)
    expect(reasons(await check(repo).run(signal))).toContain(
      'corrupt: a file in objects/pack does not have its checksum',
    )
  })
})

function history(
  repo: Repo,
  options: { readonly reader: 'pack' | 'zlib' | 'cat-file' },
  verifyObjects = false,
): Promise<ScanResult> {
  return scan({ name: 'history', path: repo.path, verifyObjects }, { env: isolatedEnv, ...options })
}

/** Ways to damage the file of a loose blob so that git still reads it, or not. */
const looseDamage: readonly (readonly [string, (bytes: Buffer, other: Buffer) => Buffer])[] = [
  ['the file of another object', (_, other) => other],
  ['other content', () => deflateSync('blob 6\0other\n')],
  ['another kind', () => deflateSync('tree 5\0text\n')],
  ['a wrong size', () => deflateSync('blob 7\0text\n')],
  ['bytes behind the stream', (bytes) => Buffer.concat([bytes, Buffer.from('more')])],
  ['a flip in the header of the stream', (bytes) => flipped(bytes, 0)],
  ['a flip in the content', (bytes) => flipped(bytes, bytes.length >> 1)],
  ['a flip in the checksum', (bytes) => flipped(bytes, bytes.length - 1)],
  ['half a stream', (bytes) => bytes.subarray(0, bytes.length >> 1)],
  ['nothing', () => Buffer.alloc(0)],
]

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 0x21
  return copy
}

describe('loose objects', () => {
  const repo = Repo.create()
  const files = Object.fromEntries(looseDamage.map((_, at) => [`${at}.txt`, `text ${at}\n`]))
  repo.commit('Start', { ...files, 'sound.txt': 'sound\n' })
  const idOf = (name: string): string => repo.git('rev-parse', `HEAD:${name}`)
  const damagedIds = Object.keys(files).map(idOf)
  const other = readFileSync(repo.looseObject(idOf('sound.txt')))
  for (const [at, [, harm]] of looseDamage.entries()) {
    const path = repo.looseObject(damagedIds[at]!)
    chmodSync(path, 0o644)
    writeFileSync(path, harm(readFileSync(path), other))
  }

  test.each(['pack', 'zlib', 'cat-file'] as const)(
    'under a name that is not theirs are reported by the reader %s',
    async (reader) => {
      const { receipt } = await history(repo, { reader })
      expect(receipt.complete).toBe(false)
      // Where git walks the history, it fails as well.
      const skipped = receipt.skipped.flatMap(({ object }) => object ?? [])
      expect(new Set(skipped)).toEqual(new Set(damagedIds))
      // The sound blob, and damaged ones that can be read; git refuses the one with a wrong size.
      expect(receipt.blobs).toBe(reader === 'cat-file' ? 4 : 5)
    },
  )

  test.each(['pack', 'zlib', 'cat-file'] as const)(
    'are scanned as far as they can be read by the reader %s',
    async (reader) => {
      const damaged = Repo.create()
      damaged.commit('Start', { 'a.txt': 'a\n', 'b.txt': `${githubToken(8101)}\n` })
      const pathOf = (name: string): string =>
        damaged.looseObject(damaged.git('rev-parse', `HEAD:${name}`))
      const [replaced, longer] = [pathOf('a.txt'), pathOf('b.txt')]
      for (const path of [replaced, longer]) chmodSync(path, 0o644)
      writeFileSync(replaced, deflateSync(`blob 41\0${githubToken(8102)}\n`))
      appendFileSync(longer, 'more')
      const { findings, receipt } = await history(damaged, { reader })
      expect(findings.map(({ rule }) => rule.id)).toEqual(['github-token', 'github-token'])
      expect(receipt.complete).toBe(false)
    },
  )

  test('are reported as well when a pack has the object, too', async () => {
    const packed = Repo.create()
    packed.commit('Start', { 'a.txt': 'text\n' })
    const id = packed.git('rev-parse', 'HEAD:a.txt')
    packed.git('repack', '-aq')
    const path = packed.looseObject(id)
    chmodSync(path, 0o644)
    writeFileSync(path, other)
    const { receipt } = await history(packed, { reader: 'pack' })
    expect(receipt.skipped).toMatchObject([{ outcome: 'failed', reason: 'corrupt', object: id }])
  })
})

describe('a packed object whose id is not that of its content', () => {
  const repo = Repo.create()
  repo.commit('Start', { 'a.txt': 'a\n' })
  const [base, named] = [Buffer.from('x'.repeat(300)), Buffer.from(`${'x'.repeat(300)}1\n`)]
  const other = Buffer.from('2\n')
  const raw = encodeDelta(base.length, base.length + other.length, [[0, base.length], other])
  const delta = { base: 0, ops: [], byName: false } as const
  writePack(objectsOf(repo), [{ content: base }, { content: named, delta, raw }])
  // The second pack has an object of the first as well.
  writePack(objectsOf(repo), [{ content: base }, { content: Buffer.from('sound\n') }])
  const expected = { outcome: 'failed', reason: 'corrupt', object: nameOf(named) }

  test.each(['pack', 'zlib'] as const)(
    'is reported with --verify-objects by the reader %s',
    async (reader) => {
      expect((await history(repo, { reader })).receipt.skipped).toEqual([])
      const { receipt } = await history(repo, { reader }, true)
      expect(receipt.skipped).toMatchObject([expected])
      expect(receipt.complete).toBe(false)
    },
  )

  test('is reported by the reader cat-file', async () => {
    const { receipt } = await history(repo, { reader: 'cat-file' })
    expect(receipt.skipped).toMatchObject([expected])
  })
})
