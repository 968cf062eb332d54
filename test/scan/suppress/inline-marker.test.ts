import { expect, test } from 'vitest'
import { inlineMarkerOf, nextLineMarkerOf } from '../../../src/scan/suppress/inline-marker.ts'

test.each([
  ['KEY=x # oakum:allow key of the test account', 'oakum:allow', 'key of the test account'],
  ['KEY=x # oakum:allow', 'oakum:allow', undefined],
  ['KEY=x // oakum:allow: revoked in May', 'oakum:allow', 'revoked in May'],
  ['/* oakum:allow made up */ const key = 1', 'oakum:allow', 'made up'],
  ['<!-- oakum:allow made up -->', 'oakum:allow', 'made up'],
  ['{# oakum:allow made up #}', 'oakum:allow', 'made up'],
  ['-- OAKUM:ALLOW made up', 'oakum:allow', 'made up'],
  ['KEY=x #gitleaks:allow', 'gitleaks:allow', undefined],
  ['KEY=x # gitleaks:allow - a sample\r', 'gitleaks:allow', 'a sample'],
  ['KEY=x # pragma: allowlist secret', 'pragma: allowlist secret', undefined],
  ['KEY=x # pragma: whitelist secret', 'pragma: allowlist secret', undefined],
  ['KEY=x # trufflehog:ignore', 'trufflehog:ignore', undefined],
  ['KEY=x # ggignore', 'ggignore', undefined],
  ['KEY=x // gitguardian:ignore a sample', 'gitguardian:ignore', 'a sample'],
  ['KEY=x # kingfisher:ignore', 'kingfisher:ignore', undefined],
  ['KEY=x # betterleaks:allow', 'betterleaks:allow', undefined],
  ['KEY=x # pragma:allowlist-secret', 'pragma: allowlist secret', undefined],
])('reads the marker of %j', (line, marker, reason) => {
  expect(inlineMarkerOf(line)).toMatchObject({ marker, reason })
})

test.each([
  '',
  'KEY=x',
  'oakum:allowed',
  'my-oakum:allow',
  'xgitleaks:allow',
  'gitleaks:allowlist',
  'oakum: allow',
  'pragma: no cover',
  'oakum:allow:all',
  'pragma: allowlist nextline secret',
  'ggignored',
  'trufflehog:ignored',
  'my-ggignore',
])('finds none in %j', (line) => {
  expect(inlineMarkerOf(line)).toBeUndefined()
})

test('returns the index of the marker, and a short reason', () => {
  const found = inlineMarkerOf(`KEY=x # oakum:allow ${'word '.repeat(1000)}`)
  expect(found?.index).toBe(8)
  expect(found?.reason?.length).toBeLessThanOrEqual(160)
})

test.each([
  ['# pragma: allowlist nextline secret', undefined],
  ['// pragma: whitelist nextline secret made up', 'made up'],
])('%j is for the line below', (line, reason) => {
  expect(nextLineMarkerOf(line)).toEqual({ marker: 'pragma: allowlist nextline secret', reason })
  expect(nextLineMarkerOf('# pragma: allowlist secret')).toBeUndefined()
})
