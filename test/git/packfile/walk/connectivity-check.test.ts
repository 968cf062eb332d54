import { afterAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../../src/scan/engine.ts'
import type { ObjectKind } from '../../../../src/model/model.ts'
import type { Kernel } from '../../../../src/git/packfile/walk/kernel.ts'
import { createWasmKernel } from '../../../../src/git/packfile/walk/kernel-wasm.ts'
import { createZlibKernel } from '../../../../src/git/packfile/walk/kernel-zlib.ts'
import { IdTable, locationsIn } from '../../../../src/git/packfile/id-table.ts'
import {
  type ObjectLocations,
  ConnectivityCheck,
} from '../../../../src/git/packfile/walk/connectivity-check.ts'
import { bytesWithGaps, planMemory } from '../../../../src/git/packfile/plan/plan-memory.ts'
import { selectionFor, planStore, type StorePlan } from '../../../../src/git/packfile/plan/plan.ts'
import { FilterSession } from '../../../../src/git/packfile/walk/filter-session.ts'
import { closePacks } from '../../../../src/git/packfile/store.ts'
import type { ObjectFilter } from '../../../../src/git/objects/object-filter.ts'
import { builtinRules } from '../../../../src/rules/load.ts'
import { createObjectFilter } from '../../../../src/scan/object-filter.ts'
import { EnvNames } from '../../../../src/scan/sources/env-names.ts'
import { instantiate } from '../../../../src/git/wasm/instantiate.ts'
import { type Op, type Packed, writePack } from '../../../support/pack-writer.ts'
import { randomBytes } from '../../../support/pieces.ts'
import { seededRandom } from '../../../support/random.ts'
import { temporaryFolder } from '../../../support/repo.ts'
import { below, pick, type Random } from '../streams.ts'
import { type WalkOutcome, walkStore } from '../walk-store.ts'
import { rounds } from '../../../support/rounds.ts'

const MAX_BYTES = 128 << 20
const { rules } = builtinRules(['github-token'])
const engine = createEngine(rules)

interface Entry {
  readonly mode: string
  readonly name: Buffer
  readonly id: Buffer
}

const keyOf = (id: Uint8Array): string => Buffer.from(id).toString('hex')

const MODES = [
  '40000',
  '40000',
  '040000',
  '100644',
  '100644',
  '100644',
  '100755',
  '100664',
  '120000',
]

function entryOf(mode: string, name: string, id: Buffer): Entry {
  return { mode, name: Buffer.from(name), id }
}

function treeOf(entries: readonly Entry[]): Buffer {
  return Buffer.concat(entries.map(entryBytes))
}

function entryBytes({ mode, name, id }: Entry): Buffer {
  return Buffer.concat([Buffer.from(`${mode} `), name, Buffer.of(0), id])
}

/** Sorts entries as git does: each name once, that of a folder as if it ended with a slash. */
function inOrder(entries: readonly Entry[]): readonly Entry[] {
  const once = new Map(entries.map((entry) => [entry.name.toString('latin1'), entry]))
  const sortedBy = ({ mode, name }: Entry): Buffer =>
    mode.endsWith('40000') ? Buffer.concat([name, Buffer.from('/')]) : name
  return [...once.values()].toSorted((a, b) => Buffer.compare(sortedBy(a), sortedBy(b)))
}

/**
 * Returns locations in which `ids` are in packs and `loose` are loose objects; with `table`,
 * WebAssembly can search these IDs.
 */
function locationsOfIds(
  idBytes: number,
  ids: readonly Buffer[],
  {
    loose = [],
    table = false,
  }: { readonly loose?: readonly Buffer[]; readonly table?: boolean } = {},
): ObjectLocations {
  const most = ids.length + loose.length
  const names = IdTable.withRoom(
    most,
    idBytes,
    table ? planMemory(bytesWithGaps(IdTable.bytesFor(most, idBytes))) : undefined,
  )
  for (const id of ids) names.add(id, 0)
  const packed = names.count
  for (const id of loose) names.add(id, 0)
  return locationsIn(names, packed)
}

interface OddParts {
  readonly idBytes: number
  /** Whether there are names longer than any file system allows, or like a tree entry. */
  readonly names: boolean
  /** Whether there are IDs with bytes like those of a tree entry. */
  readonly ids: boolean
}

function randomName(random: Random, odd: boolean): Buffer {
  const oddName = ['a 100644 b', '40000 x', '160000 y', '\xff\xff\xff', 'caf\xe9\n', '100644 '][
    below(30, random)
  ]
  if (oddName !== undefined)
    return Buffer.concat([Buffer.from(oddName, 'latin1'), Buffer.from(random().toString(36))])
  const most = odd && random() < 0.05 ? 3000 : pick([4, 12, 30, 250], random)
  return Buffer.from(
    Array.from({ length: 1 + below(most, random) }, () =>
      pick([...Buffer.from('abc-. 1046')], random),
    ),
  )
}

function randomEntry(random: Random, { idBytes, names, ids }: OddParts): Entry {
  const id = randomBytes(idBytes, random)
  if (ids && random() < 0.2)
    pick(
      [
        Buffer.from('100644 a\0'),
        Buffer.from('40000 b'),
        Buffer.from('160000 \0'),
        Buffer.alloc(8),
      ],
      random,
    ).copy(id, below(idBytes - 9, random))
  return { mode: pick(MODES, random), name: randomName(random, names), id }
}

/** Returns another version of a tree: entries stay, go, come, or get a new ID, mode or name. */
function edited(entries: readonly Entry[], random: Random, odd: OddParts): readonly Entry[] {
  const often = pick([0.004, 0.02, 0.1], random)
  return entries.flatMap((entry) => {
    const fate = random() / often
    if (fate < 0.2) return []
    if (fate < 0.4) return [entry, randomEntry(random, odd)]
    if (fate < 0.7) return [{ ...entry, id: randomEntry(random, odd).id }]
    if (fate < 0.8)
      return [
        {
          ...entry,
          id: Buffer.concat([
            entry.id.subarray(0, 6),
            randomBytes(3, random),
            entry.id.subarray(9),
          ]),
        },
      ]
    if (fate < 0.9)
      return [
        {
          ...entry,
          name: Buffer.concat([entry.name, Buffer.from('2')]),
          id: randomEntry(random, odd).id,
        },
      ]
    if (fate < 1) return [{ ...entry, mode: pick(MODES, random) }]
    return [entry]
  })
}

/**
 * Returns instructions that copy from the base what it has (whole entries or fewer bytes, cut
 * anywhere), and insert the rest.
 */
function deltaOps(base: Buffer, result: Buffer, random: Random): readonly Op[] {
  const ops: Op[] = []
  const shortest = pick([4, 8, 16, 40], random)
  let fresh = 0
  for (let at = 0; at < result.length; ) {
    const from = base.indexOf(result.subarray(at, at + shortest))
    if (from < 0 || at + shortest > result.length || random() < 0.01) {
      at += 1
      continue
    }
    if (at > fresh) ops.push(result.subarray(fresh, at))
    let size = shortest
    while (
      at + size < result.length &&
      from + size < base.length &&
      result[at + size] === base[from + size] &&
      random() < 0.9998
    )
      size += 1
    ops.push([from, size])
    at += size
    fresh = at
  }
  if (result.length > fresh) ops.push(result.subarray(fresh))
  return ops
}

/** Returns versions of a tree, each made of an earlier one; not always in git's order. */
function versionsOf(random: Random, odd: OddParts): readonly (readonly Entry[])[] {
  const isOrdered = random() < 0.7
  const laid = (entries: readonly Entry[]): readonly Entry[] =>
    isOrdered ? inOrder(entries) : entries
  const versions = [
    laid(Array.from({ length: 5 + below(150, random) }, () => randomEntry(random, odd))),
  ]
  for (let at = 0; at < 4; at += 1) versions.push(laid(edited(pick(versions, random), random, odd)))
  return versions
}

const stores: StorePlan[] = []
afterAll(() => stores.forEach(({ packs }) => closePacks(packs)))

/** Writes a store of one pack, in which each object but the first is a delta of an earlier one. */
function stored(
  contents: readonly Buffer[],
  random: Random,
  { kind = 'tree', idBytes = 20 }: { readonly kind?: ObjectKind; readonly idBytes?: number } = {},
): StorePlan {
  const packed: Packed[] = []
  for (const content of contents) {
    if (packed.some((other) => other.content.equals(content))) continue
    const base = below(packed.length, random)
    const from = packed[base]?.content
    packed.push(
      from === undefined
        ? { content, kind }
        : { content, kind, delta: { base, ops: deltaOps(from, content, random), byName: false } },
    )
  }
  const objects = temporaryFolder()
  writePack(objects, packed, idBytes === 20 ? 'sha1' : 'sha256')
  const store = planStore(objects, idBytes)
  stores.push(store)
  return store
}

/** One filter for each length of object IDs: creating one takes longer than a walk does. */
const filters = new Map<number, ObjectFilter>()

function filterFor(idBytes: number): ObjectFilter {
  const filter = filters.get(idBytes) ?? createObjectFilter(rules, engine, idBytes)
  filters.set(idBytes, filter)
  return filter
}

type CheckOutcome = Pick<WalkOutcome, 'isConnected' | 'looseIds' | 'names'>

/** Walks through a whole store, and returns what the connectivity check has collected. */
function checkStore(
  store: StorePlan,
  kernel: Kernel,
  locations: ObjectLocations,
  filter = filterFor(locations.idBytes),
): CheckOutcome {
  const session = new FilterSession(filter, new ConnectivityCheck(locations))
  const { emitted, unreadIds, isConnected, looseIds, names } = walkStore(store, kernel, {
    selection: selectionFor(store),
    session,
    maxBlobBytes: Infinity,
    logsTreeDiffs: store.entries.count % 2 === 0,
  })
  expect([emitted, unreadIds]).toEqual([[], []])
  return { isConnected, looseIds, names }
}

type WalkerChoice = 'zlib' | 'WebAssembly' | 'WebAssembly, with a table'

const kernels = {
  zlib: createZlibKernel(MAX_BYTES),
  WebAssembly: createWasmKernel(instantiate()!, MAX_BYTES),
  'WebAssembly, with a table': createWasmKernel(instantiate()!, MAX_BYTES),
} as const

describe.each<[number, WalkerChoice]>([
  [20, 'zlib'],
  [20, 'WebAssembly'],
  [20, 'WebAssembly, with a table'],
  [32, 'zlib'],
  [32, 'WebAssembly'],
  [32, 'WebAssembly, with a table'],
])('the connectivity check, with IDs of %i bytes, %s', (idBytes, way) => {
  const table = way === 'WebAssembly, with a table'
  const check = (
    contents: readonly Buffer[] | StorePlan,
    ids: readonly Buffer[],
    {
      kind = 'tree',
      loose = [],
    }: { readonly kind?: ObjectKind; readonly loose?: readonly Buffer[] } = {},
  ): CheckOutcome => {
    const store =
      'packs' in contents ? contents : stored(contents, seededRandom(1), { kind, idBytes })
    return checkStore(store, kernels[way], locationsOfIds(idBytes, ids, { loose, table }))
  }

  test('passes for trees when nothing is missing', () => {
    const random = seededRandom(idBytes)
    for (let round = 0; round < rounds(40); round += 1) {
      const versions = versionsOf(random, { idBytes, names: false, ids: false })
      const ids = versions.flat().map(({ id }) => id)
      expect(
        check(stored(versions.map(treeOf), random, { idBytes }), ids).isConnected,
        `round ${round}`,
      ).toBe(true)
    }
  })

  test.each([
    ['plain', false, false],
    ['odd names', true, false],
    ['odd names and objects', true, true],
  ])('fails when an object is missing, in trees with %s', (_what, names, ids) => {
    const random = seededRandom(idBytes + 7)
    let tried = 0
    for (let round = 0; round < rounds(80); round += 1) {
      const versions = versionsOf(random, { idBytes, names, ids })
      const store = stored(versions.map(treeOf), random, { idBytes })
      const all = versions.flat().map(({ id }) => id)
      const first = new Set(versions[0]!.map(({ id }) => keyOf(id)))
      const fresh = all.filter((id) => !first.has(keyOf(id)))
      for (const gone of [...fresh.slice(0, 6), pick(versions[0]!, random).id]) {
        tried += 1
        expect(
          check(
            store,
            all.filter((one) => !one.equals(gone)),
          ).isConnected,
          `round ${round}`,
        ).toBe(false)
      }
    }
    expect(tried).toBeGreaterThan(rounds(200))
  })

  test('ignores submodules, and reports loose objects', () => {
    const [id, other, loose] = [1, 2, 3].map((seed) => randomBytes(idBytes, seededRandom(seed)))
    const mixed = treeOf([
      entryOf('100644', 'a', id!),
      entryOf('40000', 'b', loose!),
      entryOf('160000', 'sub', other!),
    ])
    expect(check([mixed], [id!], { loose: [loose!] })).toEqual({
      isConnected: true,
      looseIds: [keyOf(loose!)],
      names: [],
    })
    expect(
      check([treeOf([entryOf('100644', 'a', other!), entryOf('160000', 'sub', other!)])], [id!])
        .isConnected,
    ).toBe(false)
  })

  test('fails for an ID of zeros, an ID that begins like a known one, and a tree that is cut short', () => {
    const id = randomBytes(idBytes, seededRandom(4))
    const alike = Buffer.concat([id.subarray(0, 15), Buffer.alloc(idBytes - 15)])
    const [first, zeros, second] = [id, Buffer.alloc(idBytes), alike].map((object, at) =>
      entryBytes({ mode: '100644', name: Buffer.from('ab'.charAt(at / 2)), id: object }),
    )
    for (const bytes of [
      zeros!,
      Buffer.concat([first!, second!]),
      first!.subarray(0, -1),
      Buffer.concat([first!, Buffer.from('100644 ')]),
      Buffer.concat([Buffer.from('x'), first!]),
    ]) {
      expect(check([bytes], [id]).isConnected).toBe(false)
      expect(check([first!, bytes], [id]).isConnected).toBe(false)
    }
  })

  test.each([0, 1, 2, 40])(
    'passes for commits with %i parents, and fails when one of these is missing',
    (count) => {
      const ids = Array.from({ length: count + 1 }, (_, seed) =>
        randomBytes(idBytes, seededRandom(60 + seed)),
      )
      const [tree, ...parents] = ids.map(keyOf)
      const author =
        'author A <a@example.com> 1 +0000\ncommitter A <a@example.com> 1 +0000\n\nparent of all\n'
      const commit = Buffer.from(
        `tree ${tree}\n${parents.map((parent) => `parent ${parent}\n`).join('')}${author}`,
      )
      const tag = Buffer.from(
        `object ${tree}\ntype commit\ntag v1\ntagger A <a@example.com> 1 +0000\n\nFirst\n`,
      )
      const other = Buffer.from(`tree ${tree}\n${author}or of none\n`)
      for (const [contents, kind, needed] of [
        [[commit], 'commit', ids],
        [[other, commit], 'commit', ids],
        [[tag], 'tag', ids.slice(0, 1)],
      ] as const) {
        expect(check(contents, ids, { kind }).isConnected).toBe(true)
        for (const gone of needed)
          expect(
            check(
              contents,
              ids.filter((id) => id !== gone),
              { kind },
            ).isConnected,
          ).toBe(false)
        // A commit whose beginning is missing may have lost links.
        expect(check([...contents, contents.at(-1)!.subarray(1)], ids, { kind }).isConnected).toBe(
          false,
        )
      }
    },
  )

  test('fails when an object is missing behind more new ones than are remembered', () => {
    const random = seededRandom(95)
    const ids = Array.from({ length: (1 << 14) + 1 }, () => randomBytes(idBytes, random))
    const [gone, last] = [randomBytes(idBytes, random), ids.at(-1)!]
    const base = treeOf([entryOf('100644', 'a', ids[0]!)])
    const fresh = (...more: readonly Entry[]): Buffer =>
      treeOf(inOrder([...ids.map((id, at) => entryOf('100644', `b${at}`, id)), ...more]))
    expect(check([base, fresh()], ids).isConnected).toBe(true)
    expect(
      check([base, fresh(entryOf('100644', 'c', gone), entryOf('100644', 'd', last))], ids)
        .isConnected,
    ).toBe(false)
  })
})

/** Names of files: some are of env files, some only look so. */
const fileNames = [
  '.env',
  '.env.production',
  'environment.ts',
  'venv',
  'server.key',
  'master.key',
  'key',
  'monkey',
  '.npmrc',
  'src',
  'rc',
  'wp-config.php',
  '.my.cnf',
  '.pgpass',
  'a.txt',
  'flags.ts',
  'x 100644 .env',
  'vault_pass.txt',
  '.env'.repeat(12),
]

test.each<[number, WalkerChoice]>([
  [20, 'zlib'],
  [20, 'WebAssembly'],
  [32, 'WebAssembly, with a table'],
])('collected names of env files are those in trees, with IDs of %i bytes, %s', (idBytes, way) => {
  const random = seededRandom(idBytes + 90)
  let found = 0
  for (let round = 0; round < rounds(40); round += 1) {
    const ids = Array.from({ length: 40 }, () => randomBytes(idBytes, random))
    const some = (): Entry =>
      entryOf(pick(MODES, random), pick(fileNames, random), pick(ids, random))
    const laid = (entries: readonly Entry[]): readonly Entry[] =>
      round % 2 === 0 ? inOrder(entries) : entries
    const versions = [laid(Array.from({ length: 30 }, some))]
    for (let at = 0; at < 8; at += 1)
      versions.push(laid(versions.at(-1)!.map((entry) => (random() < 0.1 ? some() : entry))))
    const contents = versions.map(treeOf)
    const plain = new EnvNames(idBytes)
    for (const content of contents) plain.note(content)
    const { names } = checkStore(
      stored(contents, random, { idBytes }),
      kernels[way],
      locationsOfIds(idBytes, ids, { table: way.endsWith('table') }),
      // A filter of its own, since filters report each name once.
      createObjectFilter(rules, engine, idBytes),
    )
    const best = new EnvNames(idBytes)
    for (const name of names)
      best.add({ object: name.slice(0, 2 * idBytes), name: { text: name.slice(2 * idBytes + 1) } })
    expect(
      [...best.names()].map(([id, { text }]) => `${id} ${text}`).sort(),
      `round ${round}`,
    ).toEqual([...plain.names()].map(([id, { text }]) => `${id} ${text}`).sort())
    found += names.length
  }
  expect(found).toBeGreaterThan(rounds(300))
})
