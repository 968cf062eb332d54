import { describe, expect, test } from 'vitest'
import { joinAcrossFiles } from '../../../src/scan/findings/across-files.ts'
import type { Finding, Origin } from '../../../src/model/model.ts'
import type { Role, RulePart } from '../../../src/model/rule.ts'
import { seededRandom } from '../../support/random.ts'
import { findingOf, originOf, partOf, ruleOf } from './made-findings.ts'

const rulePart = (role: Role): RulePart => ({
  role,
  keywords: [],
  pattern: /x/dg,
  window: 16,
  minEntropy: 0,
  validator: undefined,
  alone: 'low',
})
const rule = ruleOf({ parts: [rulePart('id'), rulePart('secret'), rulePart('token')] })

type Where = readonly [path: string, commit?: string]

function at(where: readonly Where[]): readonly [Origin, ...Origin[]] {
  const [first = originOf('a'), ...rest] = where.map(([path, commit]) =>
    originOf(path, commit === undefined ? {} : { commit }),
  )
  return [first, ...rest]
}

const id = (text: string, ...where: readonly Where[]): Finding =>
  findingOf([partOf('id', text)], { rule, severity: 'low', origins: at(where) })
const secret = (text: string, ...where: readonly Where[]): Finding =>
  findingOf([partOf('secret', text)], { rule, severity: 'medium', origins: at(where) })
const pair = (name: string, ...where: readonly Where[]): Finding =>
  findingOf([partOf('secret', `s${name}`), partOf('id', `i${name}`)], { rule, origins: at(where) })

const bait = (text: string, ...where: readonly Where[]): Finding =>
  findingOf([partOf('id', text, { facts: { canary: 'bait' } })], {
    rule,
    severity: 'low',
    origins: at(where),
  })

/** Summary of a finding: `s1+i1 high 2` for a pair with two places. */
function outline(findings: readonly Finding[]): readonly string[] {
  return findings
    .map(
      ({ parts, severity, places }) =>
        `${parts.map((part) => part.secret.reveal()).join('+')} ${severity} ${places.length}`,
    )
    .sort()
}

