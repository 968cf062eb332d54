import { createHash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { scan } from '../../../../dist/index.js'
import { createEngine } from '../../../../src/scan/engine.ts'
import { catFileReader } from '../../../../src/git/objects/cat-file-reader.ts'
import { forEachLogged } from '../../../../src/git/objects/tree-diff-log.ts'
import type { FilterStats } from '../../../../src/git/objects/object-filter.ts'
import type { Skip } from '../../../../src/model/model.ts'
import type { WorkerProgram } from '../../../../src/git/packfile/workers/worker-pool.ts'
import { SignedCacheFile } from '../../../../src/git/objects/signed-cache-file.ts'
import {
  isScanCache,
  type ScanCache,
  type ScanCacheFile,
} from '../../../../src/git/packfile/cache/scan-cache.ts'
import { PackReader } from '../../../../src/git/packfile/pack-reader.ts'
import { builtinRules } from '../../../../src/rules/load.ts'
import { EnvNames } from '../../../../src/scan/sources/env-names.ts'
import { createObjectFilter } from '../../../../src/scan/object-filter.ts'
import { awsPair } from '../../../support/credentials.ts'
import { projectRoot } from '../../../support/oakum.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../../../support/repo.ts'
import { comparable, planted } from '../planted-secrets.ts'
import { soundStore } from '../../../support/sound-store.ts'

const { rules } = builtinRules()
const engine = createEngine(rules)
const plain = rules.map((rule) => ({
  ...rule,
  parts: rule.parts.map((part) => ({ ...part, validator: undefined })),
}))

/** The program of a worker thread, as `npm run compile` writes it. */
const real: WorkerProgram = {
  entry: new URL(`file://${projectRoot}/dist/cli/thread.cjs`),
  rules: plain,
}

function program(text: string): WorkerProgram {
  return { entry: new URL(`data:text/javascript,${encodeURIComponent(text)}`), rules: plain }
}

/** A thread that takes a work item, and then does this instead of reading it. */
const takesAnd = (deed: string): WorkerProgram =>
  program(
    `import { readFileSync } from 'node:fs'
    import { parentPort } from 'node:worker_threads'
    parentPort.once('message', (shared) => { Atomics.add(shared.nextWorkItem, 0, 1); ${deed} })`,
  )

interface Read {
  /** IDs and kinds of emitted objects, with hashes of their bytes. */
  readonly emitted: readonly string[]
  readonly skippedClean: FilterStats['skippedClean']
  readonly bytes: number
  readonly names: readonly string[]
  readonly isConnected: boolean
  readonly skips: readonly Skip[]
  /** Entries of the tree diff log. */
  readonly treeDiffs: readonly string[]
}

const scene = planted(500)
scene.git('repack', '-adfq', '--depth=4', '--window=4')

function hash(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex')
}

/** Counts the lines of `git verify-pack` that match. */
function countPacked(kinds: RegExp): number {
  const folder = join(scene.path, '.git/objects/pack')
  const indexes = readdirSync(folder).filter((name) => name.endsWith('.idx'))
  return indexes.flatMap((name) => [
    ...scene.git('verify-pack', '-v', join(folder, name)).matchAll(kinds),
  ]).length
}

interface ReadOptions {
  readonly threads: number
  readonly program?: WorkerProgram
  readonly signal?: AbortSignal
  readonly memory?: ScanCacheFile
}

async function read({
  threads,
  program: threadProgram = real,
  signal = new AbortController().signal,
  memory,
}: ReadOptions): Promise<Read> {
  const objects = join(scene.path, '.git', 'objects')
  const git = catFileReader({ cwd: scene.path, env: isolatedEnv }, 1)
  const reader = new PackReader({
    objects,
    idBytes: 20,
    kernel: 'auto',
    threads,
    program: threadProgram,
    git,
    maxBlobBytes: Infinity,
    scanCache: memory,
    storeCheck: soundStore,
    bytesPerThread: 4096,
  })
  const [emitted, skips]: [string[], Skip[]] = [[], []]
  // Emitted trees name files as well; which trees are emitted depends on the order of reading.
  const envNames = new EnvNames(20)
  const skippedClean = { blob: 0, tree: 0, commit: 0, tag: 0 }
  let [bytes, isConnected] = [0, true]
  for await (const batch of reader.readFiltered(
    () => createObjectFilter(rules, engine, 20),
    signal,
  )) {
    for (const item of batch) {
      if ('outcome' in item) skips.push(item)
      else if ('kind' in item) {
        if (item.kind === 'tree') envNames.note(item.bytes)
        emitted.push(`${item.id} ${item.kind} ${item.start} ${hash(item.bytes)}`)
      } else {
        for (const kind of ['blob', 'tree', 'commit', 'tag'] as const)
          skippedClean[kind] += item.skippedClean[kind]
        bytes += item.bytes
        isConnected &&= item.isConnected
        for (const named of item.names) envNames.add(named)
      }
    }
  }
  reader.recordScan(() => true)
  const treeDiffs: string[] = []
  if (reader.treeDiffLog !== undefined)
    forEachLogged(
      reader.treeDiffLog,
      (object, { bytes: logBytes, from, to }) =>
        void treeDiffs.push(
          `${object} ${Buffer.from(logBytes.subarray(from, to)).toString('hex')}`,
        ),
    )
  reader.close()
  return {
    emitted: emitted.sort(),
    skippedClean,
    bytes,
    names: Array.from(envNames.names(), ([object, name]) => `${object} ${name.text}`).sort(),
    isConnected,
    skips,
    treeDiffs: treeDiffs.sort(),
  }
}

describe('worker threads that read packs', () => {
  let alone: Read
  beforeAll(async () => {
    alone = await read({ threads: 1 })
  })

  test.each([2, 3, 4])('emit together what one thread emits alone: %i', async (threads) => {
    expect(await read({ threads })).toEqual(alone)
    expect(alone).toMatchObject({ isConnected: true, skips: [] })
    expect(alone.emitted.length).toBeGreaterThan(20)
    expect(alone.names.length).toBeGreaterThan(1)
    expect(alone.treeDiffs).toHaveLength(countPacked(/^\w+ (?:tree|commit) /gm))
  })

  test.each([
    ['cannot be loaded', { ...real, entry: new URL('file:///nowhere/thread.js') }],
    ['cannot read a file', takesAnd(`readFileSync('/nowhere')`)],
    [
      'has too little memory',
      takesAnd(`throw Object.assign(new Error(''), { code: 'ERR_WORKER_OUT_OF_MEMORY' })`),
    ],
    ['ends', takesAnd('process.exit(0)')],
    ['fails', takesAnd('process.exit(5)')],
    ['has nothing to say', takesAnd('')],
  ])('make the scan incomplete, and write no cache, when one %s', async (_what, broken) => {
    const folder = temporaryFolder()
    const memory = new SignedCacheFile<ScanCache>(
      { folder, keyFile: join(folder, 'key') },
      'history',
      isScanCache,
    )
    const { skips, emitted } = await read({ threads: 2, program: broken, memory })
    expect(skips).toEqual([
      expect.objectContaining({
        outcome: 'failed',
        reason: 'unreadable',
        detail: expect.stringContaining('a thread that reads objects ended early'),
      }),
    ])
    expect(emitted.length).toBeLessThanOrEqual(alone.emitted.length)
    expect(memory.read()).toBeUndefined()
  })

  test.each([
    ['at once', 'null.broken'],
    ['late', 'setTimeout(() => null.broken, 50)'],
  ])('end the scan with the error when one has a bug: %s', async (_when, deed) => {
    await expect(read({ threads: 2, program: takesAnd(deed) })).rejects.toThrow(TypeError)
  })

  test('record together what goes into the scan cache', async () => {
    const folder = temporaryFolder()
    const memory = new SignedCacheFile<ScanCache>(
      { folder, keyFile: join(folder, 'key') },
      'history',
      isScanCache,
    )
    await read({ threads: 4, memory })
    expect(memory.read()).toMatchObject({ passed: alone.skippedClean, linked: true })
    // Cached packs are not read again, so there is no tree diff log.
    expect(await read({ threads: 4, memory })).toEqual({ ...alone, treeDiffs: [] })
  })

  test('do not delay a scan whose time is over', async () => {
    const { skips } = await read({
      threads: 3,
      program: program('setInterval(() => {}, 1000)'),
      signal: AbortSignal.timeout(400),
    })
    expect(skips).toEqual([])
  })
})

/** Returns a repository whose pack is large enough for two threads. */
function large(): Repo {
  const repo = Repo.create()
  const commits = Array.from({ length: 20 }, (_, at) => {
    const bytes = Buffer.concat([
      Buffer.from(at % 4 === 0 ? `id = ${awsPair(600 + at).id}\n` : ''),
      randomBytes(2 << 20),
    ])
    return Buffer.concat([
      Buffer.from(
        [
          'commit refs/heads/main',
          `committer C <c@example.com> ${1_700_000_000 + at} +0000`,
          'data 0',
          `M 644 inline ${at}.bin`,
          `data ${bytes.length}\n`,
        ].join('\n'),
      ),
      bytes,
      Buffer.from('\n'),
    ])
  })
  repo.gitBytes(
    ['-c', 'core.compression=0', '-c', 'fastimport.unpackLimit=1', 'fast-import', '--quiet'],
    Buffer.concat(commits),
  )
  return repo
}

describe('a scan with several threads', () => {
  const repo = large()
  const target = { name: 'history', path: repo.path } as const

  test('equals a scan with one thread', async () => {
    const one = await scan(target, { jobs: 1, env: isolatedEnv, rules: ['aws'] })
    expect(one.findings).toHaveLength(5)
    expect(one.receipt.complete).toBe(true)
    for (const jobs of [2, 4])
      expect(comparable(await scan(target, { jobs, env: isolatedEnv, rules: ['aws'] }))).toEqual(
        comparable(one),
      )
  })

  test('ends with a report when it is interrupted while they read', async () => {
    const stop = new AbortController()
    const { receipt } = await scan(target, {
      jobs: 2,
      env: isolatedEnv,
      rules: ['aws'],
      signal: stop.signal,
      onEvent: ({ type }) => void (type === 'scanned' && stop.abort()),
    })
    expect([receipt.complete, receipt.skipped.map(({ reason }) => reason)]).toEqual([
      false,
      ['interrupted'],
    ])
    expect(receipt.blobs).toBeLessThan(20)
  })

  test('ends with a report when its time is over', async () => {
    const { receipt } = await scan(target, {
      jobs: 2,
      env: isolatedEnv,
      rules: ['aws'],
      deadlineMs: 1,
    })
    expect([receipt.complete, receipt.skipped.map(({ reason }) => reason)]).toEqual([
      false,
      ['deadline'],
    ])
  })
})
