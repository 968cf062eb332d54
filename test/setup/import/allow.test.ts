import { describe, expect, test } from 'vitest'
import {
  translatePathPattern,
  translateValuePattern,
  translateWords,
} from '../../../src/setup/import/allow.ts'
import { globsOf } from '../../../src/setup/import/globs.ts'
import { ignoredPaths } from '../../../src/setup/import/gitignore.ts'
import { Untranslatable } from '../../../src/setup/import/regexp/syntax.ts'

const fast = (): boolean => false
const valueOf = (text: string, searched: 'value' | 'around' = 'value') =>
  translateValuePattern({ text, dialect: 'go', searchedIn: searched }, fast)
const matches = (pattern: string, value: string): boolean =>
  new RegExp(`^(?:${pattern})$`).test(value)

describe('an allowed value', () => {
  test.each([
    // [expression, values it is found in, values it is not found in]
    ['sandbox', ['sandbox', 'my-sandbox-key', 'a\nsandbox\nb'], ['Sandbox', 'sand']],
    ['^sandbox', ['sandbox', 'sandbox-key'], ['my-sandbox']],
    ['sandbox$', ['sandbox', 'my-sandbox'], ['sandbox-key']],
    ['^sandbox$', ['sandbox'], ['sandbox-key', 'my-sandbox']],
    ['.+EXAMPLE$', ['xEXAMPLE'], ['EXAMPLE', 'EXAMPLEx']],
    ['(?i)^true|false|null$', ['TRUE', 'trueish', 'isFalse', 'notnull'], ['untrue', 'nullable']],
    ['a{2,}', ['baab'], ['ab']],
  ])('%s matches the whole value', (text, inside, outside) => {
    const { pattern } = valueOf(text)
    for (const value of inside) expect(matches(pattern, value), `${value}`).toBe(true)
    for (const value of outside) expect(matches(pattern, value), `${value}`).toBe(false)
  })

  test.each(['.*', '', '.', '(?s).+', '[^x]', 'a|.*'])(
    '%j would allow everything, and is refused',
    (text) => {
      expect(() => valueOf(text)).toThrow(Untranslatable)
    },
  )

  test('is specific when it has long literals, and not when it is short', () => {
    expect(valueOf('made-up-key').isSpecific).toBe(true)
    expect(valueOf('test').isSpecific).toBe(false)
    expect(valueOf('^[0-9a-f]{40}$').isSpecific).toBe(false)
  })

  test('is refused when it matches the line around the value', () => {
    expect(() => valueOf('^const x', 'around')).toThrow('line around')
    expect(() => valueOf('\\btest\\b', 'around')).toThrow('line around')
    expect(valueOf('sandbox-key', 'around').narrower).toBe(true)
  })

  test('omits characters that it cannot list, so that it allows less', () => {
    const { pattern, narrower } = valueOf('^key-\\pL{4}$')
    expect(narrower).toBe(true)
    expect(matches(pattern, 'key-abcd')).toBe(true)
    expect(matches(pattern, 'key-1234')).toBe(false)
  })
})

describe('allowed words', () => {
  test('become contains entries in lower case', () => {
    expect(translateWords(['Sandbox', 'sandbox', 'dummy'])).toEqual([
      { contains: 'sandbox' },
      { contains: 'dummy' },
    ])
  })

  test('become expressions when a word is short or there are many', () => {
    const [short] = translateWords(['abc', 'x.y'])
    expect(short).toEqual({ pattern: '[^]*(?:[Aa][Bb][Cc]|[Xx]\\.[Yy])[^]*' })
    const many = translateWords(Array.from({ length: 500 }, (_, index) => `word${index}`))
    expect(many.length).toBeGreaterThan(1)
    for (const word of many) {
      const { pattern = '' } = { pattern: '', ...word }
      expect(pattern.length).toBeLessThanOrEqual(2000)
    }
    expect(many.some((word) => 'pattern' in word && matches(word.pattern, 'aWORD499z'))).toBe(true)
  })
})

test.each(['.*', '.', '(?:a|.*)', '[^/]'])(
  'a path %j that allows everything is refused',
  (text) => {
    expect(() => translatePathPattern(text, 'go', fast)).toThrow(Untranslatable)
  },
)

test.each([
  ['(?:^|/)test/', ['test/**', '**/test/**']],
  ['^docs/keys\\.md$', ['docs/keys.md']],
  ['\\.svg$', ['**/*.svg']],
  ['(?i)^a\\.1$', ['A.1', 'a.1']],
  ['^a/.*/b$', ['a/*/b']],
  ['^vendor/.*$', ['vendor/**']],
  ['fixture', ['**/*fixture*', '**/*fixture*/**']],
])('the path %s is the globs %j', (text, globs) => {
  expect([...globsOf(text)].sort()).toEqual([...globs].sort())
})

test.each(['a+b', '\\bword', 'a?b*c', '[a-z]{3}/x'])('the path %s cannot be a glob', (text) => {
  expect(() => globsOf(text)).toThrow(Untranslatable)
})

const patternsOf = (text: string) =>
  ignoredPaths({ file: '.secretlintignore', name: '.secretlintignore', text }, 'Ignored.', fast)

describe('a file in the format of .gitignore', () => {
  test.each([
    ['*.svg', ['a.svg', 'x/y.svg'], ['a.svgz', 'svg']],
    ['/dist/', ['dist/a', 'dist/x/y'], ['x/dist/a', 'dist']],
    ['build', ['build', 'build/a', 'x/build/b'], ['rebuild', 'build.js']],
    ['docs/[ab].md', ['docs/a.md'], ['docs/c.md', 'x/docs/a.md']],
    ['docs/**', ['docs/a', 'docs/x/y'], ['x/docs/a']],
    ['**/fixtures/*.json', ['fixtures/a.json', 'x/y/fixtures/a.json'], ['fixtures/x/a.json']],
    ['a+b?.txt', ['a+bc.txt'], ['aab.txt', 'a+b/.txt']],
  ])('%s allows what it ignores', (line, inside, outside) => {
    const [allowed] = patternsOf(`# remark\n\n${line}\r\n`).paths
    const pattern =
      allowed !== undefined && 'pattern' in allowed ? new RegExp(allowed.pattern) : /(?!)/
    for (const path of inside) expect(pattern.test(path), `${path}`).toBe(true)
    for (const path of outside) expect(pattern.test(path), `${path}`).toBe(false)
  })

  test('skips lines that a later line un-ignores, and lines that ignore everything', () => {
    const { paths, log } = patternsOf('*.env\n!prod.env\n*.svg\n*\n')
    expect(paths).toHaveLength(1)
    expect(log.map(({ line, outcome }) => [line, outcome])).toEqual([
      [1, 'skipped'],
      [2, 'skipped'],
      [3, 'imported'],
      [4, 'skipped'],
    ])
  })
})
