import { describe, expect, test } from 'vitest'
import type { Skip } from '../../src/model/model.ts'
import type { ScanEvent } from '../../src/model/outcome.ts'
import { ReceiptBuilder, type ReceiptHead } from '../../src/scan/receipt.ts'
import { finding } from '../support/result.ts'

const head: ReceiptHead = {
  target: 'history',
  range: null,
  reader: 'cat-file',
  rules: { count: 3, digest: 'd' },
  config: { path: null, from: 'none' },
  git: '2.39.5',
  durationMs: 5,
}

function receiptOf(events: readonly ScanEvent[]) {
  const builder = new ReceiptBuilder()
  for (const event of events) builder.record(event)
  return builder.build(head)
}

function skips(count: number, skip: Skip): ScanEvent[] {
  return Array.from({ length: count }, () => ({ type: 'skipped', skip }))
}

describe('ReceiptBuilder', () => {
  test('adds up objects and bytes', () => {
    const receipt = receiptOf([
      { type: 'planned', objects: 9 },
      { type: 'scanned', objects: { blob: 0, tree: 0, commit: 0, tag: 0 }, bytes: 100 },
      { type: 'scanned', objects: { blob: 1, tree: 1, commit: 1, tag: 1 }, bytes: 61 },
      { type: 'finding', finding: finding() },
    ])
    expect(receipt).toEqual({
      ...head,
      complete: true,
      commits: 1,
      trees: 1,
      tags: 1,
      blobs: 1,
      bytes: 161,
      skipped: [],
    })
  })

  test.each([
    ['a bounded skip leaves it complete', 'bounded', true],
    ['a failed skip makes it incomplete', 'failed', false],
  ] as const)('%s', (_name, outcome, complete) => {
    const skip: Skip = { outcome, reason: 'missing', object: 'abc' }
    expect(receiptOf(skips(1, skip))).toMatchObject({ complete, skipped: [skip] })
  })

  test('lists a thousand skips of one outcome and reason, and counts the others in one more', () => {
    const { skipped } = receiptOf([
      ...skips(1003, { outcome: 'failed', reason: 'missing' }),
      ...skips(1000, { outcome: 'failed', reason: 'corrupt' }),
      ...skips(2, { outcome: 'bounded', reason: 'missing' }),
    ])
    expect(skipped).toHaveLength(1001 + 1000 + 2)
    expect(skipped[1000]).toEqual({
      outcome: 'failed',
      reason: 'missing',
      detail: 'and 3 more',
      count: 3,
    })
    expect(skipped.filter((skip) => skip.count !== undefined)).toHaveLength(1)
  })

  test('builds a receipt at any time, which later events do not change', () => {
    const builder = new ReceiptBuilder()
    builder.record({ type: 'skipped', skip: { outcome: 'bounded', reason: 'sparse' } })
    const early = builder.build(head)
    builder.record({ type: 'skipped', skip: { outcome: 'bounded', reason: 'sparse' } })
    expect(early.skipped).toHaveLength(1)
    expect(builder.build(head).skipped).toHaveLength(2)
  })
})
