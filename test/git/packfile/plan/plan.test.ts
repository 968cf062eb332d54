import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { planStore } from '../../../../src/git/packfile/plan/plan.ts'
import { planMemory } from '../../../../src/git/packfile/plan/plan-memory.ts'
import { readPackIndex } from '../../../../src/git/packfile/pack-index.ts'
import { type Packed, writePack } from '../../../support/pack-writer.ts'
import { seededRandom } from '../../../support/random.ts'
import { temporaryFolder } from '../../../support/repo.ts'
import { plansOf } from '../both-planners.ts'
import { below, pick } from '../streams.ts'
import { rounds } from '../../../support/rounds.ts'

/** Returns objects, many of them deltas by offset or by ID, before or behind their bases. */
function somePacked(count: number, random: () => number): readonly Packed[] {
  const contents = Array.from({ length: count }, (_, at) =>
    Buffer.alloc(below(4000, random), `${at} `),
  )
  return contents.map((content, at) => {
    if (at === 0 || random() < 0.3) return { content }
    const byName = random() < 0.3
    return {
      content,
      delta: { base: byName ? below(count, random) : below(at, random), ops: [content], byName },
    }
  })
}

/** Writes a store of one pack, whose files a test can then overwrite. */
function stored(random: () => number) {
  const objects = temporaryFolder()
  const path = writePack(objects, somePacked(40, random))
  const [pack, index] = [readFileSync(`${path}.pack`), readFileSync(`${path}.idx`)]
  const starts = [...readPackIndex(index, 20).offsets()]
  return { objects, path, pack, index, starts }
}

test('both planners agree on packs of all sizes, with objects in common', () => {
  const random = seededRandom(31)
  for (let round = 0; round < rounds(40); round += 1) {
    const objects = temporaryFolder()
    const shared = somePacked(1 + below(30, random), random)
    writePack(objects, shared)
    writePack(objects, [
      ...somePacked(below(60, random), random),
      ...shared.filter(({ delta }) => delta === undefined),
    ])
    if (random() < 0.2) writePack(objects, [])
    const { fast, slow } = plansOf(objects)
    expect(fast).toEqual(slow)
  }
})

test('both planners agree on more entries than a loop takes at once, with chains across these', () => {
  const random = seededRandom(35)
  const objects = temporaryFolder()
  const packed = Array.from({ length: 20_000 }, (_, at): Packed => {
    const content = Buffer.from(`${at}`)
    return at === 0 || random() < 0.2
      ? { content }
      : {
          content,
          delta: {
            base: random() < 0.5 ? at - 1 : below(at, random),
            ops: [content],
            byName: random() < 0.1,
          },
        }
  })
  writePack(objects, packed)
  const { fast, slow } = plansOf(objects)
  expect(typeof slow).toBe('object')
  expect(fast).toEqual(slow)
})

test('both planners agree on headers, also on those that git would not write', () => {
  const random = seededRandom(32)
  const refused = new Set<string>()
  for (let round = 0; round < rounds(40); round += 1) {
    const { objects, path, pack, starts } = stored(random)
    for (let change = 0; change < 20; change += 1) {
      const damaged = Buffer.from(pack)
      const at = pick(starts, random)
      const kind = random()
      // Any type, an endless size, an endless distance, or random bytes.
      if (kind < 0.3) damaged[at] = below(256, random)
      else if (kind < 0.5) damaged.fill(0x80 | below(128, random), at, at + below(24, random))
      else if (kind < 0.7) damaged.fill(0xff, at + 1, at + 1 + below(24, random))
      else if (kind < 0.8) damaged.fill(0xff, at + 1, at + 13).fill(0x60, at, at + 1)
      else for (let byte = 0; byte < 6; byte += 1) damaged[at + byte] = below(256, random)
      pack.copy(damaged, pack.length - 20, pack.length - 20)
      writeFileSync(`${path}.pack`, damaged)
      const { fast, slow } = plansOf(objects)
      expect(fast).toEqual(slow)
      try {
        planStore(objects, 20)
      } catch (error) {
        refused.add(String(error))
      }
    }
  }
  expect([...refused].sort()).toEqual(
    expect.arrayContaining([
      'PackSurprise: an entry has type 0',
      'PackSurprise: an entry has type 5',
      'PackSurprise: the size of an entry has too many bytes',
      'PackSurprise: the distance to a base has too many bytes',
    ]),
  )
})

test('both planners agree on impossible offsets in an index, and on 64-bit offsets', () => {
  const random = seededRandom(33)
  for (let round = 0; round < rounds(60); round += 1) {
    const { objects, path, index, starts } = stored(random)
    const smalls = index.length - 40 - 4 * starts.length
    for (let change = 0; change < 10; change += 1) {
      const damaged = Buffer.from(index)
      const [one, other] = [below(starts.length, random), below(starts.length, random)]
      const offset = pick(
        [0, 11, 12, 13, starts[other]!, starts[other]! + 1, 0x7fff_ffff, below(6000, random)],
        random,
      )
      damaged.writeUInt32BE(offset, smalls + 4 * one)
      writeFileSync(`${path}.idx`, damaged)
      const { fast, slow } = plansOf(objects)
      expect(fast).toEqual(slow)
    }
    const longs = Buffer.alloc(8)
    longs.writeBigUInt64BE(BigInt(pick([starts[0]!, 2 ** 32, 2 ** 40], random)))
    const long = Buffer.concat([index.subarray(0, -40), longs, index.subarray(-40)])
    long.writeUInt32BE(0x8000_0000, smalls)
    writeFileSync(`${path}.idx`, long)
    const { fast, slow } = plansOf(objects)
    expect(fast).toEqual(slow)
  }
})

test('both planners refuse IDs that were chosen to share a slot', () => {
  const random = seededRandom(34)
  const objects = temporaryFolder()
  const path = writePack(
    objects,
    Array.from({ length: 400 }, (_, at) => ({ content: Buffer.from(`${at}`) })),
  )
  const index = readFileSync(`${path}.idx`)
  for (let name = 0; name < 400; name += 1)
    index.fill(
      Buffer.from([7, 7, 7, 7, random() * 256, name >> 8, name & 255]),
      8 + 1024 + 20 * name,
      8 + 1024 + 20 * name + 7,
    )
  writeFileSync(`${path}.idx`, index)
  expect(() => planStore(objects, 20)).toThrow('too many object IDs begin alike')
  const { fast, slow } = plansOf(objects)
  expect(fast).toEqual(slow)
})

test('a plan needs no shared memory', () => {
  const objects = temporaryFolder()
  mkdirSync(join(objects, 'pack'))
  expect(planMemory(2 ** 33).wasm).toBeUndefined()
  const { fast, slow } = plansOf(objects)
  expect(fast).toEqual(slow)
})
