import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../../src/scan/engine.ts'
import { locationsIn } from '../../../../src/git/packfile/id-table.ts'
import { type Kernel, PADDING } from '../../../../src/git/packfile/walk/kernel.ts'
import { createWasmKernel } from '../../../../src/git/packfile/walk/kernel-wasm.ts'
import { createZlibKernel } from '../../../../src/git/packfile/walk/kernel-zlib.ts'
import { workItemsOf } from '../../../../src/git/packfile/workers/object-read-worker.ts'
import { ConnectivityCheck } from '../../../../src/git/packfile/walk/connectivity-check.ts'
import { WINDOW_BYTES, WINDOWS } from '../../../../src/git/packfile/pack-bytes.ts'
import { subsetOf } from '../../../../src/git/packfile/subset.ts'
import {
  selectEntries,
  selectionFor,
  selectionForShard,
  planStore,
  type StorePlan,
} from '../../../../src/git/packfile/plan/plan.ts'
import {
  entryRecordBytes,
  RECORD_CHUNK_BYTES,
} from '../../../../src/git/packfile/walk/entry-records.ts'
import { FilterSession } from '../../../../src/git/packfile/walk/filter-session.ts'
import { closePacks } from '../../../../src/git/packfile/store.ts'
import { builtinRules } from '../../../../src/rules/load.ts'
import { createObjectFilter } from '../../../../src/scan/object-filter.ts'
import { instantiate } from '../../../../src/git/wasm/instantiate.ts'
import { awsPair, password } from '../../../support/credentials.ts'
import { seededRandom } from '../../../support/random.ts'
import { Repo, temporaryFolder } from '../../../support/repo.ts'
import { below } from '../streams.ts'
import { type WalkOutcome, walkStore } from '../walk-store.ts'
import { rounds } from '../../../support/rounds.ts'

const { rules } = builtinRules()
const engine = createEngine(rules)
const MAX_BYTES = 128 << 20

interface WalkCase {
  readonly selection: Uint8Array
  /** Whether to walk with a filter. */
  readonly filtered: boolean
  readonly maxBlobBytes: number
}

function walk(store: StorePlan, kernel: Kernel, { filtered, ...options }: WalkCase): WalkOutcome {
  return walkStore(store, kernel, {
    ...options,
    logsTreeDiffs: true,
    session: filtered
      ? new FilterSession(
          createObjectFilter(rules, engine, 20),
          new ConnectivityCheck(locationsIn(store.ids, store.packedCount)),
        )
      : undefined,
  })
}

/** Walks with both walkers, whose outcomes must be equal. */
function walkBoth(
  store: StorePlan,
  walkCase: WalkCase,
): readonly [fast: WalkOutcome, slow: WalkOutcome] {
  return [
    walk(store, createWasmKernel(instantiate()!, MAX_BYTES), walkCase),
    walk(store, createZlibKernel(MAX_BYTES), walkCase),
  ]
}

/**
 * Returns a repository with versions of files, folders with many entries, env files that come and
 * go, archives, UTF-16, merges, tags, and loose objects.
 */
function scene(): Repo {
  const repo = Repo.create()
  const random = seededRandom(97)
  const word = (): string => Math.floor(random() * 1e9).toString(36)
  const line = (): string => `${Array.from({ length: 2 + below(9, random) }, word).join(' ')}\n`
  const text = Array.from({ length: 300 }, line)
  for (let at = 0; at < 40; at += 1) {
    for (let change = below(6, random); change > 0; change -= 1)
      text[below(text.length, random)] =
        random() < 0.1 ? `the password is a secret, azure ${at}\n` : line()
    repo.write('folder/text.txt', text.join(''))
    repo.write(`many/file-${below(60, random)}-with-a-long-name.txt`, line())
    repo.write(`many/${at % 7 === 0 ? '.env' : `plain-${at}`}`, `DB_PASSWORD=${password(at)}\n`)
    if (at % 9 === 0)
      repo.write(
        'folder/wide.txt',
        Buffer.from(
          `${text.slice(0, 40).join('')}aws_secret_access_key = ${awsPair(at).secret}\n`,
          'utf16le',
        ),
      )
    if (at % 11 === 0)
      repo.write('folder/key.ini', `${text.slice(0, 30).join('')}id = ${awsPair(at).id}\n`)
    if (at % 13 === 0)
      repo.write(
        'folder/text.txt',
        Buffer.concat([Buffer.of(0x1f, 0x8b, 8), Buffer.from(text.join(''))]),
      )
    repo.commit(`Change ${at}\n\n${text.slice(0, 12).join('')}`)
    if (at % 10 === 3) repo.git('branch', `side-${at}`)
    if (at % 10 === 8)
      repo.git('merge', '-q', '--no-ff', '-s', 'ours', '-m', `Merge ${at}`, `side-${at - 5}`)
  }
  repo.git('tag', '-a', '-m', 'First', 'v1')
  repo.git('repack', '-adfq', '--depth=50', '--window=50')
  repo.commit('Loose', { 'folder/key.ini': 'nothing\n' })
  return repo
}

