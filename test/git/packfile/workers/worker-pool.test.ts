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
import type { ScanCache, ScanCacheFile } from '../../../../src/git/packfile/cache/scan-cache.ts'
import { PackReader } from '../../../../src/git/packfile/pack-reader.ts'
import { builtinRules } from '../../../../src/rules/load.ts'
import { EnvNames } from '../../../../src/scan/sources/env-names.ts'
import { createObjectFilter } from '../../../../src/scan/object-filter.ts'
import { awsPair } from '../../../support/credentials.ts'
import { projectRoot } from '../../../support/oakum.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../../../support/repo.ts'
import { comparable, planted } from '../planted-secrets.ts'

const { rules } = builtinRules()
const engine = createEngine(rules)
const plain = rules.map((rule) => ({
  ...rule,
  parts: rule.parts.map((part) => ({ ...part, validator: undefined })),
}))

/** The program of a real thread, which is there once it was compiled. */
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
    parentPort.once('message', (shared) => { Atomics.add(shared.taken, 0, 1); ${deed} })`,
  )

interface Read {
  /** Names of what was given, with what it was. */
  readonly given: readonly string[]
  readonly passed: FilterStats['skippedClean']
  readonly bytes: number
  readonly names: readonly string[]
  readonly linked: boolean
  readonly skips: readonly Skip[]
  /** What was noted of trees and commits, each once. */
  readonly notes: readonly string[]
}

const scene = planted(500)
scene.git('repack', '-adfq', '--depth=4', '--window=4')

function hash(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex')
}

/** How many objects of packs are said to be so. */
function packed(kinds: RegExp): number {
  const folder = join(scene.path, '.git/objects/pack')
  const indexes = readdirSync(folder).filter((name) => name.endsWith('.idx'))
  return indexes.flatMap((name) => [
    ...scene.git('verify-pack', '-v', join(folder, name)).matchAll(kinds),
  ]).length
}

interface Way {
  readonly threads: number
  readonly program?: WorkerProgram
  readonly signal?: AbortSignal
  readonly memory?: ScanCacheFile
}

async function read({
  threads,
  program: given = real,
  signal = new AbortController().signal,
  memory,
}: Way): Promise<Read> {
  const objects = join(scene.path, '.git', 'objects')
  const git = catFileReader({ cwd: scene.path, env: isolatedEnv }, 1)
  const reader = new PackReader({
    objects,
    idBytes: 20,
    kernel: 'auto',
    threads,
    program: given,
    git,
    maxBlobBytes: Infinity,
    scanCache: memory,
    bytesPerThread: 4096,
  })
  const [objectsGiven, skips]: [string[], Skip[]] = [[], []]
  // Trees that are given name files as well; which trees those are depends on the order of reading.
  const envNames = new EnvNames(20)
  const passed = { blob: 0, tree: 0, commit: 0, tag: 0 }
  let [bytes, linked] = [0, true]
  for await (const batch of reader.readFiltered(
    () => createObjectFilter(rules, engine, 20),
    signal,
  )) {
    for (const item of batch) {
      if ('outcome' in item) skips.push(item)
      else if ('kind' in item) {
        if (item.kind === 'tree') envNames.note(item.bytes)
        objectsGiven.push(`${item.id} ${item.kind} ${item.start} ${hash(item.bytes)}`)
      } else {
        for (const kind of ['blob', 'tree', 'commit', 'tag'] as const)
          passed[kind] += item.skippedClean[kind]
        bytes += item.bytes
        linked &&= item.isConnected
        for (const named of item.names) envNames.add(named)
      }
    }
  }
  reader.recordScan(() => true)
  const notes: string[] = []
  if (reader.treeDiffLog !== undefined)
    forEachLogged(
      reader.treeDiffLog,
      (object, { bytes: noted, from, to }) =>
        void notes.push(`${object} ${Buffer.from(noted.subarray(from, to)).toString('hex')}`),
    )
  reader.close()
  return {
    given: objectsGiven.sort(),
    passed,
    bytes,
    names: Array.from(envNames.names(), ([object, name]) => `${object} ${name.text}`).sort(),
    linked,
    skips,
    notes: notes.sort(),
  }
}

describe('threads that read packs', () => {
  let alone: Read
  beforeAll(async () => {
    alone = await read({ threads: 1 })
  })

  test.each([2, 3, 4])('give together what one gives alone: %i', async (threads) => {
    expect(await read({ threads })).toEqual(alone)
    expect(alone).toMatchObject({ linked: true, skips: [] })
    expect(alone.given.length).toBeGreaterThan(20)
    expect(alone.names.length).toBeGreaterThan(1)
    expect(alone.notes).toHaveLength(packed(/^\w+ (?:tree|commit) /gm))
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
  ])('and one that %s make it incomplete, and nothing of it is kept', async (_what, broken) => {
    const folder = temporaryFolder()
    const memory = new SignedCacheFile<ScanCache>(
      { folder, keyFile: join(folder, 'key') },
      'history',
    )
    const { skips, given } = await read({ threads: 2, program: broken, memory })
    expect(skips).toEqual([
      expect.objectContaining({
        outcome: 'failed',
        reason: 'unreadable',
        detail: expect.stringContaining('a thread that reads objects ended early'),
      }),
    ])
    expect(given.length).toBeLessThanOrEqual(alone.given.length)
    expect(memory.read()).toBeUndefined()
  })

  test.each([
    ['at once', 'null.broken'],
    ['late', 'setTimeout(() => null.broken, 50)'],
  ])('end the scan with the error of one that has a bug: %s', async (_when, deed) => {
    await expect(read({ threads: 2, program: takesAnd(deed) })).rejects.toThrow(TypeError)
  })

  test('keep what they learned together', async () => {
    const folder = temporaryFolder()
    const memory = new SignedCacheFile<ScanCache>(
      { folder, keyFile: join(folder, 'key') },
      'history',
    )
    await read({ threads: 4, memory })
    expect(memory.read()).toMatchObject({ skippedClean: alone.passed, isConnected: true })
    // What is known from before is not seen again, so nothing is noted.
    expect(await read({ threads: 4, memory })).toEqual({ ...alone, notes: [] })
  })

  test('are not waited for when the time is over', async () => {
    const { skips } = await read({
      threads: 3,
      program: program('setInterval(() => {}, 1000)'),
      signal: AbortSignal.timeout(400),
    })
    expect(skips).toEqual([])
  })
})

/** A repository whose pack is large enough for two threads. */
function large(): Repo {
  const repo = Repo.create()
  const commits = Array.from({ length: 20 }, (_, at) => {
    const bytes = Buffer.concat([
      Buffer.from(at % 4 === 0 ? `id = ${awsPair(600 + at).id}\n` : ''),
      randomBytes(2 << 20),
    ])
    return Buffer.concat([
      Buffer.from(
        `commit refs/heads/main\ncommitter C <c@example.com> ${1_700_000_000 + at} +0000\ndata 0\nM 644 inline ${at}.bin\ndata ${bytes.length}\n`,
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

  test('says the same as with one', async () => {
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
