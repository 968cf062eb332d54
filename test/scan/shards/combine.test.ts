import { describe, expect, test } from 'vitest'
import type { Attribution, Finding, Skip } from '../../../src/model/model.ts'
import type { Receipt } from '../../../src/model/outcome.ts'
import { combine } from '../../../src/scan/shards/combine.ts'
import type { ShardReport } from '../../../src/scan/shards/read-shard-report.ts'
import { findingOf, originOf, partOf } from '../findings/made-findings.ts'

const receipt: Receipt = {
  complete: true,
  target: 'history',
  range: null,
  reader: 'pack-wasm',
  commits: 1,
  trees: 2,
  tags: 3,
  blobs: 4,
  bytes: 50,
  skipped: [],
  rules: { count: 3, digest: 'd' },
  config: { path: null, from: 'none' },
  git: '2.39.5',
  durationMs: 6,
}

const ROOT = 'a'.repeat(40)

/** The report of one of two shards. */
function report(index: number, more: Partial<ShardReport> = {}): ShardReport {
  return {
    name: `${index}.json`,
    oakum: '1.0.0',
    shard: { index, count: 2, root: ROOT, sums: ['1 a', '2 b'], asked: 'x' },
    receipt,
    findings: [],
    suppressed: [],
    counts: new Map(),
    ...more,
  }
}

function withSkips(...skipped: readonly Skip[]): Pick<ShardReport, 'receipt'> {
  return { receipt: { ...receipt, skipped } }
}

/** Reads that many objects through git. */
function through(count: number): Pick<ShardReport, 'receipt'> {
  return { receipt: { ...receipt, reader: `pack-wasm, ${count} objects through cat-file` } }
}

const attribution: Attribution = {
  first: { commit: 'b'.repeat(40), author: 'A', date: '2026-01-02T00:00:00Z' },
  last: { commit: 'b'.repeat(40), author: 'A', date: '2026-01-02T00:00:00Z' },
  inHead: false,
  refs: ['refs/heads/side'],
  exposure: 'local',
}

function finding(path: string, more: Partial<Attribution>): Finding {
  const found = findingOf([partOf('secret', 'sEcReT')], { origins: [originOf(path)] })
  return { ...found, attribution: { ...attribution, ...more } }
}

describe('combine', () => {
  test('adds up what the shards scanned', () => {
    const result = combine([report(1), report(2)])
    expect(result.receipt).toMatchObject({
      complete: true,
      commits: 2,
      trees: 4,
      tags: 6,
      blobs: 8,
      bytes: 100,
      durationMs: 12,
      reader: 'pack-wasm',
      git: '2.39.5',
    })
  })

  test('joins findings of one credential, with the worst exposure and the whole time span', () => {
    const first = { commit: 'c'.repeat(40), author: 'B', date: '2025-01-01T00:00:00Z' }
    const { findings } = combine([
      report(1, { findings: [finding('a', {})] }),
      report(2, {
        findings: [
          finding('b', { first, inHead: true, refs: ['refs/heads/main'], exposure: 'published' }),
        ],
      }),
    ])
    expect(findings).toHaveLength(1)
    expect(findings[0]?.places.map(({ origin }) => origin.path?.text).sort()).toEqual(['a', 'b'])
    expect(findings[0]?.attribution).toEqual({
      ...attribution,
      first,
      inHead: true,
      refs: ['refs/heads/main', 'refs/heads/side'],
      exposure: 'published',
    })
  })

  test('lists a skip of several shards once, and equal skips of one shard each', () => {
    const tree: Skip = { outcome: 'failed', reason: 'missing', object: 'd'.repeat(40) }
    const other: Skip = { outcome: 'bounded', reason: 'too-large', detail: '9 bytes' }
    const { skipped, complete } = combine([
      report(1, withSkips(tree, other, other)),
      report(2, withSkips(tree, other)),
    ]).receipt
    expect(skipped).toEqual([tree, other, other])
    expect(complete).toBe(false)
  })

  test('joins names of readers and adds up the objects read through git', () => {
    const { reader } = combine([report(1, through(3)), report(2, through(4))]).receipt
    expect(reader).toBe('pack-wasm, 7 objects through cat-file')
  })

  test('counts suppressions that the reports only count', () => {
    const { suppressed } = combine([
      report(1, { counts: new Map([['placeholder', 2]]) }),
      report(2, {
        counts: new Map([
          ['placeholder', 1],
          ['entropy', 1],
        ]),
      }),
    ])
    expect(suppressed.map(({ suppression }) => suppression.by)).toEqual([
      'placeholder',
      'placeholder',
      'placeholder',
      'entropy',
    ])
  })

  test('is incomplete without one of the shards', () => {
    expect(combine([report(2)]).receipt).toMatchObject({
      complete: false,
      skipped: [{ outcome: 'failed', detail: 'shard 1 of 2 is not among the reports' }],
    })
  })

  test('is incomplete when clones held different objects', () => {
    const { shard } = report(2)
    const other = report(2, { shard: { ...shard, sums: ['1 c', '2 b'] } })
    expect(combine([report(1), other]).receipt).toMatchObject({
      complete: false,
      skipped: [{ detail: expect.stringContaining('other objects than that of shard 2') }],
    })
  })

  test('is incomplete when a shard is, though it lists no failure', () => {
    const incomplete = report(2, { receipt: { ...receipt, complete: false } })
    expect(combine([report(1), incomplete]).receipt.complete).toBe(false)
  })

  test.each<readonly [string, Partial<ShardReport>]>([
    ['number of shards', { shard: { ...report(2).shard, count: 3 } }],
    ['repository', { shard: { ...report(2).shard, root: null } }],
    ['version of Oakum', { oakum: '2.0.0' }],
    ['rules', { receipt: { ...receipt, rules: { count: 3, digest: 'e' } } }],
    ['configuration', { receipt: { ...receipt, config: { path: 'a', from: 'base' } } }],
    ['limits, allow entries or baseline', { shard: { ...report(2).shard, asked: 'y' } }],
  ])('refuses reports that differ in %s', (difference, more) => {
    expect(() => combine([report(1), report(2, more)])).toThrow(
      `2.json and 1.json are not of one whole: they differ in ${difference}`,
    )
  })

  test('refuses a shard that is given twice', () => {
    expect(() => combine([report(1), report(1)])).toThrow('1.json: shard 1 is given twice')
  })

  test('refuses to count more suppressions than any repository has', () => {
    const counts = new Map([['entropy', 10_000_001] as const])
    expect(() => combine([report(1, { counts }), report(2, { counts })])).toThrow(
      'more than 20000000 cannot be',
    )
  })
})