describe('joinAcrossFiles', () => {
  test.each<[string, readonly Finding[], readonly string[]]>([
    ['nothing', [], []],
    ['an id alone', [id('i1', ['a'])], ['i1 low 1']],
    ['a pair', [pair('1', ['a'])], ['s1+i1 high 2']],
    [
      'bait, which a secret elsewhere does not belong to',
      [bait('i1', ['conf/id']), secret('s1', ['conf/secret'])],
      ['i1 low 1', 's1 medium 1'],
    ],
    [
      'bait beside a key of the same folder',
      [bait('i1', ['conf/bait']), id('i2', ['conf/id']), secret('s1', ['conf/secret'])],
      ['i1 low 1', 's1+i2 high 2'],
    ],
    [
      'files of one folder',
      [id('i1', ['conf/id']), secret('s1', ['conf/secret'])],
      ['s1+i1 high 2'],
    ],
    [
      'two folders with one of each',
      [id('i1', ['a/id']), secret('s1', ['a/key']), id('i2', ['b/id']), secret('s2', ['b/key'])],
      ['s1+i1 high 2', 's2+i2 high 2'],
    ],
    [
      'one file at different times, before another file of the folder',
      [
        id('i1', ['a/x', 'c1']),
        secret('s1', ['a/x', 'c2']),
        id('i2', ['a/y', 'c3']),
        secret('s2', ['a/z', 'c4']),
      ],
      ['s1+i1 high 2', 's2+i2 high 2'],
    ],
    [
      'one commit, in different folders',
      [
        id('i1', ['a/x', 'c1']),
        secret('s1', ['b/y', 'c1']),
        id('i2', ['c/x', 'c2']),
        secret('s2', ['d/y', 'c2']),
      ],
      ['s1+i1 high 2', 's2+i2 high 2'],
    ],
    [
      'the only ones of all, in different commits and folders',
      [id('i1', ['a/x', 'c1']), secret('s1', ['b/y', 'c2'])],
      ['s1+i1 high 2'],
    ],
    [
      'what is left when the others are joined',
      [id('i1', ['a/x']), secret('s1', ['a/y']), id('i2', ['b/x']), secret('s2', ['c/x'])],
      ['s1+i1 high 2', 's2+i2 high 2'],
    ],
    [
      'places in several folders, of which one tells',
      [id('i1', ['a/x'], ['b/x']), secret('s1', ['b/y']), secret('s2', ['c/y'])],
      ['s1+i1 high 3', 's2 medium 1'],
    ],
    [
      'two secrets for one id',
      [id('i1', ['a/x']), secret('s1', ['a/y']), secret('s2', ['a/z'])],
      ['i1 low 1', 's1 medium 1', 's2 medium 1'],
    ],
    [
      'two ids for one secret',
      [id('i1', ['a/x']), id('i2', ['a/y']), secret('s1', ['a/z'])],
      ['i1 low 1', 'i2 low 1', 's1 medium 1'],
    ],
    [
      'an id that also stands in a pair',
      [pair('1', ['a']), id('i1', ['b'], ['c'])],
      ['s1+i1 high 4'],
    ],
    [
      'an id that stands in two pairs',
      [
        pair('1', ['a']),
        findingOf([partOf('secret', 's2'), partOf('id', 'i1')], { rule }),
        id('i1', ['b']),
      ],
      ['i1 low 1', 's1+i1 high 2', 's2+i1 high 2'],
    ],
    [
      'an id whose pair leaves another secret alone',
      [pair('1', ['a']), id('i1', ['b/x']), secret('s2', ['b/y'])],
      ['s1+i1 high 3', 's2 medium 1'],
    ],
    [
      'a message and a file of one commit',
      [
        findingOf([partOf('id', 'i1')], {
          rule,
          severity: 'low',
          origins: [{ kind: 'message', commit: 'c1' }],
        }),
        secret('s1', ['a/y', 'c1']),
        secret('s2', ['b/y', 'c2']),
      ],
      ['s1+i1 high 2', 's2 medium 1'],
    ],
  ])('of %s', (_name, findings, expected) => {
    expect(outline(joinAcrossFiles(findings))).toEqual([...expected].sort())
    expect(outline(joinAcrossFiles(findings.toReversed()))).toEqual([...expected].sort())
  })

  test('keeps the fingerprint of the secret, gives the reason, and merges the facts', () => {
    const [one, other] = [
      findingOf([partOf('id', 'i1', { facts: { accountId: '1' } })], {
        rule,
        severity: 'low',
        origins: at([['a/x']]),
      }),
      secret('s1', ['a/y']),
    ]
    const [joined] = joinAcrossFiles([one, other])
    expect(joined).toMatchObject({
      fingerprint: other.fingerprint,
      severity: 'high',
      facts: { accountId: '1' },
      places: [{ role: 'secret' }, { role: 'id' }],
    })
    expect(joined?.explanation).toEqual([
      'rule made-up',
      'by a test',
      'by its secret',
      'by its id',
      'id and secret stand in different files of one folder, each the only one there without the other',
    ])
  })

  test('explains why a part that could belong to several others stays alone', () => {
    const findings = [id('i1', ['a/x']), secret('s1', ['a/y']), secret('s2', ['a/z'])]
    expect(joinAcrossFiles(findings).map(({ explanation }) => explanation.at(-1))).toEqual(
      Array.from(
        { length: 3 },
        () =>
          'not joined: ids without a secret: 1, secrets without an id: 2, and nothing says which belong together',
      ),
    )
    expect(joinAcrossFiles([secret('s1', ['a']), secret('s2', ['b'])])).toEqual([
      secret('s1', ['a']),
      secret('s2', ['b']),
    ])
  })

  test('joins nothing of rules without id and secret, or of different rules', () => {
    const other = ruleOf({ id: 'other', family: 'other', parts: rule.parts })
    const alone = ruleOf({ parts: [rulePart('secret')] })
    const findings = [
      id('i1', ['a/x']),
      findingOf([partOf('secret', 's1')], { rule: other, origins: at([['a/y']]) }),
      findingOf([partOf('secret', 's2')], { rule: alone, origins: at([['a/y']]) }),
    ]
    expect(outline(joinAcrossFiles(findings))).toEqual(outline(findings))
  })

  test('neither joins nor takes long for many ids and secrets', () => {
    const random = seededRandom(7)
    const where = (): Where => [
      `d${Math.floor(random() * 3)}/f${Math.floor(random() * 4000)}`,
      `c${Math.floor(random() * 3)}`,
    ]
    const findings = Array.from({ length: 3000 }, (_, n) =>
      n % 2 === 0 ? id(`i${n}`, where()) : secret(`s${n}`, where()),
    )
    const result = joinAcrossFiles(findings)
    const pairs = result.filter(({ parts }) => parts.length === 2)
    // Some findings share a file with exactly one other by chance; no others are joined, and none
    // twice.
    expect(pairs.length).toBeLessThan(700)
    expect(
      new Set(result.flatMap(({ parts }) => parts.map((part) => part.secret.reveal()))).size,
    ).toBe(3000)
    expect(result.length).toBe(3000 - pairs.length)
  })
})
