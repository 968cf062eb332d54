import { describe, expect, test } from 'vitest'
import { compileRule } from '../../src/rules/compile.ts'
import { decodeRuleFiles, describeProblem } from '../../src/rules/decode.ts'

const rule = {
  id: 'acme-token',
  description: 'Acme token',
  severity: 'high',
  keywords: ['acme_'],
  pattern: '(?<secret>acme_[a-z]{20})',
  remedy: 'Revoke the token.',
  references: ['https://acme.example/tokens'],
  examples: ['a=<<acme_{lower:20}>>', 'b=<<acme_{lower:20}>>'],
  counterExamples: ['acme_', 'acme_{lower:19}'],
}

const decode = (...rules: unknown[]) =>
  decodeRuleFiles([{ file: 'acme.yaml', content: { provider: 'acme', rules } }])

function problemsOf(...rules: unknown[]): readonly string[] {
  const decoded = decode(...rules)
  return 'problems' in decoded ? decoded.problems.map(describeProblem) : []
}

function definitionOf(written: unknown) {
  const decoded = decode(written)
  if ('problems' in decoded) throw new Error(decoded.problems.map(describeProblem).join('\n'))
  return decoded.definitions[0]!
}

test('fields that a rule leaves out have their defaults', () => {
  expect(definitionOf(rule)).toMatchObject({
    provider: 'acme',
    family: 'acme-token',
    madeBy: 'machine',
    generic: false,
    parts: [
      {
        role: 'secret',
        alone: 'high',
        window: 256,
        entropy: 0,
        keywords: [{ text: 'acme_', ignoreCase: false }],
      },
    ],
  })
})

test('keywords and patterns may ignore case, and patterns may have several lines', () => {
  const { keywords: _k, pattern: _p, ...rest } = rule
  const parts = [
    {
      role: 'token',
      alone: 'never',
      keywords: [{ text: 'ACME', ignoreCase: true }],
      pattern: { ignoreCase: true, text: ['(?<secret>', 'acme_[a-z]{20})'] },
    },
  ]
  const compiled = compileRule(definitionOf({ ...rest, parts })).parts[0]!
  expect(compiled).toMatchObject({
    role: 'token',
    alone: 'never',
    keywords: [{ text: 'ACME', ignoreCase: true }],
  })
  expect(compiled.pattern).toEqual(/(?<secret>acme_[a-z]{20})/dgi)
})

test('a rule compiles to patterns with indices and its validator', () => {
  const [part] = compileRule(
    definitionOf({ ...rule, validator: 'github-checksum', entropy: 3, window: 64 }),
  ).parts
  expect(part?.pattern.flags).toBe('dg')
  expect(part).toMatchObject({ minEntropy: 3, window: 64 })
  expect(part?.validator?.('acme_').valid).toBe(false)
})

test('all problems of all files are reported at once, each with its location', () => {
  const decoded = decodeRuleFiles([
    {
      file: 'a.yaml',
      content: { provider: 'Acme', rules: [{ ...rule, severity: 'huge', remedy: 'none' }, 'x'] },
    },
    { file: 'b.yaml', content: 7 },
    {
      file: 'c.yaml',
      content: { provider: 'c', rules: [{ ...rule, id: 'c', window: 3 }], more: 1 },
    },
  ])
  const problems = 'problems' in decoded ? decoded.problems : []
  expect(problems.map(({ file, rule: id, field }) => [file, id, field])).toEqual([
    ['a.yaml', undefined, 'provider'],
    ['a.yaml', 'acme-token', 'severity'],
    ['a.yaml', 'acme-token', 'remedy'],
    ['a.yaml', 'rules[1]', ''],
    ['b.yaml', undefined, ''],
    ['c.yaml', undefined, 'more'],
    ['c.yaml', 'c', 'window'],
  ])
  expect(describeProblem(problems[1]!)).toBe(
    'a.yaml: acme-token: severity: expected one of low, medium, high, critical',
  )
})

test('an id may be used only once in all files', () => {
  expect(problemsOf(rule, rule)).toEqual([
    'acme.yaml: acme-token: id: expected an id that no other rule has',
  ])
})

describe('a rule is rejected', () => {
  test.each<[string, object, RegExp]>([
    ['with a field nobody knows', { regex: 'x' }, /regex: expected no such field/],
    ['without a rule id', { id: undefined }, /id: expected/],
    ['with a description of two lines', { description: 'Acme\ntoken' }, /description/],
    [
      'with a keyword of three bytes',
      { keywords: ['abc'] },
      /keywords\[0\]: expected at least 4 bytes of ASCII/,
    ],
    ['with a keyword that is not ASCII', { keywords: ['pässword'] }, /keywords\[0\]/],
    ['without keywords', { keywords: [] }, /keywords: expected at least 1/],
    ['without the group', { pattern: 'acme_[a-z]{20}' }, /pattern: expected a group named secret/],
    [
      'with a star',
      { pattern: '(?<secret>acme_[a-z]*)' },
      /upper bound to every repetition, which \* has not/,
    ],
    ['with a plus', { pattern: '(?<secret>acme_[a-z]+)' }, /which \+ has not/],
    ['with an open range', { pattern: '(?<secret>acme_[a-z]{4,})' }, /which \{4,\} has not/],
    [
      'with a pattern that does not parse',
      { pattern: '(?<secret>acme' },
      /a regular expression of JavaScript/,
    ],
    [
      'with a validator nobody knows',
      { validator: 'luhn' },
      /validator: expected one of aws-key-id/,
    ],
    ['with a floor no text reaches', { entropy: 9 }, /entropy: expected a number from 0 to 6/],
    ['with one example', { examples: ['<<acme_{lower:20}>>'] }, /examples: expected at least 2/],
    [
      'with an example that marks nothing',
      { examples: ['x', '<<y>>'] },
      /examples\[0\]: expected the secret to be marked/,
    ],
    [
      'with an example that cannot be filled in',
      { examples: ['<<x', '<<y>>'] },
      /examples\[0\]: expected a mark to be closed/,
    ],
    [
      'with a mark of a role it does not find',
      { examples: ['<<id:x>>', '<<y>>'] },
      /examples\[0\]: expected no mark of role id/,
    ],
    [
      'with a mark in a counter-example',
      { counterExamples: ['<<x>>', 'y'] },
      /counterExamples\[0\]: expected no mark/,
    ],
    [
      'with a reference that is no address',
      { references: ['acme docs'] },
      /references\[0\]: expected an https/,
    ],
    [
      'with parts beside a pattern',
      { parts: [] },
      /pattern: expected to be written in each of the parts/,
    ],
    ['with a flag that is none', { generic: 'yes' }, /generic: expected true or false/],
  ])('%s', (_, change, expected) => {
    expect(problemsOf({ ...rule, ...change }).join('\n')).toMatch(expected)
  })

  test('for a field of a part, with its path', () => {
    const { keywords: _k, pattern: _p, ...rest } = rule
    const part = { role: 'secret', keywords: ['acme_'], pattern: rule.pattern }
    expect(problemsOf({ ...rest, parts: [part, { ...part, role: 'door' }, 5] })).toEqual([
      'acme.yaml: acme-token: parts[1].role: expected one of id, secret, token',
      'acme.yaml: acme-token: parts[2]: expected a mapping with role, keywords, beside, pattern, window, entropy, validator, entry, alone, pairs',
    ])
  })
})

test('stars and pluses in classes and behind backslashes are no repetitions', () => {
  expect(problemsOf({ ...rule, pattern: String.raw`(?<secret>acme_[a-z*+\]]{20})\+\*` })).toEqual(
    [],
  )
})
