import { expect, test } from 'vitest'
import type { Candidate, Part, Suppression } from '../../../src/model/model.ts'
import type { Rule, RulePart } from '../../../src/model/rule.ts'
import { Secret } from '../../../src/model/secret.ts'
import { flawOf, suppressionOf } from '../../../src/scan/suppress/suppressor.ts'
import { base64, randomText, seeded } from './random-values.ts'

const value = randomText(seeded(3), base64, 40)
const rule: Rule = {
  id: 'a',
  family: 'a',
  provider: 'a',
  description: 'A key',
  severity: 'high',
  madeBy: 'machine',
  generic: false,
  parts: [],
  remedy: '',
  references: [],
}
const plainPart: RulePart = {
  role: 'secret',
  keywords: [],
  pattern: /x/dg,
  window: 10,
  minEntropy: 0,
  validator: undefined,
  alone: 'high',
}

test.each<
  [string, string, Partial<RulePart> & Pick<Rule, 'madeBy'>, Suppression['by'] | undefined]
>([
  [
    'a value that is what it should be has no flaw',
    value,
    { minEntropy: 4, madeBy: 'machine' },
    undefined,
  ],
  [
    'the validator speaks first',
    'xxxx',
    { minEntropy: 4, validator: () => ({ valid: false, reason: 'no' }), madeBy: 'machine' },
    'validator',
  ],
  ['then the entropy floor', 'xxxx', { minEntropy: 4, madeBy: 'machine' }, 'entropy'],
  ['then the placeholders', 'xxxx', { madeBy: 'machine' }, 'placeholder'],
  ['a common word is a flaw where a person chose', 'postgres', { madeBy: 'person' }, 'placeholder'],
  ['but not where a machine did', 'postgres', { madeBy: 'machine' }, undefined],
  ['without a floor entropy says nothing', 'abab1', { madeBy: 'machine' }, undefined],
])('%s', (_, text, { madeBy, ...part }, by) => {
  expect(flawOf(text, { ...plainPart, ...part }, { madeBy }).flaw?.by).toBe(by)
})

test.each([
  'password',
  'postgres',
  'root',
  'secret',
  'example',
  'pass',
  'user',
  '${DB_PASS}',
  '$PASS',
  '%s',
  '{}',
  '<password>',
  '***',
])('the database password %s is a placeholder', (text) => {
  expect(flawOf(text, plainPart, { madeBy: 'person' }).flaw?.by).toBe('placeholder')
})

function validator(): { valid: true; facts: { account: string } } {
  return { valid: true, facts: { account: '1' } }
}

test('facts come from the validator, with or without a flaw', () => {
  expect(flawOf(value, { ...plainPart, validator }, rule)).toEqual({ facts: { account: '1' } })
  expect(flawOf('xxxx', { ...plainPart, validator }, rule).facts).toEqual({ account: '1' })
})

const span = { start: 0, end: 40, line: 1, column: 1, endLine: 1, endColumn: 41 }

function partOn(line: string, more: Partial<Part> = {}): Part {
  return {
    role: 'secret',
    secret: new Secret(value),
    span,
    line: new Secret(line),
    facts: {},
    alone: 'high',
    found: 'by a test',
    ...more,
  }
}

function candidateOf(...parts: [Part, ...Part[]]): Candidate {
  return {
    rule,
    parts,
    severity: 'high',
    blob: { id: 'b', kind: 'blob', origins: [{ kind: 'file' }] },
    explanation: [],
  }
}

const flaw: Suppression = { by: 'placeholder', reason: 'it is masked' }

test.each<[string, Candidate, Suppression | undefined]>([
  ['nothing suppresses a plain line', candidateOf(partOn(`KEY=${value}`)), undefined],
  ["the first part's flaw does", candidateOf(partOn(`KEY=${value}`, { flaw })), flaw],
  [
    "another part's does not",
    candidateOf(partOn(`KEY=${value}`), partOn('', { role: 'id', flaw })),
    undefined,
  ],
  [
    'the flaw comes before the marker',
    candidateOf(partOn(`KEY=${value} # oakum:allow x`, { flaw })),
    flaw,
  ],
  [
    'a marker does, with its reason',
    candidateOf(partOn(`KEY=${value} # oakum:allow of the sandbox`)),
    { by: 'inline', reason: 'oakum:allow: of the sandbox' },
  ],
  [
    'a marker does, without one',
    candidateOf(partOn(`KEY=${value} # gitleaks:allow`)),
    { by: 'inline', reason: 'gitleaks:allow without a reason' },
  ],
  [
    "a marker on another part's line does not",
    candidateOf(partOn(`KEY=${value}`), partOn('ID=x # oakum:allow', { role: 'id' })),
    undefined,
  ],
])('%s', (_, candidate, expected) => {
  expect(suppressionOf(candidate)).toEqual(expected)
})

test.each([
  ['the secret behind the marker', `# oakum:allow KEY=${value}`],
  ['the head of the secret where the line was cut', `# oakum:allow KEY=${value.slice(0, 9)}`],
  ['less of it than can be told', `# oakum:allow KEY=${value.slice(0, 5)}`],
  ['the secret on both sides', `KEY=${value} # oakum:allow ${value}`],
  [
    'the value of another entry',
    `KEY=${value} # oakum:allow OTHER=${randomText(seeded(5), base64, 40)}`,
  ],
])('a reason never shows %s', (_, line) => {
  const shown = suppressionOf(candidateOf(partOn(line)))?.reason ?? ''
  expect(shown).toMatch(/^oakum:allow/)
  const tail = line.slice(line.indexOf('oakum:allow') + 11)
  expect(tail.split(/[\s=]/).filter((word) => word.length > 4 && shown.includes(word))).toEqual([])
})
