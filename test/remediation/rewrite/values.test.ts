import { describe, expect, test } from 'vitest'
import { VALUE_RULE_FAMILY, valueRules } from '../../../src/remediation/rewrite/values.ts'
import { noPolicy } from '../../../src/model/policy.ts'
import { scan } from '../../../src/scan/scan.ts'
import { awsPair } from '../../support/credentials.ts'
import { finding, part, rule } from '../../support/result.ts'

const { secret } = awsPair(8801)

const findingOf = (...values: readonly string[]) =>
  finding({ parts: values.map((value) => part('secret', value)) })

/** Scans `text` with the rules of `values` only; the offsets of what they find. */
async function offsetsIn(text: string | Buffer, ...values: readonly string[]) {
  const { rules } = valueRules([findingOf(...values)])
  const { findings } = await scan(
    {
      name: 'stdin',
      stream: (async function* () {
        yield Buffer.from(text)
      })(),
    },
    { policy: { ...noPolicy, rules, markers: 'ignore' }, rules: [VALUE_RULE_FAMILY] },
  )
  return findings.flatMap(({ places }) => places.map(({ span }) => [span.start, span.end]))
}

describe('valueRules', () => {
  test('has one rule for each distinct value', () => {
    const { rules, plain } = valueRules([findingOf(secret), findingOf(secret, `${secret}x`)])
    expect(rules.map(({ definition }) => definition.id)).toEqual(['oakum-value-0', 'oakum-value-1'])
    expect(plain).toBe(0)
  })

  test.each([
    ['short', 'aB3$xY7'],
    ['a word', 'production'],
    ['without a run of ASCII for a keyword', 'é1é2é3é4é5é6é7é8é9é0é'],
  ])('has no rule for a value that is %s, and counts it', (_what, value) => {
    expect(valueRules([findingOf(value)])).toEqual({ rules: [], plain: 1 })
  })

  test('has a rule for a long value of words', () => {
    expect(valueRules([findingOf('correct horse battery staple')]).rules).toHaveLength(1)
  })

  test('cuts the keyword, and takes it from the longest run of ASCII', () => {
    const [value] = valueRules([findingOf('ab é abcdefghijklmnopqrstuvwxyz é c')]).rules
    expect(value?.definition.parts[0]?.keywords).toEqual([
      { text: 'abcdefghijklmnop', ignoreCase: false },
    ])
  })

  test('keeps who makes values of the rule', () => {
    const madeByPerson = { ...findingOf(secret), rule: rule({ madeBy: 'person' }) }
    expect(valueRules([madeByPerson]).rules[0]?.definition.madeBy).toBe('person')
  })

  test('escapes everything with a meaning in a pattern', async () => {
    const value = String.raw`a.b*c(d)[e]{2}|f^g$h\d+?/"`
    expect(await offsetsIn(`x = ${value};`, value)).toEqual([[4, 4 + value.length]])
    expect(await offsetsIn(`x = ${value.replaceAll('.', 'x')};`, value)).toEqual([])
  })

  test('finds a value wherever it stands, without a name before it, and in base64', async () => {
    const encoded = Buffer.from(`key: ${secret}\n`).toString('base64')
    expect(await offsetsIn(`# ${secret}\n`, secret)).toEqual([[2, 42]])
    expect(await offsetsIn(`data: ${encoded}\n`, secret)).toHaveLength(1)
  })
})
