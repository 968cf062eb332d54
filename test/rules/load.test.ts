import { expect, test } from 'vitest'
import { UsageError } from '../../src/model/errors.ts'
import { builtinRules } from '../../src/rules/load.ts'

const ids = (...selectors: string[]) => builtinRules(selectors).rules.map((rule) => rule.id)

test('without selectors all rules are loaded', () => {
  const all = builtinRules()
  expect(all.rules.length).toBeGreaterThan(20)
  expect(builtinRules([])).toEqual(all)
  expect(all.digest).toMatch(/^[0-9a-f]{16}$/)
})

test('a selector is an id or a provider', () => {
  expect(ids('npm-token')).toEqual(['npm-token'])
  expect(ids('supabase')).toEqual([
    'supabase-access-token',
    'supabase-secret-key',
    'supabase-service-key',
  ])
})

test('rules keep their order and come once, whatever the selectors', () => {
  const order = ids()
  const chosen = ids('npm-token', 'aws-access-key', 'supabase')
  expect(chosen).toEqual([
    'aws-access-key',
    'npm-token',
    'supabase-access-token',
    'supabase-secret-key',
    'supabase-service-key',
  ])
  expect(order.filter((id) => chosen.includes(id))).toEqual(chosen)
})

test('the digest tells one set of rules from another', () => {
  expect(builtinRules(['aws']).digest).not.toBe(builtinRules().digest)
  expect(builtinRules(['aws']).digest).toBe(builtinRules(['aws']).digest)
})

test('an unknown selector is rejected with a suggestion', () => {
  expect(() => builtinRules(['aws', 'npm-tokn'])).toThrow(
    new UsageError('no rule, family or provider is called "npm-tokn"; did you mean npm-token?'),
  )
})