const repo = scene()
const objects = join(repo.path, '.git/objects')
const store = planStore(objects, 20)
afterAll(() => closePacks(store.packs))

describe('the walkers in WebAssembly and in TypeScript', () => {
  test.each([
    [true, Infinity],
    [true, 2000],
    [false, Infinity],
    [false, 2000],
  ])('agree on a whole store (filtered: %s, blobs up to %d bytes)', (filtered, maxBlobBytes) => {
    const [fast, slow] = walkBoth(store, {
      selection: selectionFor(store),
      filtered,
      maxBlobBytes,
    })
    expect(fast).toEqual(slow)
    expect([fast.isConnected, fast.unreadIds]).toEqual([true, []])
    expect(fast.emitted.length).toBeGreaterThan(5)
    if (filtered)
      expect([
        fast.names.length > 0,
        fast.skippedClean.tree > 40,
        fast.skippedClean.commit > 20,
      ]).toEqual([true, true, true])
  })

  test('agree when large delta chains come first, all in one work item', () => {
    const plan = {
      entries: store.entries,
      chains: { ...store.chains, roots: store.chains.roots.slice() },
      selection: selectionFor(store),
    }
    const before = [...plan.chains.roots]
    const isLarge = (root: number): boolean =>
      store.entries.sizes[root]! > 2000 && store.chains.firstChildren[root]! >= 0
    const workItems = workItemsOf(plan, 1000, 2000)
    expect([...plan.chains.roots]).toEqual([
      ...before.filter(isLarge),
      ...before.filter((root) => !isLarge(root)),
    ])
    expect([...workItems.slice(0, 2), workItems.at(-1)]).toEqual([
      0,
      before.filter(isLarge).length,
      before.length,
    ])
    expect([...workItems]).toEqual([...new Set(workItems)].sort((a, b) => a - b))
    expect([
      before.filter(isLarge).length > 0,
      workItems.length > 4,
      [...workItemsOf(plan, 1000, Infinity)][0],
    ]).toEqual([true, true, 0])
    const [fast, slow] = walkBoth(
      { ...store, chains: plan.chains },
      { selection: plan.selection, filtered: true, maxBlobBytes: Infinity },
    )
    expect(fast).toEqual(slow)
    expect(fast.emitted.length).toBe(
      walkBoth(store, { selection: plan.selection, filtered: true, maxBlobBytes: Infinity })[0]
        .emitted.length,
    )
  })

  test('agree on some entries, on a shard, and on some kinds', () => {
    const random = seededRandom(98)
    for (let round = 0; round < rounds(30); round += 1) {
      const often = [0.02, 0.3, 0.9][round % 3] ?? 0
      const selection = [
        selectEntries(store.entries, () => random() < often),
        selectionForShard(store, { index: 1 + below(3, random), count: 3 }),
        selectionFor(store, ['tree', 'commit']),
      ][round % 5 < 3 ? 0 : (round % 5) - 2]!
      const [fast, slow] = walkBoth(store, {
        selection,
        filtered: random() < 0.6,
        maxBlobBytes: Infinity,
      })
      expect(fast, `round ${round}`).toEqual(slow)
    }
  })

  test('emit the same from a subset of a store as from the store with that subset selected', () => {
    const random = seededRandom(100)
    repo.git('repack', '-q')
    const several = planStore(objects, 20)
    expect(several.packs.length).toBeGreaterThan(1)
    for (let round = 0; round < 12; round += 1) {
      const often = [0.01, 0.2, 0.8][round % 3] ?? 0
      const wanted = new Set(
        Array.from({ length: several.entries.count }, (_, entry) => entry).filter(
          () => random() < often,
        ),
      )
      const subset = subsetOf(
        several,
        Array.from(wanted, (entry) => several.ids.idOf(several.entries.idNumbers[entry]!)),
      )
      const walkCase = { filtered: false, maxBlobBytes: round % 2 === 0 ? Infinity : 2000 }
      const whole = walk(several, createZlibKernel(MAX_BYTES), {
        ...walkCase,
        selection: selectEntries(several.entries, (entry) => wanted.has(entry)),
      })
      for (const some of walkBoth(subset.store, { ...walkCase, selection: subset.selection }))
        expect({ ...some, emitted: [...some.emitted].sort() }, `round ${round}`).toEqual({
          ...whole,
          emitted: [...whole.emitted].sort(),
        })
    }
    closePacks(several.packs)
  })

  test('leave the same objects to git when a pack is damaged', () => {
    const own = join(objects, 'pack')
    const name = readdirSync(own)
      .find((file) => file.endsWith('.pack'))!
      .slice(0, -5)
    const pack = readFileSync(join(own, `${name}.pack`))
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'pack'), { recursive: true })
    copyFileSync(join(own, `${name}.idx`), join(folder, 'pack', `${name}.idx`))
    const random = seededRandom(99)
    let left = 0
    for (let round = 0; round < rounds(60); round += 1) {
      const bytes = Buffer.from(pack)
      for (let change = 1 + below(4, random); change > 0; change -= 1)
        bytes[12 + below(bytes.length - 32, random)] = below(256, random)
      writeFileSync(join(folder, 'pack', `${name}.pack`), bytes)
      const damaged = planOrUndefined(folder)
      if (damaged === undefined) continue
      const [fast, slow] = walkBoth(damaged, {
        selection: selectionFor(damaged),
        filtered: round % 2 === 0,
        maxBlobBytes: Infinity,
      })
      closePacks(damaged.packs)
      expect(fast, `round ${round}`).toEqual(slow)
      left += fast.unreadIds.length
    }
    expect(left).toBeGreaterThan(rounds(50))
  })

  test('leave only the objects to git that there is no memory for', () => {
    const { count } = store.entries
    const walkCase = { selection: selectionFor(store), filtered: true, maxBlobBytes: Infinity }
    const all = walk(store, createWasmKernel(instantiate()!, MAX_BYTES), walkCase)
    const windows = instantiate()!.loops.firstFree() + WINDOWS * (WINDOW_BYTES + PADDING)
    // With room for its records, and without: then the walker in TypeScript takes over.
    for (const limit of [
      windows + RECORD_CHUNK_BYTES + entryRecordBytes(count) + 2 * PADDING,
      windows + 20_000,
    ]) {
      const some = walk(store, createWasmKernel(instantiate()!, limit), walkCase)
      expect(some.unreadIds.length > 10).toBe(limit < windows + RECORD_CHUNK_BYTES)
      expect(some.emitted.every((one) => all.emitted.includes(one))).toBe(true)
      const { blob, tree, commit, tag } = some.skippedClean
      expect(
        blob +
          tree +
          commit +
          tag +
          new Set(some.emitted.map((one) => one.slice(0, 40))).size +
          some.unreadIds.length,
      ).toBe(count)
    }
    expect(() => walk(store, createWasmKernel(instantiate()!, 4 << 20), walkCase)).toThrow(
      'no memory',
    )
  })
})

function planOrUndefined(folder: string): StorePlan | undefined {
  try {
    return planStore(folder, 20)
  } catch {
    return undefined
  }
}
