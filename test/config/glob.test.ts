import { expect, test } from 'vitest'
import { globMatcher } from '../../src/config/glob.ts'
import { seededRandom } from '../support/random.ts'
import { rounds } from '../support/rounds.ts'

test.each([
  ['docs/**', ['docs/a', 'docs/a/b.md'], ['docs', 'a/docs/b', 'docsx/a', 'DOCS/a']],
  ['**/*.svg', ['a.svg', 'a/b/c.svg', '.svg'], ['a.svgx', 'a.svg/b']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a/xb', 'b', 'a/b/c']],
  ['*.ini', ['a.ini', '.ini'], ['a/b.ini', 'a.in']],
  ['a?c', ['abc', 'a.c', 'a\u{1f600}c'], ['ac', 'a/c', 'abbc']],
  ['**', ['a', 'a/b'], []],
  ['a/*/c', ['a/b/c'], ['a/c', 'a/b/b/c']],
  ['a[b]{c,d}(e)+.x', ['a[b]{c,d}(e)+.x'], ['ab', 'abcex']],
  ['**/a/**', ['a/b', 'x/a/b', 'a/a/a'], ['a', 'b/c']],
  ['*a*a*', ['aa', 'xaxax', 'aaa'], ['a', 'xax']],
])('%s', (glob, matching, other) => {
  const matches = globMatcher(glob)
  expect(matching.filter((path) => !matches(path))).toEqual([])
  expect(other.filter(matches)).toEqual([])
})

/** A regular expression with the same meaning as the glob; it may backtrack for a long time. */
function regexOf(glob: string): RegExp {
  const steps = glob
    .split('/')
    .map((step) =>
      step === '**'
        ? step
        : step.replaceAll(/[.]/g, '\\.').replaceAll('*', '[^/]*').replaceAll('?', '[^/]'),
    )
  const [last = '', ...before] = steps.toReversed()
  const head = before
    .toReversed()
    .map((step) => (step === '**' ? '(?:[^/]*/)*' : `${step}/`))
    .join('')
  return new RegExp(`^${head}${last === '**' ? '(?:[^/]*/)*[^/]*' : last}$`, 'u')
}

test('a glob matches the same paths as its regular expression', () => {
  const random = seededRandom(11)
  const text = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')
  for (let round = 0; round < rounds(20_000); round++) {
    const glob = text('ab./*?', 1 + Math.floor(random() * 9)).replaceAll(
      /\*{2,}/g,
      (stars, at: number, all: string) =>
        (at === 0 || all[at - 1] === '/') && (all[at + stars.length] ?? '/') === '/' ? '**' : '*',
    )
    const path = text('ab./', 1 + Math.floor(random() * 8))
    expect(globMatcher(glob)(path), `${glob} on ${path}`).toBe(regexOf(glob).test(path))
  }
})

test('matching is fast where a regular expression would backtrack exponentially', () => {
  expect(globMatcher(`${'*a'.repeat(200)}b`)('a'.repeat(4000))).toBe(false)
  expect(globMatcher(`${'**/a/'.repeat(90)}b`)('a/'.repeat(2000))).toBe(false)
})
