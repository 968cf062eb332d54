import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Entries, WHOLE } from '../../../src/git/packfile/plan/entries.ts'
import {
  linkDeltaChains,
  allocateDeltaChains,
} from '../../../src/git/packfile/plan/delta-chains.ts'
import { IdTable, locationsIn } from '../../../src/git/packfile/id-table.ts'
import { listLoose, readLoose } from '../../../src/git/packfile/loose.ts'
import {
  firstSelected,
  type SelectedChains,
  selectedInSubtree,
} from '../../../src/git/packfile/selection.ts'
import { readPackIndex } from '../../../src/git/packfile/pack-index.ts'
import { PackSurprise } from '../../../src/git/packfile/pack-surprise.ts'
import { PackIdLookup } from '../../../src/git/packfile/pack-id-lookup.ts'
import { readIfExists } from '../../../src/git/objects/read-if-exists.ts'
import { plainMemory } from '../../../src/git/packfile/plan/plan-memory.ts'
import { closePacks, objectFolders, openPacks, packPaths } from '../../../src/git/packfile/store.ts'
import { nameOf, writePack } from '../../support/pack-writer.ts'
import { randomBytes } from '../../support/pieces.ts'
import { seededRandom } from '../../support/random.ts'
import { temporaryFolder } from '../../support/repo.ts'
import { below, pick } from './streams.ts'
import { rounds } from '../../support/rounds.ts'

describe.each([20, 32])('a table of IDs of %i bytes', (idBytes) => {
  test('numbers each ID once, and finds no other', () => {
    const random = seededRandom(idBytes)
    const names = IdTable.withRoom(500, idBytes)
    // A fifth of them share the first eight bytes, by which IDs are searched.
    const ids = Array.from({ length: 500 }, (_, at) =>
      at % 5 > 0
        ? randomBytes(idBytes, random)
        : Buffer.concat([Buffer.alloc(8, 7), randomBytes(idBytes - 8, random)]),
    )
    const shifted = Buffer.concat([Buffer.alloc(3), ...ids])
    ids.forEach((_, at) => expect(names.add(shifted, 3 + at * idBytes)).toBe(at))
    ids.forEach((id, at) =>
      expect([names.add(id, 0), names.find(id, 0), names.idOf(at)]).toEqual([
        at,
        at,
        id.toString('hex'),
      ]),
    )
    expect(names.count).toBe(500)
    const seenElsewhere = new IdTable(names.memory)
    for (const id of ids) {
      id[idBytes - 1]! ^= 1
      expect(seenElsewhere.find(id, 0)).toBe(-1)
    }
    const known = locationsIn(names, 250)
    expect([0, 249, 250, 499].map((at) => known.locationOf(shifted, 3 + at * idBytes))).toEqual([
      'pack',
      'pack',
      'loose',
      'loose',
    ])
    expect(known.locationOf(Buffer.alloc(idBytes), 0)).toBeUndefined()
  })

  test('refuses more IDs that begin alike than chance explains', () => {
    const names = IdTable.withRoom(1000, idBytes)
    const random = seededRandom(idBytes)
    const alike = Array.from({ length: 257 }, () =>
      Buffer.concat([Buffer.alloc(8, 0xff), randomBytes(idBytes - 8, random)]),
    )
    for (const id of alike.slice(0, 256)) names.add(id, 0)
    expect(() => names.add(alike[256]!, 0)).toThrow(PackSurprise)
    expect(alike.map((id) => names.find(id, 0))).toEqual([...alike.slice(0, 256).keys(), -1])
  })

  test('may be empty', () => {
    expect(IdTable.withRoom(0, idBytes).find(Buffer.alloc(idBytes), 0)).toBe(-1)
  })
})

function words(values: readonly number[]): Buffer {
  return Buffer.concat(
    values.map((value) => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value])),
  )
}

