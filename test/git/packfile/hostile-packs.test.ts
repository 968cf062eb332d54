import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/scan/engine.ts'
import type { ObjectBatch, ObjectReader } from '../../../src/git/objects/objects.ts'
import { PackReader } from '../../../src/git/packfile/pack-reader.ts'
import { builtinRules } from '../../../src/rules/load.ts'
import { createObjectFilter } from '../../../src/scan/object-filter.ts'
import { awsPair } from '../../support/credentials.ts'
import { encodeDelta, nameOf, type Packed, writePack } from '../../support/pack-writer.ts'
import { streamOf } from '../../support/pieces.ts'
import { seededRandom } from '../../support/random.ts'
import { Repo, temporaryFolder } from '../../support/repo.ts'
import { rounds } from '../../support/rounds.ts'
import { soundStore } from '../../support/sound-store.ts'

const { rules } = builtinRules(['aws-access-key'])
const engine = createEngine(rules)

/** Stands in for git: records the IDs that it should read. */
function recordingGit(left: string[]): ObjectReader {
  const record = (ids: readonly string[]): AsyncIterable<ObjectBatch> => {
    left.push(...ids)
    return streamOf([])
  }
  return {
    name: 'git',
    checksConnectivity: false,
    hasAll: () => false,
    close: () => {},
    readAll: () => record(['all']),
    readFiltered: () => record(['all']),
    readObjects: record,
  }
}

interface Outcome {
  readonly given: ReadonlyMap<string, Buffer>
  readonly passed: number
  readonly left: readonly string[]
}

async function read(objects: string, kernel: 'pack' | 'zlib' = 'pack'): Promise<Outcome> {
  const left: string[] = []
  const given = new Map<string, Buffer>()
  let passed = 0
  const reader = new PackReader({
    objects,
    idBytes: 20,
    kernel,
    threads: 1,
    program: undefined,
    git: recordingGit(left),
    maxBlobBytes: Infinity,
    scanCache: undefined,
    storeCheck: soundStore,
  })
  for await (const batch of reader.readFiltered(
    () => createObjectFilter(rules, engine, 20),
    new AbortController().signal,
  )) {
    for (const item of batch) {
      if ('outcome' in item) {
        if (item.reason !== 'corrupt') throw new Error(`a skip: ${item.detail}`)
        left.push(item.object ?? '')
        continue
      }
      if ('skippedClean' in item)
        passed +=
          item.skippedClean.blob +
          item.skippedClean.tree +
          item.skippedClean.commit +
          item.skippedClean.tag
      else if (item.last) given.set(item.id, Buffer.from(item.bytes))
    }
  }
  reader.close()
  return { given, passed, left }
}

/** Returns a repository with delta chains of blobs, trees and commits; some have a secret. */
function sample(): Repo {
  const repo = Repo.create()
  const random = seededRandom(8)
  for (let at = 0; at < 30; at += 1) {
    const lines = Array.from(
      { length: 60 },
      (_, line) =>
        `${line} ${Math.floor((line + at * 3) % 60 < 40 ? line * 77 : random() * 1e9).toString(36)}\n`,
    )
    repo.write('a.txt', lines.join(''))
    repo.write(
      `d/${at % 5}.ini`,
      `${lines.slice(20).join('')}${at % 4 === 0 ? `key = ${awsPair(at).id}\n` : ''}`,
    )
    repo.commit(`Change ${at}`)
  }
  repo.git('tag', '-a', '-m', 'First', 'v1')
  return repo
}

const repo = sample()
repo.git('repack', '-adfq', '--depth=50')
const own = join(repo.path, '.git', 'objects', 'pack')
const name =
  readdirSync(own)
    .find((file) => file.endsWith('.pack'))
    ?.slice(0, -5) ?? ''
const packBytes = readFileSync(join(own, `${name}.pack`))
const indexBytes = readFileSync(join(own, `${name}.idx`))
const total = repo.git('cat-file', '--batch-all-objects', '--batch-check').split('\n').length

/** A store with only this pack, which git can read, too. */
const stage = Repo.create({ bare: true })
const objects = join(stage.path, 'objects')

function store(pack: Buffer, index: Buffer): void {
  writeFileSync(join(objects, 'pack', `${name}.pack`), pack)
  writeFileSync(join(objects, 'pack', `${name}.idx`), index)
}

function damaged(bytes: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(bytes)
  const at = Math.floor(random() * copy.length)
  const kind = random()
  if (kind < 0.5) copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8))
  else if (kind < 0.7)
    copy.fill(
      Math.floor(random() * 256),
      at,
      Math.min(copy.length, at + 1 + Math.floor(random() * 40)),
    )
  else if (kind < 0.85) return copy.subarray(0, at)
  else copy.copy(copy, at, Math.floor(random() * copy.length))
  return copy
}

/**
 * Expects that every object was emitted, skipped as clean or left to git, and that each emitted one
 * has the content that git has under its ID.
 */
