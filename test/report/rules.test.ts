import { expect, test } from 'vitest'
import type { Rule } from '../../src/model/rule.ts'
import { renderRule, renderRuleJson, renderRules, renderRulesJson } from '../../src/report/rules.ts'

const door: Rule = {
  id: 'acme-key',
  family: 'acme',
  provider: 'acme',
  description: 'Acme key',
  severity: 'high',
  madeBy: 'machine',
  generic: true,
  parts: [
    {
      role: 'secret',
      keywords: [{ text: 'acme', ignoreCase: true }],
      pattern: /(?<secret>acme[0-9]{8})/dgi,
      window: 64,
      minEntropy: 2.5,
      validator: () => ({ valid: true }),
      alone: 'never',
    },
  ],
  remedy: 'Change the lock.',
  references: ['https://acme.example/'],
}
const judged: Rule = {
  ...door,
  id: 'env',
  description: 'Secret in an env file',
  generic: false,
  parts: [],
}

test('rules are listed in columns, one per line', () => {
  expect(renderRules([door, judged])).toBe(
    'acme-key  high  acme  Acme key\nenv       high  acme  Secret in an env file\n',
  )
  expect(renderRules([])).toBe('')
})

test('a rule is shown with all its parts', () => {
  expect(renderRule(door)).toBe(`acme-key: Acme key
  severity  high
  provider  acme
  family    acme
  made by   a machine
  generic   gives way to a rule of a known provider
  fix       Change the lock.
  see       https://acme.example/

secret: reported only together with an id
  keywords  acme (case-insensitive)
  window    64 bytes on each side
  entropy   at least 2.5 bits per character
  checked   offline, by its form
  pattern   (?<secret>acme[0-9]{8})
`)
  expect(renderRule(judged)).toContain('Found by dedicated code')
})

test('the JSON of one rule equals its entry in the list', () => {
  const shown = JSON.parse(renderRuleJson(door))
  expect(shown.parts).toEqual([
    {
      role: 'secret',
      keywords: [{ text: 'acme', ignoreCase: true }],
      pattern: { text: '(?<secret>acme[0-9]{8})', ignoreCase: true },
      window: 64,
      entropy: 2.5,
      validated: true,
      alone: 'never',
    },
  ])
  expect(JSON.parse(renderRulesJson([door, judged]))).toEqual([
    shown,
    JSON.parse(renderRuleJson(judged)),
  ])
})