/** Returns an index of version 2 with the IDs `00…`, `01…` and so on, and these offsets. */
function index(offsets: readonly number[], longs: readonly bigint[] = []): Buffer {
  const fanout = Array.from({ length: 256 }, (_, first) => Math.min(offsets.length, first + 1))
  const long = Buffer.alloc(8 * longs.length)
  longs.forEach((value, at) => long.writeBigUInt64BE(value, 8 * at))
  return Buffer.concat([
    words([0xff74_4f63, 2, ...fanout]),
    ...offsets.map((_, at) => Buffer.alloc(20, at)),
    words(offsets.map(() => 0)),
    words(offsets),
    long,
    Buffer.alloc(20, 0xcc),
    Buffer.alloc(20),
  ])
}

function written(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), 'pack.idx')
  writeFileSync(path, bytes)
  return path
}

/** Returns an index of these IDs, which are sorted. */
function indexOf(names: readonly Buffer[], version: 1 | 2, idBytes: number): Buffer {
  const fanout = Array.from(
    { length: 256 },
    (_, first) => names.filter((name) => name[0]! <= first).length,
  )
  const ends = Buffer.concat([Buffer.alloc(idBytes, 0xcc), Buffer.alloc(idBytes)])
  if (version === 1)
    return Buffer.concat([words(fanout), ...names.flatMap((name) => [words([7]), name]), ends])
  return Buffer.concat([
    words([0xff74_4f63, 2, ...fanout]),
    ...names,
    words(names.map(() => 0)),
    words(names.map(() => 7)),
    ends,
  ])
}

describe('a lookup of IDs in an index', () => {
  const random = seededRandom(8)
  const spread = (idBytes: number): Buffer => randomBytes(idBytes, random)
  /** Returns IDs that begin alike, so that their first bytes do not tell where they stand. */
  const alike = (idBytes: number): Buffer =>
    Buffer.concat([Buffer.from([3, 0xff]), randomBytes(idBytes - 2, random)])

  test.each([1, 2] as const)('finds exactly those that it has, in version %i', (version) => {
    for (const idBytes of [20, 32]) {
      for (const make of [
        spread,
        alike,
        (bytes: number) => (random() < 0.5 ? spread : alike)(bytes),
        () => Buffer.alloc(idBytes, Math.floor(random() * 256)),
      ]) {
        const all = [
          ...new Map(
            Array.from({ length: 900 }, () => make(idBytes)).map((name) => [
              name.toString('hex'),
              name,
            ]),
          ).values(),
        ]
        const names = all
          .slice(0, Math.floor(random() * all.length))
          .sort((a, b) => Buffer.compare(a, b))
        const has = new Set(names.map((name) => name.toString('hex')))
        const looked = new PackIdLookup(written(indexOf(names, version, idBytes)), idBytes)
        expect(looked.packChecksum).toBe('cc'.repeat(idBytes))
        // The second time all IDs are in memory.
        for (const name of [...all, ...all])
          expect(looked.has(Buffer.concat([Buffer.alloc(3), name]), 3)).toBe(
            has.has(name.toString('hex')),
          )
        looked.close()
      }
    }
  })

  test('finds none in an empty index', () => {
    const none = new PackIdLookup(written(index([])), 20)
    expect(none.has(Buffer.alloc(20), 0)).toBe(false)
    none.close()
  })
})

describe('an index', () => {
  test('has offsets of 31 and of 64 bits, and IDs', () => {
    const read = readPackIndex(
      index([12, 0x8000_0001, 0x7fff_ffff, 0x8000_0000], [2n ** 40n + 5n, 2n ** 31n]),
      20,
    )
    expect([...read.offsets()]).toEqual([12, 2 ** 31, 0x7fff_ffff, 2 ** 40 + 5])
    expect(read.packChecksum).toBe('cc'.repeat(20))
    expect(read.bytes.subarray(read.idsAt, read.idsAt + 4 * read.idStep)).toEqual(
      Buffer.concat([0, 1, 2, 3].map((byte) => Buffer.alloc(20, byte))),
    )
  })

  test('is refused when it is damaged', () => {
    const good = index([12, 0x8000_0000], [99n])
    const other = Buffer.from(good)
    other[7] = 3
    const huge = Buffer.from(good).fill(0xff, 8 + 255 * 4, 8 + 256 * 4)
    expect(() => readPackIndex(other, 20)).toThrow('index version 3')
    for (const bytes of [
      Buffer.alloc(0),
      good.subarray(0, 7),
      good.subarray(0, 1000),
      good.subarray(0, -30),
      huge,
    ]) {
      expect(() => readPackIndex(bytes, 20)).toThrow('cut short')
      expect(() => new PackIdLookup(written(bytes), 20)).toThrow('cut short')
    }
    const backwards = Buffer.from(good).fill(0xff, 8, 12)
    expect(() => readPackIndex(backwards, 20)).toThrow('backwards')
    expect(() => new PackIdLookup(written(backwards), 20)).toThrow('backwards')
    expect(() => readPackIndex(index([0x8000_0001], [99n]), 20).offsets()).toThrow('out of range')
  })
})

