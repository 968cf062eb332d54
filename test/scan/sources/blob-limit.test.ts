import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { defaultLimits } from '../../../src/model/limits.ts'
import type { Batch, Source, SourceBlob } from '../../../src/model/model.ts'
import type { ScanResult } from '../../../src/model/outcome.ts'
import type { ScanOptions, Target } from '../../../src/model/target.ts'
import { scan } from '../../../src/scan/scan.ts'
import { withBlobLimit } from '../../../src/scan/sources/blob-limit.ts'
import { zipOf } from '../../support/archives.ts'
import { awsPair, type Pair } from '../../support/credentials.ts'
import { gathered } from '../../support/pieces.ts'
import { isolatedEnv, Repo } from '../../support/repo.ts'
import { fileBlob, windowed } from '../../support/source.ts'

const MAX_BYTES = 1024
const [smallPair, largePair, memberPair] = [awsPair(9100), awsPair(9101), awsPair(9102)] as const

const keys = ({ id, secret }: Pair): string =>
  `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`

const large = `${keys(largePair)}${'# more\n'.repeat(1000)}`

/** The second commit, and nothing else, adds all files; the index holds the same files again. */
function repository(): Repo {
  const repo = Repo.create()
  repo.commit('Start', { 'README.md': '# Shop\n' })
  repo.commit('Keys', { 'small.ini': keys(smallPair), 'large.ini': large })
  repo.write('staged/small.ini', keys(smallPair)).write('staged/large.ini', `${large}# staged\n`)
  repo.git('add', '-A')
  return repo
}

/** Yields a pipe in chunks of 1000 bytes; `isDrained` tells whether it was read to its end. */
function pipeOf(text: string): {
  readonly stream: AsyncIterable<Uint8Array>
  readonly isDrained: () => boolean
} {
  let isDrained = false
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < text.length; at += 1000) yield Buffer.from(text.slice(at, at + 1000))
    isDrained = true
  }
  return { stream: chunks(), isDrained: () => isDrained }
}

const repo = repository()

async function run(target: Target, options: ScanOptions = {}): Promise<ScanResult> {
  return scan(target, { cwd: repo.path, env: isolatedEnv, maxBlobBytes: MAX_BYTES, ...options })
}

function secretsOf({ findings }: ScanResult): ReadonlySet<string> {
  return new Set(findings.flatMap(({ parts }) => parts.map(({ secret }) => secret.reveal())))
}