function expectAccounted({ given, passed, left }: Outcome, count: number): void {
  if (left.includes('all')) return
  expect(given.size + passed + left.length).toBe(count)
  for (const [id, bytes] of given) {
    if (['blob', 'tree', 'commit', 'tag'].some((kind) => nameOf(bytes, kind) === id)) continue
    const { code, stdout } = stage.tryGit(['cat-file', '--batch'], { input: `${id}\n` })
    const from = stdout.indexOf('\n') + 1
    if (code === 0 && from > 0 && !stdout.subarray(0, from).includes(' missing'))
      expect(stdout.subarray(from, -1).equals(bytes)).toBe(true)
  }
}

describe('a pack reader', () => {
  test('reads all of a sound pack', async () => {
    store(packBytes, indexBytes)
    const sound = await read(objects)
    expect(sound.left).toEqual([])
    expectAccounted(sound, total)
    expect(sound.given.size).toBeGreaterThan(5)
  })

  test.each([
    ['pack', 300],
    ['zlib', 150],
  ] as const)('accounts for every object of damaged packs (%s)', async (kernel, damages) => {
    const random = seededRandom(1)
    let left = 0
    for (let round = 0; round < rounds(damages); round += 1) {
      // The header and the checksum stay, or git would not read the pack at all.
      store(
        Buffer.concat([
          packBytes.subarray(0, 12),
          padded(damaged(packBytes.subarray(12, -20), random)),
          packBytes.subarray(-20),
        ]),
        indexBytes,
      )
      const outcome = await read(objects, kernel)
      expectAccounted(outcome, total)
      if (outcome.left.length > 0) left += 1
    }
    expect(left).toBeGreaterThan(rounds(damages) / 2)
  })

  test('leaves packs and indexes to git that do not match', async () => {
    const random = seededRandom(2)
    let left = 0
    for (let round = 0; round < rounds(400); round += 1) {
      if (round % 4 === 0) store(damaged(packBytes, random), indexBytes)
      else store(packBytes, damaged(indexBytes, random))
      const outcome = await read(objects)
      expectAccounted(outcome, total)
      if (outcome.left.length > 0) left += 1
    }
    expect(left).toBeGreaterThan(rounds(200))
  })

  test('reports damaged loose objects', async () => {
    const random = seededRandom(3)
    const folder = temporaryFolder()
    mkdirSync(join(folder, '3b'))
    for (let round = 0; round < rounds(200); round += 1) {
      const content = Buffer.from(`key = ${awsPair(round).id}\n`.repeat(20))
      const loose = deflateSync(Buffer.concat([Buffer.from(`blob ${content.length}\0`), content]))
      const id = nameOf(content)
      rmSync(folder, { recursive: true })
      mkdirSync(join(folder, id.slice(0, 2)), { recursive: true })
      writeFileSync(join(folder, id.slice(0, 2), id.slice(2)), damaged(loose, random))
      const { given, left } = await read(folder)
      expect([...given.keys(), ...left]).toEqual([id])
      if (given.has(id)) expect(given.get(id)).toEqual(content)
    }
  })

  const base = Buffer.from('x'.repeat(4000))
  const whole: Packed = { content: base }
  const clean = Buffer.from('y'.repeat(4000))

  test.each<readonly [string, readonly Packed[], number]>([
    [
      'a copy beyond the end of its base',
      [
        whole,
        {
          content: clean,
          delta: { base: 0, ops: [[3990, 100], clean.subarray(0, 3900)], byName: false },
        },
      ],
      1,
    ],
    [
      'a delta that makes less than it states',
      [whole, { content: clean, delta: { base: 0, ops: [[0, 10]], byName: false } }],
      1,
    ],
    [
      'a delta that makes more than it states',
      [
        whole,
        {
          content: clean,
          delta: {
            base: 0,
            ops: [
              [0, 4000],
              [0, 4000],
            ],
            byName: true,
          },
        },
      ],
      1,
    ],
    [
      'a delta of itself',
      [whole, { content: clean, delta: { base: 1, ops: [[0, 4000]], byName: true } }],
      1,
    ],
    [
      'two deltas of each other',
      [
        { content: base, delta: { base: 1, ops: [[0, 4000]], byName: true } },
        { content: clean, delta: { base: 0, ops: [[0, 4000]], byName: true } },
      ],
      2,
    ],
  ])('leaves %s to git', async (_what, packed, left) => {
    const folder = temporaryFolder()
    writePack(folder, packed)
    const outcome = await read(folder)
    expect(outcome.left.length).toBe(left)
    expectAccounted(outcome, packed.length)
  })

  test('does not allocate what a delta merely states', async () => {
    const folder = temporaryFolder()
    const before = process.memoryUsage().rss
    const bombs = Array.from(
      { length: 20 },
      (_, at): Packed => ({
        content: Buffer.from(`${at}`),
        raw: encodeDelta(4000, 2 ** 31 - 1 - at, [[0, 4000]]),
      }),
    )
    writePack(folder, [
      whole,
      ...bombs.map((bomb): Packed => ({ ...bomb, delta: { base: 0, ops: [], byName: false } })),
    ])
    expect((await read(folder)).left.length).toBe(20)
    expect(process.memoryUsage().rss - before).toBeLessThan(150 << 20)
  })
})

/** Pads truncated bytes to their length in the pack. */
function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(packBytes.length - 32 - bytes.length)])
}
