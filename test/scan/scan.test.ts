import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { scan } from '../../src/scan/scan.ts'
import type { ScanEvent, ScanResult } from '../../src/model/outcome.ts'
import type { ScanOptions, Target } from '../../src/model/target.ts'
import { awsPair, type Pair } from '../support/credentials.ts'
import { streamOf } from '../support/pieces.ts'
import { isolatedEnv, Repo } from '../support/repo.ts'

const keys = ({ id, secret }: Pair): string =>
  `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`

interface ScanWithEvents {
  readonly result: ScanResult
  readonly events: readonly ScanEvent[]
}

async function scanWithEvents(target: Target, options: ScanOptions): Promise<ScanWithEvents> {
  const events: ScanEvent[] = []
  const result = await scan(target, {
    env: isolatedEnv,
    onEvent: (event) => events.push(event),
    ...options,
  })
  return { result, events }
}

/** A repository with one pair in two files and two commits, and another pair in one file. */
function shop(): { readonly repo: Repo; readonly pairs: readonly [Pair, Pair] } {
  const pairs = [awsPair(9000), awsPair(9001)] as const
  const repo = Repo.create()
  repo.commit('Start', { 'one.ini': keys(pairs[0]), 'copy.ini': `# copy\n${keys(pairs[0])}` })
  repo.commit('More', {
    'one.ini': `${keys(pairs[0])}\n# more\n`,
    'two.ini': keys(pairs[1]),
    large: 'x'.repeat(5000),
  })
  return { repo, pairs }
}

const { repo, pairs } = shop()
const cwd = repo.path
const targets: readonly Target[] = [
  { name: 'scan' },
  { name: 'scan', git: false },
  { name: 'staged' },
  { name: 'range', range: 'HEAD~1..HEAD' },
  { name: 'history' },
  { name: 'history', reachable: true },
]
const named = targets.map((target) => [JSON.stringify(target), target] as const)

function traces(): string {
  return (
    repo.git('status', '--porcelain', '--ignored') +
    repo.git('for-each-ref') +
    repo.git('count-objects', '-v')
  )
}

async function* silent(): AsyncGenerator<Uint8Array> {
  yield Buffer.from(keys(pairs[0]))
  await wait(60_000, undefined, { ref: false })
}