describe('maxBlobBytes', () => {
  test.each<readonly [string, Target, ScanOptions]>([
    ['scan', { name: 'scan' }, {}],
    ['scan of one file', { name: 'scan', paths: ['large.ini', 'small.ini'] }, {}],
    ['scan --no-git', { name: 'scan', git: false }, {}],
    ['staged', { name: 'staged' }, {}],
    ['range', { name: 'range', range: 'HEAD~1..HEAD' }, {}],
    ['history', { name: 'history' }, {}],
    ['history in one thread, in JavaScript', { name: 'history' }, { reader: 'zlib', jobs: 1 }],
    ['history through git', { name: 'history' }, { reader: 'cat-file' }],
    ['history --reachable', { name: 'history', reachable: true }, {}],
  ])('skips larger blobs of %s, and reads the others', async (_name, target, options) => {
    const limited = await run(target, options)
    expect(limited.receipt.complete).toBe(true)
    expect(limited.receipt.skipped.length).toBeGreaterThan(0)
    for (const skip of limited.receipt.skipped)
      expect(skip).toMatchObject({
        outcome: 'bounded',
        reason: 'too-large',
        detail: expect.stringMatching(/^70\d\d bytes$|^71\d\d bytes$/),
      })
    expect(secretsOf(limited)).toEqual(new Set([smallPair.id, smallPair.secret]))

    const unlimited = await run(target, { ...options, maxBlobBytes: Infinity })
    expect(unlimited.receipt.skipped).toEqual([])
    expect(secretsOf(unlimited)).toContain(largePair.secret)
  })

  test('skips a larger pipe, and reads it to its end', async () => {
    const pipe = pipeOf(large)
    const result = await run({ name: 'stdin', stream: pipe.stream })
    expect(result.findings).toEqual([])
    expect(result.receipt).toMatchObject({
      complete: true,
      blobs: 0,
      bytes: 0,
      skipped: [{ outcome: 'bounded', reason: 'too-large', detail: `${large.length} bytes` }],
    })
    expect(pipe.isDrained()).toBe(true)
  })

  test('judges a pipe up to the window that exceeds the limit', async () => {
    const text = `${keys(largePair)}${'#'.repeat(99)}\n`.padEnd(9 << 20, '# more\n')
    const pipe = pipeOf(text)
    const result = await run({ name: 'stdin', stream: pipe.stream }, { maxBlobBytes: 5 << 20 })
    expect(secretsOf(result)).toContain(largePair.secret)
    expect(result.receipt).toMatchObject({
      complete: true,
      blobs: 0,
      bytes: 4 << 20,
      skipped: [{ outcome: 'bounded', reason: 'too-large', detail: `more than ${5 << 20} bytes` }],
    })
    expect(pipe.isDrained()).toBe(true)
  })

  test('reads a pipe of exactly that size', async () => {
    const { stream } = pipeOf(keys(smallPair).padEnd(MAX_BYTES, '#'))
    const result = await run({ name: 'stdin', stream })
    expect(result.receipt).toMatchObject({ complete: true, blobs: 1, skipped: [] })
    expect(secretsOf(result)).toContain(smallPair.secret)
  })

  test('does not apply to messages of commits', async () => {
    const { stream } = pipeOf(large)
    const result = await run({ name: 'stdin', stream, message: true })
    expect(result.receipt.skipped).toEqual([])
    expect(secretsOf(result)).toContain(largePair.secret)
  })

  test('applies to archives as stored, and not to their members', async () => {
    const folder = Repo.create()
    const member = Buffer.from(`${keys(memberPair)}${'# more\n'.repeat(1000)}`)
    const largeZip = zipOf([{ name: 'large.ini', data: Buffer.from(large), stored: true }])
    folder.write('small.zip', zipOf([{ name: 'member.ini', data: member }]))
    folder.write('large.zip', largeZip)
    const result = await run({ name: 'scan' }, { cwd: folder.path })
    expect(secretsOf(result)).toEqual(new Set([memberPair.id, memberPair.secret]))
    expect(result.receipt.skipped).toEqual([
      {
        outcome: 'bounded',
        reason: 'too-large',
        path: { text: 'large.zip' },
        detail: `${largeZip.length} bytes`,
      },
    ])
  })

  test('applies to the content of LFS pointers', async () => {
    const lfs = Repo.create()
    const oid = createHash('sha256').update(large).digest('hex')
    const folder = join(lfs.path, '.git/lfs/objects', oid.slice(0, 2), oid.slice(2, 4))
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, oid), large)
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${large.length}\n`
    lfs.commit('Pointer', { 'data.bin': pointer })
    const result = await run({ name: 'scan' }, { cwd: lfs.path })
    expect(result.receipt.skipped).toEqual([
      {
        outcome: 'bounded',
        reason: 'too-large',
        path: { text: 'data.bin' },
        detail: `LFS object of ${large.length} bytes`,
      },
    ])
  })
})

function sourceOf(...batches: readonly (readonly SourceBlob[])[]): Source {
  return {
    async *blobs(): AsyncGenerator<Batch> {
      yield* batches
    },
  }
}

describe('a source with a limit', () => {
  const limits = { ...defaultLimits, maxBlobBytes: 10 }
  const items = async (source: Source): Promise<readonly unknown[]> =>
    (await gathered(withBlobLimit(source, limits).blobs(new AbortController().signal))).flatMap(
      (batch) => [...batch],
    )
  const text = 'abcdefghijkl'

  test('drops windows beyond the limit, and reads the next blob', async () => {
    const windows = windowed(fileBlob('a', text), 5, 1)
    const next = fileBlob('b', 'xyz')
    expect(await items(sourceOf(...windows.map((window) => [window]), [next]))).toEqual([
      windows[0],
      windows[1],
      {
        outcome: 'bounded',
        reason: 'too-large',
        path: { text: 'a' },
        detail: '12 bytes',
      },
      next,
    ])
  })

  test('reports a blob once, and again when it is read again', async () => {
    const blob = fileBlob('a', text)
    expect(await items(sourceOf([blob, fileBlob('b', 'x'), blob]))).toMatchObject([
      { reason: 'too-large' },
      { id: 'b' },
      { reason: 'too-large' },
    ])
  })

  test('exempts names, trees, messages and the configuration of git', async () => {
    const path = { text: 'a' }
    const blobs = [
      fileBlob('a', text, { origins: [{ kind: 'file', path, inName: true }] }),
      fileBlob('a', text, { kind: 'tree', origins: [{ kind: 'commit', inName: true }] }),
      fileBlob('a', text, { kind: 'commit', origins: [{ kind: 'message' }] }),
      fileBlob('a', text, { origins: [{ kind: 'message' }] }),
      fileBlob('a', text, { origins: [{ kind: 'file', path, state: 'local' }] }),
    ]
    expect(await items(sourceOf(blobs))).toEqual(blobs)
  })

  test('without a limit is the same source', () => {
    const source = sourceOf([])
    expect(withBlobLimit(source, defaultLimits)).toBe(source)
  })
})
