import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Pair } from '../support/credentials.ts'
import { awsPair } from '../support/credentials.ts'
import { oakumJsonHere as oakumJson } from '../support/in-process.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'
import { fakeGit, fakeObjectStream } from './fake-git.ts'
import { expectPair, pairText, verdictOf } from './pair-in-report.ts'

interface Hurt {
  readonly repo: Repo
  /** The object that is gone or spoilt. */
  readonly oid: string
  /** In what is left, on both sides of that object in the order of the store. */
  readonly pairs: readonly Pair[]
}

/**
 * A commit with `victim.txt` in a folder of its own and, with pairs, eight files that hold one
 * each; then a last commit.
 */
function victim(
  seed: number,
  count: number,
): { readonly repo: Repo; readonly pairs: readonly Pair[] } {
  const repo = Repo.create()
  const pairs = Array.from({ length: count }, (_, n) => awsPair(seed * 100 + n))
  pairs.forEach((pair, n) => repo.write(`config/${n}.ini`, pairText(pair)))
  repo.commit('Start', {
    'README.md': '# Shop\n',
    'victim/victim.txt': `nothing ${seed}\n`.repeat(50),
  })
  repo.commit('Go on', { 'README.md': '# Shop\n\nSells things.\n' })
  return { repo, pairs }
}

function hurt(rev: string, harm: (loose: string) => void): (seed: number, count: number) => Hurt {
  return (seed, count) => {
    const { repo, pairs } = victim(seed, count)
    const oid = repo.git('rev-parse', rev)
    harm(repo.looseObject(oid))
    expect(repo.tryGit(['cat-file', '-p', oid]).code).not.toBe(0)
    return { repo, oid, pairs }
  }
}

function spoil(loose: string): void {
  chmodSync(loose, 0o644)
  const bytes = readFileSync(loose)
  // After zlib's two bytes of header and the object's own: within the compressed content.
  bytes.fill(0xff, Math.floor(bytes.length / 2))
  writeFileSync(loose, bytes)
}

const harms: readonly (readonly [string, (seed: number, count: number) => Hurt])[] = [
  ['a blob is missing', hurt('HEAD~1:victim/victim.txt', rmSync)],
  ['a tree is missing', hurt('HEAD~1:victim', rmSync)],
  ['a commit is missing', hurt('HEAD~1', rmSync)],
  ['the bytes of a blob are spoilt', hurt('HEAD~1:victim/victim.txt', spoil)],
  ['the bytes of a tree are spoilt', hurt('HEAD~1:victim', spoil)],
  [
    'a blob is cut short',
    hurt('HEAD~1:victim/victim.txt', (loose) => {
      chmodSync(loose, 0o644)
      truncateSync(loose, Math.floor(statSync(loose).size / 2))
    }),
  ],
  [
    'a blob is empty',
    hurt('HEAD~1:victim/victim.txt', (loose) => {
      chmodSync(loose, 0o644)
      truncateSync(loose, 0)
    }),
  ],
]

describe('oakum history', () => {
  test.each(harms.map(([what, make], index) => [what, make, 10 + index] as const))(
    'is incomplete when %s, and names it',
    async (_what, make, seed) => {
      const { repo, oid } = make(seed, 0)
      const run = await oakumJson(['history'], { cwd: repo.path })
      expect(verdictOf(run)).toEqual({ code: 3, findings: 0, complete: false })
      expect(JSON.stringify(run.report().receipt.skipped)).toContain(oid)
    },
  )

  test.each(harms.map(([what, make], index) => [what, make, 30 + index] as const))(
    'finds all the other pairs when %s',
    async (_what, make, seed) => {
      const { repo, oid, pairs } = make(seed, 8)
      const run = await oakumJson(['history'], { cwd: repo.path })
      for (const pair of pairs) expectPair(run, pair)
      expect(verdictOf(run)).toEqual({ code: 1, findings: 8, complete: false })
      expect(JSON.stringify(run.report().receipt.skipped)).toContain(oid)
    },
  )

  test('is incomplete when a pack was cut short, and finds a pair beside it', async () => {
    const { repo } = victim(50, 0)
    repo.git('repack', '-a', '-d', '-q')
    const pair = awsPair(51)
    repo.commit('Add settings', { 'prod.ini': pairText(pair) })
    const packs = join(repo.path, '.git/objects/pack')
    const pack = join(packs, readdirSync(packs).find((name) => name.endsWith('.pack'))!)
    chmodSync(pack, 0o644)
    truncateSync(pack, Math.floor(statSync(pack).size / 2))
    const run = await oakumJson(['history'], { cwd: repo.path })
    expectPair(run, pair)
    expect(verdictOf(run)).toEqual({ code: 1, findings: 1, complete: false })
    expect(run.report().receipt.skipped).not.toEqual([])
  })

  test('is incomplete with a pack that lost its index, in each reader', async () => {
    const { repo } = victim(9, 0)
    repo.git('repack', '-q')
    const folder = join(repo.path, '.git/objects/pack')
    const index = readdirSync(folder).find((name) => name.endsWith('.idx')) ?? ''
    rmSync(join(folder, index))
    for (const reader of ['pack', 'cat-file']) {
      const run = await oakumJson(['history', '--reader', reader], { cwd: repo.path })
      expect(run.code).toBe(3)
      expect(run.report().receipt.skipped).toMatchObject([
        { outcome: 'failed', reason: 'unreadable', detail: expect.stringContaining('no index') },
      ])
    }
  })

  test('is incomplete with an index of a bare repository that was cut short', async () => {
    const { repo } = victim(10, 0)
    const bare = repo.clone('--bare')
    writeFileSync(join(bare.path, 'index'), readFileSync(repo.at('.git/index')).subarray(0, 20))
    const run = await oakumJson(['history'], { cwd: bare.path })
    expect(verdictOf(run)).toMatchObject({ code: 3, complete: false })
    expect(run.report().receipt.skipped).toMatchObject([
      { outcome: 'failed', reason: 'git-failed', detail: expect.stringContaining('index') },
    ])
  })

  test('is incomplete in a partial clone, and asks no remote for what is not there', async () => {
    const pair = awsPair(60)
    const origin = Repo.create()
    origin.git('config', 'uploadpack.allowFilter', 'true')
    const blob = 'an old text\n'
    origin.commit('Start', { 'prod.ini': pairText(pair), 'notes.txt': blob })
    const oid = origin.git('rev-parse', 'HEAD:notes.txt')
    origin.commit('Go on', { 'notes.txt': 'a new text\n' })
    const repo = origin.clone('--filter=blob:none')
    const { marker, uploadPack } = watchedUploadPack()
    repo.git('config', 'remote.origin.uploadpack', uploadPack)

    const run = await oakumJson(['history'], { cwd: repo.path })
    expectPair(run, pair)
    expect(verdictOf(run)).toEqual({ code: 1, findings: 1, complete: false })
    expect(run.report().receipt.skipped).not.toEqual([])
    expect(existsSync(marker)).toBe(false)
    // The watch works: git itself would have fetched.
    repo.git('cat-file', '-p', oid)
    expect(existsSync(marker)).toBe(true)
  })
})