describe('scan', () => {
  test('emits one finding event for each credential, in however many places it is', async () => {
    const { result, events } = await scanWithEvents({ name: 'history' }, { cwd })
    const emitted = events.flatMap((event) =>
      event.type === 'finding' ? [event.finding.fingerprint] : [],
    )
    expect(emitted.sort()).toEqual(result.findings.map(({ fingerprint }) => fingerprint).sort())
    expect(emitted).toHaveLength(2)
  })

  test('emits the number of objects once, and counts every object and byte', async () => {
    const { result, events } = await scanWithEvents({ name: 'history' }, { cwd })
    const objects = repo
      .git('cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectsize)')
      .split('\n')
      .map((line) => line.split(' '))
    expect(events.filter(({ type }) => type === 'planned')).toEqual([
      { type: 'planned', objects: objects.length },
    ])
    const scanned = events.flatMap((event) => (event.type === 'scanned' ? [event] : []))
    const sum = (numberOf: (event: (typeof scanned)[number]) => number): number =>
      scanned.reduce((total, event) => total + numberOf(event), 0)
    const counted = (kind: string): number => objects.filter(([one]) => one === kind).length
    expect([
      sum(({ objects: { blob } }) => blob),
      sum(({ objects: { tree } }) => tree),
      sum(({ objects: { commit } }) => commit),
      sum(({ bytes }) => bytes),
    ]).toEqual([
      counted('blob'),
      counted('tree'),
      counted('commit'),
      objects.reduce((total, [, size]) => total + Number(size), 0),
    ])
    expect(result.receipt).toMatchObject({
      complete: true,
      blobs: counted('blob'),
      trees: counted('tree'),
      commits: counted('commit'),
      reader: 'pack-wasm',
      target: 'history',
    })
  })

  test('emits an event for each skip', async () => {
    const { result, events } = await scanWithEvents(
      { name: 'history' },
      { cwd, maxBlobBytes: 4000 },
    )
    const skips = events.flatMap((event) => (event.type === 'skipped' ? [event.skip] : []))
    expect(skips).toEqual([
      {
        outcome: 'bounded',
        reason: 'too-large',
        object: repo.git('rev-parse', 'HEAD:large'),
        detail: '5000 bytes',
      },
    ])
    expect(result.receipt).toMatchObject({ complete: true, skipped: skips })
  })

  test('suppresses unchanged credentials in a range and in the index', async () => {
    const { result } = await scanWithEvents({ name: 'range', range: 'HEAD~1..HEAD' }, { cwd })
    expect(result.findings.map(({ parts }) => parts.map(({ secret }) => secret.reveal()))).toEqual([
      [pairs[1].secret, pairs[1].id],
    ])
    expect(result.suppressed).toMatchObject([
      { suppression: { by: 'unchanged' }, place: { origin: { path: { text: 'one.ini' } } } },
    ])
    expect(result.receipt.range).toEqual({
      base: repo.git('rev-parse', 'HEAD~1'),
      head: repo.git('rev-parse', 'HEAD'),
    })

    const other = Repo.create()
    other.commit('Start', { a: keys(pairs[0]), moved: `${keys(pairs[1])}${'line\n'.repeat(50)}` })
    other.append('a', '# more\n').git('mv', 'moved', 'there')
    other.append('there', 'last\n').git('add', '-A')
    const staged = await scanWithEvents({ name: 'staged' }, { cwd: other.path })
    expect(staged.result.findings).toEqual([])
    expect(
      staged.result.suppressed
        .map(({ suppression, place }) => `${suppression.by} ${place.origin.path?.text}`)
        .sort(),
    ).toEqual(['unchanged a', 'unchanged there'])
  })

  test('reports a credential that only another file had before', async () => {
    const other = Repo.create()
    other.commit('Start', { a: keys(pairs[0]), b: 'b\n' })
    other.append('b', keys(pairs[0])).git('add', '-A')
    expect(
      (await scanWithEvents({ name: 'staged' }, { cwd: other.path })).result.findings,
    ).toHaveLength(1)
  })

  test('joins an id that was there before with a new secret', async () => {
    const other = Repo.create()
    other.commit('Start', { a: `aws_access_key_id = ${pairs[0].id}\n` })
    other.append('a', `aws_secret_access_key = ${pairs[0].secret}\n`).git('add', '-A')
    expect(
      (await scanWithEvents({ name: 'staged' }, { cwd: other.path })).result.findings.map(
        ({ parts }) => parts.length,
      ),
    ).toEqual([2])
  })

  test('joins an id and a secret of different files and commits when no other join is possible', async () => {
    const other = Repo.create()
    other.commit('Id', {
      'deploy/id.txt': `aws_access_key_id = ${pairs[0].id}\n`,
      'README.md': '# Shop\n',
    })
    other.commit('Secret', {
      'src/keys.js': `const awsSecretKey = '${pairs[0].secret}'\n`,
      'deploy/id.txt': 'moved\n',
    })
    for (const target of [{ name: 'history' }, { name: 'history', reachable: true }] as const) {
      const { result } = await scanWithEvents(target, { cwd: other.path })
      expect(
        result.findings.map(({ parts, severity }) => [
          ...parts.map(({ secret }) => secret.reveal()),
          severity,
        ]),
      ).toEqual([[pairs[0].secret, pairs[0].id, 'high']])
      expect(result.findings[0]?.explanation.at(-1)).toMatch(
        /^id and secret stand in different places/,
      )
      expect(
        result.findings[0]?.places
          .map(({ origin, role }) => `${role} ${origin.path?.text} ${origin.commit}`)
          .sort(),
      ).toEqual([
        `id deploy/id.txt ${other.git('rev-parse', 'HEAD~1')}`,
        `secret src/keys.js ${other.git('rev-parse', 'HEAD')}`,
      ])
    }
    other.commit('Another secret', { 'src/more.js': `const awsSecretKey = '${pairs[1].secret}'\n` })
    const { result } = await scanWithEvents({ name: 'history' }, { cwd: other.path })
    expect(
      result.findings.map(({ parts, explanation }) => [
        parts.length,
        explanation.at(-1)?.slice(0, 10),
      ]),
    ).toEqual(Array.from({ length: 3 }, () => [1, 'not joined']))
  })

  test.each(named)('is incomplete when aborted before it begins: %s', async (_name, target) => {
    const { result } = await scanWithEvents(target, { cwd, signal: AbortSignal.abort() })
    expect(result.receipt.complete).toBe(false)
    expect(result.receipt.skipped.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      'failed interrupted',
    ])
  })

  test.each(named)(
    'ends when a listener aborts it, with its findings, and is incomplete: %s',
    async (_name, target) => {
      const controller = new AbortController()
      const { result } = await scanWithEvents(target, {
        cwd,
        signal: controller.signal,
        onEvent: () => controller.abort(),
      })
      expect(result.receipt.skipped.map(({ reason }) => reason)).toEqual(['interrupted'])
      expect(result.receipt.complete).toBe(false)
    },
  )

  test.each([
    ...named,
    ['a silent pipe', { name: 'stdin', stream: silent() } satisfies Target] as const,
  ])('reports that the deadline has passed: %s', async (_name, target) => {
    const { result } = await scanWithEvents(target, {
      cwd,
      deadlineMs: target.name === 'stdin' ? 50 : 0,
      onEvent: () => busyFor(5),
    })
    expect(result.receipt.skipped.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      'failed deadline',
    ])
    expect(result.receipt.complete).toBe(false)
  })

  test('keeps its deadline while garbage is collected', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage: () => void = runInNewContext('gc')
    const timer = setInterval(collectGarbage, 10)
    const { result } = await scanWithEvents(
      { name: 'stdin', stream: silent() },
      { deadlineMs: 100 },
    )
    clearInterval(timer)
    expect(result.receipt.skipped).toMatchObject([{ reason: 'deadline' }])
  }, 10_000)

  test('reports an interruption that comes before the deadline', async () => {
    const { result } = await scanWithEvents(
      { name: 'history' },
      { cwd, deadlineMs: 60_000, signal: AbortSignal.abort() },
    )
    expect(result.receipt.skipped.map(({ reason }) => reason)).toEqual(['interrupted'])
  })

  test('reads a stream without git', async () => {
    const { result } = await scanWithEvents(
      {
        name: 'stdin',
        stream: streamOf([
          Buffer.from(keys(pairs[0])).subarray(0, 30),
          Buffer.from(keys(pairs[0])).subarray(30),
        ]),
      },
      {},
    )
    expect(result.findings).toMatchObject([
      {
        places: [
          { origin: { kind: 'stdin' }, span: { line: 2, column: 25 } },
          { span: { line: 1, column: 21 } },
        ],
      },
    ])
    expect(result.receipt).toMatchObject({
      complete: true,
      blobs: 1,
      git: null,
      reader: null,
      range: null,
    })
  })

  test('uses the selected rules, and gives them a digest of their own', async () => {
    const all = await scanWithEvents({ name: 'scan' }, { cwd })
    const some = await scanWithEvents({ name: 'scan' }, { cwd, rules: ['npm'] })
    expect([all.result.findings.length, some.result.findings.length]).toEqual([2, 0])
    expect(some.result.receipt.rules.digest).not.toBe(all.result.receipt.rules.digest)
    await expect(scan({ name: 'scan' }, { cwd, rules: ['no-such-rule'] })).rejects.toThrow(
      /no-such-rule/,
    )
  })

  test('leaves no trace in the repository', async () => {
    const before = traces()
    for (const target of targets) await scan(target, { cwd, env: isolatedEnv })
    expect(traces()).toBe(before)
  })
})

/** Blocks the process, so that the deadline passes. */
function busyFor(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}
