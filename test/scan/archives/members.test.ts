import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type ArchiveLimits, defaultLimits, type Limits } from '../../../src/model/limits.ts'
import { withMembers } from '../../../src/scan/archives/members.ts'
import type { Batch, Skip, SourceBlob } from '../../../src/model/model.ts'
import { tarOf, zipOf } from '../../support/archives.ts'
import { randomBytes } from '../../support/pieces.ts'
import { seededRandom } from '../../support/random.ts'
import { fileBlob, windowed } from '../../support/source.ts'

interface Unpacked {
  /** Contents of members by name, windows joined; the name of the blob itself is ''. */
  readonly members: Readonly<Record<string, Buffer>>
  readonly order: readonly string[]
  readonly skips: readonly Skip[]
}

type LimitsOfTest = Partial<ArchiveLimits & Pick<Limits, 'archiveDepth'>>

/** Unpacks blobs whose bytes are overwritten when the next item is requested. */
async function unpackAll(
  blobs: readonly (SourceBlob | Skip)[],
  { archiveDepth = defaultLimits.archiveDepth, ...archive }: LimitsOfTest = {},
): Promise<Unpacked> {
  function* given(some: typeof blobs): Generator<SourceBlob | Skip> {
    for (const blob of some) {
      if ('outcome' in blob) {
        yield blob
        continue
      }
      const bytes = Buffer.from(blob.bytes)
      yield { ...blob, bytes }
      bytes.fill(0x21)
    }
  }
  // Whole blobs come in one batch, windows in a batch each.
  async function* batches(): AsyncGenerator<Batch> {
    if (blobs.every((blob) => 'outcome' in blob || blob.last)) yield given(blobs)
    else for (const blob of blobs) yield given([blob])
  }
  const limits = {
    ...defaultLimits,
    archiveDepth,
    archive: { ...defaultLimits.archive, ...archive },
  }
  const members: Record<string, Buffer> = {}
  const order: string[] = []
  const skips: Skip[] = []
  for await (const batch of withMembers({ blobs: batches }, limits).blobs(
    new AbortController().signal,
  )) {
    for (const item of batch) {
      if ('outcome' in item) skips.push(item)
      else if ('kind' in item) {
        const name = item.origins[0].member ?? ''
        if (item.start === 0) order.push(name)
        const before = (members[name] ?? Buffer.alloc(0)).subarray(0, item.start)
        members[name] = Buffer.concat([before, item.bytes])
      }
    }
  }
  return { members, order, skips }
}

const noise = randomBytes(1 << 20, seededRandom(5))
const text = Buffer.from('hello = 1\n')
const file = (bytes: Buffer, path = 'in.bin'): SourceBlob => fileBlob(path, bytes)
const reasons = ({ skips }: Unpacked): readonly string[] =>
  skips.map(({ reason, member = '' }) => `${reason} ${member}`.trim())

