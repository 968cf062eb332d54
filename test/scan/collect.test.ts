import { describe, expect, test } from 'vitest'
import { ResultCollector } from '../../src/scan/collect.ts'
import type { Finding } from '../../src/model/model.ts'
import type { ReceiptHead } from '../../src/scan/receipt.ts'
import { finding, hostileResult, place } from '../support/result.ts'

const head: ReceiptHead = {
  target: 'scan',
  range: null,
  reader: null,
  rules: { count: 1, digest: 'd' },
  config: { path: null, from: 'none' },
  git: null,
  durationMs: 1,
}

function at(path: string): Finding {
  return finding({ places: [place({ kind: 'file', path: { text: path } })] })
}

describe('ResultCollector', () => {
  test('joins findings of one credential, and keeps all its places', () => {
    const collector = new ResultCollector()
    expect(
      [at('a'), at('b'), at('a')].map((one) => collector.record({ type: 'finding', finding: one })),
    ).toEqual([true, false, false])
    expect(
      collector.findings().map(({ places }) => places.map(({ origin }) => origin.path?.text)),
    ).toEqual([['a', 'b']])
  })

  test('adds up scanned objects, skips and suppressions', () => {
    const collector = new ResultCollector()
    const [suppressed] = hostileResult.suppressed
    const skip = { outcome: 'failed', reason: 'missing', object: 'f'.repeat(40) } as const
    for (const bytes of [10, 20])
      expect(
        collector.record({
          type: 'scanned',
          objects: { blob: 1, tree: 2, commit: 3, tag: 4 },
          bytes,
        }),
      ).toBe(true)
    expect(collector.record({ type: 'skipped', skip })).toBe(true)
    expect(collector.record({ type: 'suppressed', suppressed: suppressed! })).toBe(true)
    expect(collector.record({ type: 'planned', objects: 7 })).toBe(true)
    expect(collector.result([], head)).toMatchObject({
      findings: [],
      suppressed: [suppressed],
      receipt: {
        ...head,
        complete: false,
        blobs: 2,
        trees: 4,
        commits: 6,
        tags: 8,
        bytes: 30,
        skipped: [skip],
      },
    })
  })
})