/** A remote's end that says when it was called. */
function watchedUploadPack(): { readonly marker: string; readonly uploadPack: string } {
  const folder = temporaryFolder()
  const marker = join(folder, 'called')
  const uploadPack = join(folder, 'upload-pack')
  writeFileSync(uploadPack, `#!/bin/sh\n: > '${marker}'\nexec git-upload-pack "$@"\n`)
  chmodSync(uploadPack, 0o755)
  return { marker, uploadPack }
}

/** The pair is in each of forty files of some 4 KB, so that the beginning of any order holds it. */
function fortyTimes(pair: Pair): Repo {
  const repo = Repo.create()
  for (let n = 0; n < 40; n += 1)
    repo.write(`config/${n}.ini`, `${pairText(pair)}${`option${n} = ${n}\n`.repeat(250)}`)
  repo.commit('Add settings')
  return repo
}

describe('oakum history, when git fails', () => {
  test.each([
    [
      'says that something is wrong, prints nothing and exits 0',
      `echo 'fatal: something is wrong' >&2; exit 0`,
    ],
    ['prints nothing and exits 128', 'exit 128'],
    ['is killed', 'kill -9 $$'],
  ])(
    'does not call a repository clean whose objects git does not print: it %s',
    async (_what, script) => {
      const repo = Repo.create()
      repo.commit('Start', { 'README.md': '# Shop\n' })
      const run = await oakumJson(['history', '--reader', 'cat-file'], {
        cwd: repo.path,
        env: fakeObjectStream(script),
      })
      expect(verdictOf(run)).toEqual({ code: 3, findings: 0, complete: false })
      expect(run.report().receipt.skipped).not.toEqual([])
    },
  )

  test.each([
    ['exits 128', '"$real" "$@" | head -c 20000; exit 128'],
    ['exits 0', '"$real" "$@" | head -c 20000; exit 0'],
    ['is killed', '"$real" "$@" | head -c 20000; kill -9 $$'],
  ])(
    'keeps what it found when git stops in the middle of an object and %s',
    async (_what, script) => {
      const pair = awsPair(70)
      const run = await oakumJson(['history', '--reader', 'cat-file'], {
        cwd: fortyTimes(pair).path,
        env: fakeObjectStream(script),
      })
      expectPair(run, pair)
      expect(verdictOf(run)).toEqual({ code: 1, findings: 1, complete: false })
      expect(run.report().receipt.skipped).not.toEqual([])
    },
  )

  test('fails closed when every git command prints only to standard error and exits 0', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'README.md': '# Shop\n' })
    const run = await oakumJson(['history'], {
      cwd: repo.path,
      env: fakeGit(`echo 'fatal: something is wrong' >&2; exit 0`),
    })
    expect(run.code).toBe(3)
  })

  test('says in one line that there is no git', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'README.md': '# Shop\n' })
    const run = await oakumJson(['history'], { cwd: repo.path, env: { PATH: temporaryFolder() } })
    expect(run.stderr.trimEnd().split('\n')).toEqual([expect.stringContaining('git was not found')])
    expect(run.code).toBe(3)
  })
})