describe('a store', () => {
  test('has packs with both files, each alternate once, and loose objects by their names', () => {
    const [own, other] = [temporaryFolder(), temporaryFolder()]
    const path = writePack(own, [{ content: Buffer.from('one') }])
    writeFileSync(join(own, 'pack', 'lone.idx'), '')
    writeFileSync(join(own, 'pack', 'lone2.pack'), '')
    expect(packPaths([own, other])).toEqual([path])
    for (const [folder, to] of [
      [own, other],
      [other, own],
    ] as const) {
      mkdirSync(join(folder, 'info'))
      writeFileSync(join(folder, 'info', 'alternates'), `${to}\n${to}/.\n`)
    }
    expect(objectFolders(own)).toEqual([own, other])
    const link = join(temporaryFolder(), 'link')
    symlinkSync(own, link)
    expect(objectFolders(link)).toEqual([own, other])
    const open = openPacks([own, other])
    expect(
      open.map(({ size: bytes, header, path: of }) => [
        of,
        header.toString('latin1', 0, 4),
        bytes > 40,
      ]),
    ).toEqual([[path, 'PACK', true]])
    closePacks(open)
    const id = nameOf(Buffer.from('two'))
    mkdirSync(join(other, id.slice(0, 2)))
    for (const name of [
      id.slice(2),
      'tmp_obj_x',
      id.slice(3),
      id.slice(2).toUpperCase().replace(/^/, 'G'),
    ])
      writeFileSync(join(other, id.slice(0, 2), name), '')
    mkdirSync(join(other, 'zz'))
    expect(listLoose([own, other], 20)).toEqual([{ id, folder: other }])
    expect([readIfExists(join(own, 'nothing')), readIfExists(join(path, 'nothing'))]).toEqual([
      undefined,
      undefined,
    ])
    expect(() => readIfExists(own)).toThrow('EISDIR')
  })

  test('is not opened when an index is a folder', () => {
    const own = temporaryFolder()
    const path = writePack(own, [{ content: Buffer.from('one') }])
    rmSync(`${path}.idx`)
    mkdirSync(`${path}.idx`)
    expect(() => openPacks([own])).toThrow('EISDIR')
  })

  const damaged = { damage: 'its header is damaged' }
  const misfit = {
    damage: 'its header does not fit its content',
    object: { kind: 'blob', content: Buffer.from('two') },
  }
  test.each([
    ['blob 3\0two', 'blob'],
    ['tree 0\0', 'tree'],
    ['commit 3\0two', 'commit'],
    ['tag 3\0two', 'tag'],
    ['blob 4\0two', misfit],
    ['blob 2\0two', misfit],
    ['blob 03\0two', damaged],
    ['blob 3two', damaged],
    ['blub 3\0two', damaged],
    ['blob  3\0two', damaged],
    ['\0', damaged],
    ['', damaged],
    [`blob ${'0'.repeat(40)}3\0two`, damaged],
  ])('reads the loose object %j as %o', (text, expected) => {
    const folder = temporaryFolder()
    const id = createHash('sha1').update(text).digest('hex')
    mkdirSync(join(folder, id.slice(0, 2)))
    writeFileSync(join(folder, id.slice(0, 2), id.slice(2)), deflateSync(text))
    expect(readLoose({ id, folder }, 1000)).toEqual(
      typeof expected === 'string'
        ? { kind: expected, content: Buffer.from(text.slice(text.indexOf('\0') + 1)) }
        : expected,
    )
  })

  test('does not read a loose object that is too large, or gone', () => {
    const folder = temporaryFolder()
    const text = `blob 5000\0${'x'.repeat(5000)}`
    const id = createHash('sha1').update(text).digest('hex')
    expect(readLoose({ id, folder }, 1000)).toBeUndefined()
    mkdirSync(join(folder, id.slice(0, 2)))
    writeFileSync(join(folder, id.slice(0, 2), id.slice(2)), deflateSync(text))
    expect(readLoose({ id, folder }, 1000)).toBeUndefined()
    expect(readLoose({ id, folder }, 5000)).toHaveProperty('content.length', 5000)
  })
})