describe('withMembers', () => {
  test('yields members after their archive, each with its chain of names, whatever its file is called', async () => {
    const inner = zipOf([
      { name: 'a.txt', data: text },
      { name: 'b/c.txt', data: Buffer.from('c'), stored: true },
    ])
    const outer = tarOf([
      { name: 'deep/inner.zip', data: inner },
      { name: 'last.txt', data: text },
    ])
    const { order, members, skips } = await unpackAll([
      file(gzipSync(outer), 'dist/x.tgz'),
      fileBlob('next.txt', 'next'),
    ])
    expect(order).toEqual([
      '',
      'x.tar',
      'x.tar/deep/inner.zip',
      'x.tar/deep/inner.zip/a.txt',
      'x.tar/deep/inner.zip/b/c.txt',
      'x.tar/last.txt',
      '',
    ])
    expect(members['x.tar/deep/inner.zip/a.txt']).toEqual(text)
    expect(members['x.tar']).toEqual(outer)
    expect(skips).toEqual([])
  })

  test('gives members the origins of their archive, and ids of their own', async () => {
    const blob = fileBlob(
      'a.zip',
      zipOf([
        { name: 'a', data: text },
        { name: 'a', data: text },
      ]),
      {
        origins: [
          { kind: 'index', path: { text: 'a.zip' }, object: '1', replaces: ['2'] },
          { kind: 'commit', path: { text: 'b.zip' }, commit: '3' },
        ],
      },
    )
    const found: SourceBlob[] = []
    for await (const batch of withMembers({
      blobs: async function* () {
        yield [blob]
      },
    }).blobs(new AbortController().signal)) {
      for (const item of batch)
        if ('kind' in item && item.origins[0].member !== undefined) found.push(item)
    }
    expect(found.map(({ origins }) => origins)).toEqual(
      [0, 1].map(() => [
        { kind: 'index', path: { text: 'a.zip' }, object: '1', replaces: ['2'], member: 'a' },
        { kind: 'commit', path: { text: 'b.zip' }, commit: '3', member: 'a' },
      ]),
    )
    expect(new Set([...found, blob].map(({ id }) => id)).size).toBe(3)
  })

  test('joins the windows of an archive, and cuts large members into windows', async () => {
    // Repeats at a distance that deflate cannot compress.
    const large = Buffer.concat(Array.from({ length: 12 }, () => noise))
    const zip = zipOf([
      { name: 'large.bin', data: large },
      { name: 'stored.bin', data: large, stored: true },
    ])
    const { members, skips } = await unpackAll(
      windowed(fileBlob('large.zip', zip), 4 << 20, 64 << 10),
    )
    expect(skips).toEqual([])
    expect(members['large.bin']?.equals(large)).toBe(true)
    expect(members['stored.bin']?.equals(large)).toBe(true)
    const tar = tarOf([
      { name: 'one.bin', data: large },
      { name: 'two.zip', data: zip },
      { name: 'three.txt', data: text },
    ])
    const again = await unpackAll([file(gzipSync(tar, { level: 1 }), 'x.tar.gz')])
    expect(again.skips).toEqual([])
    expect(again.members['x.tar']?.equals(tar)).toBe(true)
    expect(again.members['x.tar/one.bin']?.equals(large)).toBe(true)
    expect(again.members['x.tar/two.zip/large.bin']?.equals(large)).toBe(true)
    expect(again.members['x.tar/three.txt']).toEqual(text)
  })

  test('does not unpack trees, names, and blobs that were unpacked before', async () => {
    const zip = zipOf([{ name: 'a', data: text }])
    const tree = fileBlob('t', zip, { kind: 'tree' })
    const name = fileBlob('t', zip, {
      origins: [{ kind: 'file', path: { text: 't' }, inName: true }],
    })
    const again = fileBlob('t', zip, { again: { text: 'prod.env' } })
    expect((await unpackAll([tree, name, again])).order).toEqual(['', '', ''])
  })

  test('unpacks a compressed file a second time when it gets a name', async () => {
    const found: SourceBlob[] = []
    const blobs = [
      fileBlob('x', gzipSync('A=1'), { origins: [{ kind: 'commit' }] }),
      fileBlob('x', gzipSync('A=1'), { origins: [{ kind: 'commit' }], again: { text: '.env.gz' } }),
    ]
    for await (const batch of withMembers({
      blobs: async function* () {
        yield blobs
      },
    }).blobs(new AbortController().signal)) {
      for (const item of batch)
        if ('kind' in item && item.origins[0].member !== undefined) found.push(item)
    }
    expect(found.map(({ origins: [{ member }], again }) => [member, again?.text])).toEqual([
      ['content', undefined],
      ['content', '.env'],
    ])
  })

  test('unpacks replaced objects too', async () => {
    const zip = fileBlob('a.zip', zipOf([{ name: 'a', data: text }]))
    const source = withMembers({
      blobs: async function* () {},
      replaced: async function* () {
        yield [zip]
      },
    })
    const names: (string | undefined)[] = []
    for await (const batch of source.replaced?.({ kind: 'index' }, new AbortController().signal) ??
      [])
      for (const item of batch) if ('kind' in item) names.push(item.origins[0].member)
    expect(names).toEqual([undefined, 'a'])
  })
})

