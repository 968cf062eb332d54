import { describe, expect, test } from 'vitest'
import { matchesFilter, noFilter, sortFindings } from '../../page/filter.ts'
import { lifetimeOf, periodsOf } from '../../page/periods.ts'
import { pageReport } from '../../src/report/html/data.ts'
import type { PageFinding } from '../../src/report/html/model.ts'
import type { Attribution } from '../../src/model/model.ts'
import { attribution, cleanResult, finding } from '../support/result.ts'

const at = (date: string) => ({ commit: 'a'.repeat(40), author: 'Ann <ann@example.com>', date })
const end = Date.parse('2026-11-22T12:00:00Z')

/** A finding in the data of the page, introduced at a date. */
function pageFinding(
  introduced: string | null,
  fields: Partial<Attribution> = {},
  severity: PageFinding['severity'] = 'high',
): PageFinding {
  const first = introduced === null ? null : at(introduced)
  const [converted] = pageReport(
    {
      ...cleanResult,
      findings: [
        finding({ severity, attribution: attribution({ first, last: first, ...fields }) }),
      ],
    },
    { version: '0' },
  ).findings
  return converted!
}

describe('the lifetime of a credential', () => {
  test.each([
    [
      'is open where HEAD has it',
      pageFinding('2024-01-01T00:00:00Z', { inHead: true }),
      { introduced: Date.UTC(2024, 0, 1), removed: Infinity },
    ],
    [
      'ends with the commit that removed it',
      pageFinding('2024-01-01T00:00:00Z', { removed: at('2024-03-01T01:00:00+01:00') }),
      { introduced: Date.UTC(2024, 0, 1), removed: Date.UTC(2024, 2, 1) },
    ],
    [
      'has no end where the removal is unknown',
      pageFinding('2024-01-01T00:00:00Z'),
      { introduced: Date.UTC(2024, 0, 1), removed: undefined },
    ],
    ['is none without a commit', pageFinding(null), undefined],
    ['is none without a date', pageFinding(''), undefined],
  ])('%s', (_name, subject, lifetime) => {
    expect(lifetimeOf(subject)).toEqual(lifetime)
  })
})

describe('periods', () => {
  test.each([
    ['days', '2026-11-01T23:59:59Z', 22, '2026-11-01'],
    ['months', '2025-01-31T00:00:00Z', 23, '2025-01'],
    ['quarters', '2020-05-01T00:00:00Z', 27, '2020 Q2'],
    ['years', '2006-05-01T00:00:00Z', 21, '2006'],
  ])('are %s, from the first finding to the end', (_name, introduced, count, label) => {
    const periods = periodsOf([pageFinding(introduced)], end)
    expect([periods.length, periods[0]?.label]).toEqual([count, label])
    periods.reduce((before, period) => (expect(period.from).toBe(before.to), period))
  })

  test('count introductions, removals, and credentials in HEAD at their ends', () => {
    const periods = periodsOf(
      [
        pageFinding('2024-01-10T00:00:00Z', { inHead: true }, 'critical'),
        pageFinding('2024-02-10T00:00:00Z', { removed: at('2024-04-01T00:00:00Z') }),
        pageFinding('2024-02-11T00:00:00Z'),
      ],
      Date.UTC(2024, 4, 15),
    )
    expect(
      periods.map(({ label, introduced, removed, inHead }) => [
        label,
        introduced.critical,
        introduced.high,
        removed,
        inHead,
      ]),
    ).toEqual([
      ['2024-01', 1, 0, 0, 1],
      ['2024-02', 0, 2, 0, 2],
      ['2024-03', 0, 0, 0, 2],
      ['2024-04', 0, 0, 1, 1],
      ['2024-05', 0, 0, 0, 1],
    ])
  })

  test('are limited, whatever year a commit claims', () => {
    expect(
      periodsOf([pageFinding('0001-01-01T00:00:00Z'), pageFinding('9999-12-31T23:59:59Z')], end),
    ).toHaveLength(400)
    expect(periodsOf([pageFinding(null)], end)).toEqual([])
  })
})

describe('the filter', () => {
  const one = pageFinding('2024-01-10T00:00:00Z', { removed: at('2024-05-01T00:00:00Z') })

  test.each([
    ['everything', {}, true],
    ['all words, in any case', { text: 'CONFIG.ini ann@' }, true],
    ['a word that is nowhere', { text: 'config.ini elsewhere' }, false],
    ['its severity, and another', { severities: new Set(['high', 'low']) }, true],
    ['another severity', { severities: new Set(['low']) }, false],
    ['another exposure', { exposures: new Set(['local']) }, false],
    ['its verification', { statuses: new Set(['not-tried']) }, true],
    ['another rule', { rule: 'github-token' }, false],
    ['what is not in HEAD', { head: 'out' as const }, true],
    ['what is in HEAD', { head: 'in' as const }, false],
    [
      'the time of its introduction',
      { period: { from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 1, 1), label: '' } },
      true,
    ],
    [
      'the time of its removal',
      { period: { from: Date.UTC(2024, 4, 1), to: Date.UTC(2024, 5, 1), label: '' } },
      true,
    ],
    [
      'the time between',
      { period: { from: Date.UTC(2024, 1, 1), to: Date.UTC(2024, 2, 1), label: '' } },
      false,
    ],
  ])('by %s', (_name, part, expected) => {
    expect(matchesFilter(one, { ...noFilter, ...part })).toBe(expected)
  })

  test('orders by age, with undated findings last', () => {
    const all = [
      pageFinding(null),
      pageFinding('2024-01-01T00:00:00Z'),
      pageFinding('2025-01-01T00:00:00Z', {}, 'low'),
    ]
    const dates = (order: 'newest' | 'oldest' | 'severity') =>
      sortFindings(all, order).map(({ first }) => first?.date.slice(0, 4))
    expect([dates('newest'), dates('oldest'), dates('severity')]).toEqual([
      ['2025', '2024', undefined],
      ['2024', '2025', undefined],
      [undefined, '2024', '2025'],
    ])
  })
})