/** Returns entries with these bases and sizes; those without a base have a type. */
function entriesOf(bases: readonly number[], sizes: readonly number[]): Entries {
  const count = bases.length
  return {
    count,
    bases: Int32Array.from(bases),
    sizes: Float64Array.from(sizes),
    types: Uint8Array.from(bases, (base, at) => (base === WHOLE ? 1 + (at % 4) : 0)),
    packStarts: Int32Array.of(0, count),
    offsets: new Float64Array(count),
    ends: new Float64Array(count),
    headerBytes: new Uint8Array(count),
    idNumbers: new Int32Array(count),
    duplicates: new Uint8Array(count),
    firstEntries: new Int32Array(count),
  }
}

describe('delta chains', () => {
  test('link what leads to a root, without circles and deltas without a base', () => {
    const entries = entriesOf(
      [WHOLE, 0, 1, 1, -2, 4, 7, 6, 8, WHOLE],
      [10, 1, 2, 3, 100, 100, 100, 100, 100, 7],
    )
    const chains = linkDeltaChains(entries, allocateDeltaChains(plainMemory(), entries.count))
    expect([...chains.roots]).toEqual([0, 9])
    expect([...entries.types]).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 0, 2])
    expect([...chains.weights].slice(0, 4)).toEqual([16, 6, 2, 3])
    expect(chains.weights[9]).toBe(7)
  })

  test('are walked where they are selected, and the heaviest sibling comes last', () => {
    const random = seededRandom(12)
    for (let round = 0; round < rounds(300); round += 1) {
      const count = 1 + below(20, random)
      const bases = Array.from({ length: count }, (_, at) =>
        at === 0 || random() < 0.2 ? WHOLE : below(at, random),
      )
      const entries = entriesOf(
        bases,
        bases.map(() => 1 + below(50, random)),
      )
      const selection = Uint8Array.from(bases, () => (random() < 0.5 ? 1 : 0))
      bases.forEach((_, at) => {
        for (
          let base = bases[at]!;
          selection[at] === 1 && base >= 0 && selection[base] === 0;
          base = bases[base]!
        )
          selection[base] = 2
      })
      const selected: SelectedChains = {
        chains: linkDeltaChains(entries, allocateDeltaChains(plainMemory(), entries.count)),
        selection,
      }
      for (let entry = 0; entry < count; entry += 1) {
        const children = bases.flatMap((base, at) =>
          base === entry && selection[at] !== 0 ? at : [],
        )
        const { firstChildren, nextSiblings, weights } = selected.chains
        const [seen, all]: [number[], number[]] = [[], []]
        for (
          let child = firstSelected(selected, firstChildren[entry]!);
          child >= 0;
          child = firstSelected(selected, nextSiblings[child]!)
        )
          seen.push(child)
        expect(seen.toSorted((a, b) => a - b)).toEqual(children)
        for (let child = firstChildren[entry]!; child >= 0; child = nextSiblings[child]!)
          all.push(weights[child]!)
        expect(all.at(-1) ?? -Infinity).toBe(Math.max(...all))
        const isBelow = (at: number): boolean =>
          at === entry || (bases[at]! >= 0 && isBelow(bases[at]!))
        expect([...selectedInSubtree(selected, entry)].toSorted((a, b) => a - b)).toEqual(
          bases.flatMap((_, at) => (selection[at] === 1 && isBelow(at) ? at : [])),
        )
      }
      expect(pick([...selected.chains.roots], random)).toBeGreaterThanOrEqual(0)
    }
  })
})
