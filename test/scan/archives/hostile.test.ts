import { spawnSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { formatOf, HEAD_BYTES } from '../../../src/scan/archives/format.ts'
import { withMembers } from '../../../src/scan/archives/members.ts'
import { defaultLimits, type Limits } from '../../../src/model/limits.ts'
import type { SourceBlob } from '../../../src/model/model.ts'
import { tarOf, zipOf } from '../../support/archives.ts'
import { seededRandom } from '../../support/random.ts'
import { fileBlob } from '../../support/source.ts'
import { rounds } from '../../support/rounds.ts'

const small: Limits = {
  ...defaultLimits,
  archiveDepth: 4,
  archive: {
    maxPackedBytes: 1 << 20,
    maxUnpackedBytes: 8 << 20,
    maxRatio: 200,
    maxMembers: 500,
  },
}

/** Unpacks a blob: counts bytes, members and skips, and tells whether all skips are bounded. */
async function cost(
  blob: SourceBlob,
  limits = small,
): Promise<{
  readonly bytes: number
  readonly members: number
  readonly skips: number
  readonly bounded: boolean
}> {
  let [bytes, members, skips, bounded] = [0, 0, 0, true]
  for await (const batch of withMembers(
    {
      blobs: async function* () {
        yield [blob]
      },
    },
    limits,
  ).blobs(new AbortController().signal)) {
    for (const item of batch) {
      if ('outcome' in item) {
        skips += 1
        bounded &&= item.outcome === 'bounded' && (item.detail ?? '').length < 200
      } else if ('kind' in item) {
        bytes += item.bytes.length
        if (item.origins[0].member !== undefined && item.start === 0) members += 1
      }
    }
  }
  return { bytes, members, skips, bounded }
}

const text = Buffer.from('name = value\n'.repeat(40))
const tar = tarOf([
  { name: 'a', data: text },
  { name: 'b.gz', data: gzipSync(text) },
  { name: '././@LongLink', data: Buffer.from(`${'n'.repeat(120)}\0`), type: 'L' },
  { name: 'n', data: text },
])
const zip = zipOf([
  { name: 'a', data: text },
  { name: 'b', data: text, stored: true },
  { name: 'c.tar', data: tar },
])

/** Undefined when the program is not installed. */
function packedBy(program: string, input: Buffer): Buffer | undefined {
  const { stdout, error } = spawnSync(program, ['-c'], { input })
  return error === undefined ? stdout : undefined
}

describe('damaged archives are read to the end, within the limits', () => {
  const wholes = {
    zip,
    tar,
    tgz: gzipSync(tar),
    bz2: packedBy('bzip2', tar),
    xz: packedBy('xz', tar),
    zst: packedBy('zstd', tar),
  }
  test.each(
    Object.entries(wholes).flatMap(([name, bytes]) =>
      bytes === undefined ? [] : [[name, bytes] as const],
    ),
  )('%s', async (_name, whole) => {
    const random = seededRandom(whole.length)
    for (let round = 0; round < rounds(150); round += 1) {
      const bytes = Buffer.from(whole)
      const hits = 1 + Math.floor(random() * 6)
      // The head stays, or it would be no archive; where sizes and offsets are told, every bit
      // counts.
      for (let hit = 0; hit < hits; hit += 1)
        bytes[6 + Math.floor(random() * (bytes.length - 6))] = Math.floor(random() * 256)
      const cut =
        random() < 0.3 ? bytes.subarray(0, 6 + Math.floor(random() * (bytes.length - 6))) : bytes
      const result = await cost(fileBlob('x', cut))
      expect(result.bounded).toBe(true)
      expect(result.bytes).toBeLessThan(small.archive.maxUnpackedBytes + (5 << 20))
    }
  })

  test('random bytes behind the first bytes of each format', async () => {
    const random = seededRandom(7)
    for (const head of [
      'PK\x03\x04',
      'PK\x05\x06',
      '\x1f\x8b\x08',
      'BZh91AY&SY',
      '\xfd7zXZ\0',
      '\x28\xb5\x2f\xfd',
      "7z\xbc\xaf'\x1c",
      'Rar!\x1a\x07',
      '\xa7\x0d\r\n',
      'SQLite format 3\0\x10\0',
    ]) {
      for (let round = 0; round < rounds(20); round += 1) {
        const noise = Buffer.from(Array.from({ length: 2000 }, () => Math.floor(random() * 256)))
        expect(
          (await cost(fileBlob('x', Buffer.concat([Buffer.from(head, 'latin1'), noise])))).bounded,
        ).toBe(true)
      }
    }
  })
})

/** Pages of 64 KiB, each of 16,000 cells whose row is the whole file, page after page. */
function hostileDatabase(): Buffer {
  const pages = Array.from({ length: 12 }, (_, index) => {
    const page = Buffer.alloc(1 << 16)
    const start = index === 0 ? 100 : 0
    page.writeUInt32BE(index + 2 > 12 ? 1 : index + 2, 0)
    page[start] = 0x0d
    page.writeUInt16BE(16_000, start + 3)
    for (let cell = 0; cell < 16_000; cell += 1) page.writeUInt16BE(60_000, start + 8 + 2 * cell)
    page.set([0xbf, 0xff, 0xff, 0x7f, 1, 4, 0xbf, 0xff, 0xff, 0x7f], 60_000)
    return page
  })
  pages[0]?.write('SQLite format 3\0\0\x01', 0, 'latin1')
  return Buffer.concat(pages)
}

describe('decompression bombs end soon', () => {
  /** A zip of one large file, which the central directory lists a thousand times. */
  const overlapping = zipOf([
    { name: '0', data: Buffer.alloc(1 << 20) },
    ...Array.from(
      { length: 1000 },
      (_, index) =>
        ({ name: `${index}`, data: Buffer.alloc(1 << 20), at: 0, only: 'listed' }) as const,
    ),
  ])
  const headers = Buffer.concat(
    Array.from({ length: 20_000 }, () => Buffer.from('PK\x03\x04\x14\0\0\0\x08\0', 'latin1')),
  )
  const nested = (depth: number, wrap: (bytes: Buffer) => Buffer): Buffer =>
    depth === 0 ? text : wrap(nested(depth - 1, wrap))

  test.each([
    ['a zip whose members overlap', overlapping],
    ['a zip of nothing but headers', Buffer.concat([Buffer.from('PK\x03\x04'), headers])],
    [
      'a zip with names of 65,535 bytes',
      zipOf(Array.from({ length: 10 }, () => ({ name: 'n'.repeat(65_535), data: text }))),
    ],
    ['a zip whose directory names itself', zipOf([{ name: 'a', data: text }], { directoryAt: 0 })],
    ['a hundred gzips within each other', nested(100, (bytes) => gzipSync(bytes))],
    [
      'a hundred nested zips',
      nested(100, (bytes) => zipOf([{ name: 'x', data: bytes, stored: true }])),
    ],
    ['a hundred nested tars', nested(100, (bytes) => tarOf([{ name: 'x', data: bytes }]))],
    [
      'a tar of a thousand empty headers',
      tarOf(
        Array.from({ length: 1000 }, () => ({ name: 'x', data: Buffer.alloc(0), declared: 1 })),
      ),
    ],
    [
      'a tar that declares a huge long name',
      tarOf([{ name: '././@LongLink', data: text, declared: 0o77777777777, type: 'L' }]),
    ],
    [
      'a tar that declares huge extended attributes',
      tarOf([{ name: 'x', data: text, declared: 0o37777777777, type: 'x' }]),
    ],
    [
      'a tar whose extended attributes declare another size',
      tarOf([
        { name: 'x', data: Buffer.from('23 size=99999999999999\n'), type: 'x' },
        { name: 'a', data: text },
      ]),
    ],
    [
      'a tar whose extended attributes declare a negative size',
      tarOf([
        { name: 'x', data: Buffer.from('12 size=-99\n'), type: 'x' },
        { name: 'a', data: text },
      ]),
    ],
    [
      'ten thousand empty gzips in a row',
      Buffer.concat(Array.from({ length: 10_000 }, () => gzipSync(''))),
    ],
    [
      'ten thousand frames of zstd to skip',
      Buffer.from('P*M\x18\0\0\0\0'.repeat(10_000), 'latin1'),
    ],
    ['a database whose cells all lead to the same long row', hostileDatabase()],
    [
      'compiled Python that declares long strings',
      Buffer.concat([
        Buffer.from('\xa7\r\r\n', 'latin1'),
        Buffer.from('z\xffs\xff\xff\0\0'.repeat(10_000), 'latin1'),
      ]),
    ],
  ])('%s', async (_name, bytes) => {
    const result = await cost(fileBlob('x', bytes))
    expect(formatOf(bytes.subarray(0, HEAD_BYTES))).toBeDefined()
    expect(result.bounded).toBe(true)
    expect(result.members).toBeLessThanOrEqual(small.archive.maxMembers)
    expect(result.bytes).toBeLessThan(32 << 20)
  })

  test.each([
    // `bzip2` of the letter a, in base64, and `xz` of nothing.
    ['blocks and streams of bzip2', 'QlpoOTFBWSZTWRmTm2sAAAABACAAIAAhGEaC7kinChIDMnNtYA==', 250],
    ['streams of xz', '/Td6WFoAAATm1rRGAAAAABzfRCEftvN9AQAAAAAEWVo=', 50],
  ])('%s count, like members', async (_name, stream, maxStreams) => {
    const streams = (count: number): Buffer =>
      Buffer.concat(Array.from({ length: count }, () => Buffer.from(stream, 'base64')))
    expect(await cost(fileBlob('x', streams(maxStreams - 1)))).toMatchObject({ skips: 0 })
    expect(await cost(fileBlob('x', streams(maxStreams + 1)))).toMatchObject({
      skips: 1,
      bounded: true,
    })
  })

  test('stops unpacking when the scan is aborted', async () => {
    const controller = new AbortController()
    let seen = 0
    const blob = fileBlob(
      'x',
      zipOf(Array.from({ length: 100 }, (_, index) => ({ name: `${index}`, data: text }))),
    )
    for await (const batch of withMembers(
      {
        blobs: async function* () {
          yield [blob]
        },
      },
      defaultLimits,
    ).blobs(controller.signal)) {
      for (const _ of batch) seen += 1
      if (seen === 10) controller.abort()
    }
    expect(seen).toBeLessThan(12)
  })
})