test('code that unpacks is loaded at the first archive: until then no package is', () => {
  const reached = new Set<string>()
  const visit = (module: string): void => {
    if (reached.has(module)) return
    reached.add(module)
    const imports = [
      ...readFileSync(module, 'utf8').matchAll(/^import (?!type)[^']*from '([^']+)'/gm),
    ].map(([, name = '']) => name)
    for (const name of imports) visit(name.startsWith('.') ? join(dirname(module), name) : name)
  }
  const root = resolve(import.meta.dirname, '../../../src/scan/archives')
  const model = resolve(import.meta.dirname, '../../../src/model')
  visit(join(root, 'members.ts'))
  expect([...reached].filter((name) => !name.startsWith(root) && !name.startsWith(model))).toEqual(
    [],
  )
  expect(reached.has(join(root, 'unpack.ts'))).toBe(false)
})

describe('names of compressed files', () => {
  const named = (name: string): Buffer => {
    const bytes = gzipSync(text)
    bytes[3] = 8
    return Buffer.concat([bytes.subarray(0, 10), Buffer.from(`${name}\0`), bytes.subarray(10)])
  }
  test.each([
    ['the one it keeps', named('.env'), 'dump.gz', '.env'],
    ['its own without what says gzip', gzipSync(text), 'a/b.sql.GZ', 'b.sql'],
    ['a tar', gzipSync(text), 'b.tgz', 'b.tar'],
    ['its own where that says nothing', gzipSync(text), 'a/blob', 'blob'],
    ['an invented one where it has none', gzipSync(text), '.gz', 'content'],
    ['a default when the stored name is too long', named('x'.repeat(300)), '.gz', 'content'],
  ])('are %s', async (_what, bytes, path, name) => {
    expect((await unpackAll([file(bytes, path)])).order).toEqual(['', name])
  })
})

describe('limits', () => {
  const many = Array.from({ length: 6 }, (_, index) => ({ name: `${index}`, data: text }))
  const zeros = Buffer.alloc(64 << 20)

  test('on the number of members', async () => {
    const result = await unpackAll([file(zipOf(many)), fileBlob('next', 'x')], { maxMembers: 3 })
    expect(result.order).toEqual(['', '0', '1', '2', ''])
    expect(result.skips).toEqual([
      {
        outcome: 'bounded',
        reason: 'archive-members',
        path: { text: 'in.bin' },
        detail: 'more than 3 members',
      },
    ])
  })

  test('on depth, which skips only deeper archives', async () => {
    const nested = (depth: number): Buffer =>
      depth === 0
        ? text
        : zipOf([
            { name: `${depth}.zip`, data: nested(depth - 1) },
            { name: 'beside', data: text },
          ])
    const result = await unpackAll([file(nested(6))], { archiveDepth: 3 })
    expect(reasons(result)).toEqual(['archive-depth 6.zip/5.zip/4.zip'])
    expect(result.order).toEqual([
      '',
      '6.zip',
      '6.zip/5.zip',
      '6.zip/5.zip/4.zip',
      '6.zip/5.zip/beside',
      '6.zip/beside',
      'beside',
    ])
  })

  test('on the stored size', async () => {
    const zip = fileBlob(
      'large.zip',
      zipOf([{ name: 'a', data: Buffer.alloc(300_000, 'x'), stored: true }]),
    )
    expect(
      reasons(await unpackAll(windowed(zip, 100_000, 1000), { maxPackedBytes: 200_000 })),
    ).toEqual(['archive-size'])
    expect(reasons(await unpackAll([zip], { maxPackedBytes: 200_000 }))).toEqual(['archive-size'])
  })

  test('on the unpacked size, whatever the headers declare', async () => {
    const result = await unpackAll(
      [
        file(
          zipOf([
            { name: 'a', data: text },
            { name: 'b', data: zeros.subarray(0, 5000), declared: 10 },
            { name: 'c', data: text },
          ]),
        ),
      ],
      { maxUnpackedBytes: 1000 },
    )
    expect(reasons(result)).toEqual(['archive-size'])
    expect(result.order).toEqual(['', 'a'])
  })

  test.each([
    ['a zip', zipOf([{ name: 'zeros', data: zeros }])],
    ['a zip in a zip', zipOf([{ name: 'in.zip', data: zipOf([{ name: 'zeros', data: zeros }]) }])],
    ['a gzip', gzipSync(zeros)],
    ['a gzip of a gzip', gzipSync(gzipSync(zeros))],
    ['a tar in a gzip', gzipSync(tarOf([{ name: 'zeros', data: zeros }]))],
    [
      'a zip of the same zeros many times',
      zipOf(
        Array.from({ length: 64 }, (_, index) => ({
          name: `${index}`,
          data: zeros.subarray(0, 1 << 20),
        })),
      ),
    ],
  ])('on the ratio: %s', async (_what, bytes) => {
    const result = await unpackAll([file(bytes)])
    expect(reasons(result).map((reason) => reason.split(' ')[0])).toEqual(['archive-ratio'])
    expect(
      Object.values(result.members).reduce((sum, member) => sum + member.length, 0),
    ).toBeLessThan(24 << 20)
  })

  test('on memory: a larger archive within a stream is scanned packed, and so is everything after it', async () => {
    const inner = zipOf([{ name: 'a', data: Buffer.alloc(6 << 20), stored: true }])
    const tgz = gzipSync(
      tarOf([
        { name: 'large.zip', data: inner },
        { name: 'b', data: text },
        { name: 'small.zip', data: zipOf([{ name: 'c', data: text }]) },
      ]),
    )
    const { order, members, ...rest } = await unpackAll([file(tgz, 'y.tgz')], {
      maxPackedBytes: 1 << 20,
      maxRatio: 10_000,
    })
    expect(order).toEqual([
      '',
      'y.tar',
      'y.tar/large.zip',
      'y.tar/b',
      'y.tar/small.zip',
      'y.tar/small.zip/c',
    ])
    expect(members['y.tar/large.zip']?.equals(inner)).toBe(true)
    expect(reasons({ order, members, ...rest })).toEqual(['archive-size y.tar/large.zip'])
    const zipped = await unpackAll(
      [
        file(
          zipOf([
            { name: 'large.zip', data: inner },
            { name: 'b', data: text },
          ]),
        ),
      ],
      { maxPackedBytes: 1 << 20, maxRatio: 10_000 },
    )
    expect(reasons(zipped)).toEqual(['archive-size large.zip'])
    expect(zipped.order).toEqual(['', 'large.zip', 'b'])
  })
})

describe('a broken archive is reported, and its readable part is read', () => {
  const zip = zipOf([
    { name: 'a', data: text },
    { name: 'b', data: text },
  ])
  const random = randomBytes(100_000, seededRandom(8))

  test.each([
    ['a zip without its end', zip.subarray(0, -10), ['archive-corrupt'], ['', 'a', 'b']],
    [
      'a zip whose directory is elsewhere',
      zipOf([{ name: 'a', data: text }], { directoryAt: 5 }),
      ['archive-corrupt'],
      ['', 'a'],
    ],
    [
      'a zip whose directory is behind its end',
      zipOf([{ name: 'a', data: text }], { directoryAt: 1 << 30 }),
      ['archive-corrupt'],
      ['', 'a'],
    ],
    [
      'a zip whose directory is empty',
      zipOf(
        [
          { name: 'a', data: text, stored: true },
          { name: 'b', data: text },
        ],
        { count: 0 },
      ),
      [],
      ['', 'a', 'b'],
    ],
    [
      'a zip that says it has more',
      zipOf([{ name: 'a', data: text }], { count: 9 }),
      ['archive-corrupt'],
      ['', 'a'],
    ],
    [
      'a zip with a member at a wrong place',
      zipOf([
        { name: 'a', data: text, at: 3 },
        { name: 'b', data: text },
      ]),
      ['archive-corrupt a'],
      ['', 'b', 'a'],
    ],
    [
      'a zip with a member beyond its end',
      zipOf([
        { name: 'a', data: text, at: 4e9 },
        { name: 'b', data: text },
      ]),
      ['archive-corrupt a'],
      ['', 'b', 'a'],
    ],
    [
      'a zip whose members overlap',
      zipOf([
        { name: 'a', data: random },
        ...['b', 'c'].map((name) => ({ name, data: random, at: 0, only: 'listed' }) as const),
      ]),
      ['archive-corrupt'],
      ['', 'a'],
    ],
    [
      'a zip with a member that its directory does not list',
      zipOf([
        { name: 'a', data: text },
        { name: 'b', data: text, only: 'stored' },
        { name: 'c', data: random },
      ]),
      [],
      ['', 'a', 'c', 'b'],
    ],
    [
      'an encrypted member',
      zipOf([
        { name: 'a', data: text, flags: 1 },
        { name: 'b', data: text },
        { name: 'c', data: text, flags: 1 },
      ]),
      ['archive-encrypted a'],
      ['', 'b'],
    ],
    [
      'a member in another compression',
      zipOf([
        { name: 'a', data: text, method: 14 },
        { name: 'b', data: text },
      ]),
      ['archive-format a'],
      ['', 'b'],
    ],
    [
      'a gzip that breaks off',
      gzipSync(random, { level: 1 }).subarray(0, 60_000),
      ['archive-corrupt in.bin'],
      ['', 'in.bin'],
    ],
    [
      'a gzip of a tar that breaks off',
      gzipSync(
        tarOf([
          { name: 'a', data: text },
          { name: 'b', data: random },
        ]),
      ).subarray(0, 60_000),
      ['archive-corrupt in.bin', 'archive-corrupt in.bin/b'],
      ['', 'in.bin', 'in.bin/a', 'in.bin/b'],
    ],
    [
      'a gzip with garbage behind it',
      Buffer.concat([gzipSync(text), Buffer.from('garbage')]),
      ['archive-corrupt in.bin'],
      ['', 'in.bin'],
    ],
    [
      'several gzips, and zeros behind them',
      Buffer.concat([gzipSync(text), gzipSync(text), Buffer.alloc(100)]),
      [],
      ['', 'in.bin'],
    ],
    [
      'a gzip that is only its head',
      gzipSync(text).subarray(0, 12),
      ['archive-corrupt in.bin'],
      ['', 'in.bin'],
    ],
    [
      'a tar that breaks off',
      tarOf([
        { name: 'a', data: text },
        { name: 'b', data: random },
      ]).subarray(0, 50_000),
      ['archive-corrupt b'],
      ['', 'a', 'b'],
    ],
    [
      'a tar that says it is huge',
      tarOf([{ name: 'a', data: text, declared: 0o77777777777 }]),
      ['archive-corrupt a'],
      ['', 'a'],
    ],
    ['a tar without end', tarOf([{ name: 'a', data: text }], { end: 0 }), [], ['', 'a']],
    [
      'a tar with junk between members',
      Buffer.concat([
        tarOf([{ name: 'a', data: text }], { end: 0 }),
        Buffer.alloc(512, 'x'),
        tarOf([{ name: 'b', data: text }]),
      ]),
      [],
      ['', 'a', 'b'],
    ],
    [
      'a tar with links, folders and a long name',
      tarOf([
        { name: 'l', data: Buffer.alloc(0), type: '2' },
        { name: 'd/', data: Buffer.alloc(0), type: '5' },
        { name: '././@LongLink', data: Buffer.from(`${'n'.repeat(150)}\0`), type: 'L' },
        { name: 'n', data: text },
      ]),
      [],
      ['', 'n'.repeat(150)],
    ],
    ['7z', Buffer.from("7z\xbc\xaf'\x1c", 'latin1'), ['archive-format'], ['']],
  ])('%s', async (_what, bytes, expected, order) => {
    const result = await unpackAll([file(bytes), fileBlob('next', 'x')])
    expect(reasons(result)).toEqual(expected)
    if (order !== undefined) expect(result.order).toEqual([...order, ''])
    expect(
      result.skips.every(({ outcome, path }) => outcome === 'bounded' && path?.text === 'in.bin'),
    ).toBe(true)
  })
})
