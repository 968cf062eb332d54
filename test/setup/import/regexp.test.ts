import { describe, expect, test } from 'vitest'
import { requiredLiterals } from '../../../src/setup/import/regexp/required-literals.ts'
import { parse } from '../../../src/setup/import/regexp/parse.ts'
import type { Dialect } from '../../../src/setup/import/regexp/parse-set.ts'
import { translateRule } from '../../../src/setup/import/regexp/translate.ts'
import { Untranslatable } from '../../../src/setup/import/regexp/syntax.ts'
import { flawOfPattern } from '../../../src/rules/pattern-source.ts'
import { samplesOf } from '../../support/expression-samples.ts'
import { seededRandom } from '../../support/random.ts'

function translated(
  text: string,
  {
    secretGroup = 0,
    dialect = 'go',
    words = false,
  }: {
    readonly secretGroup?: number | 'whole'
    readonly dialect?: Dialect
    readonly words?: boolean
  } = {},
) {
  return translateRule({ text, dialect, secretGroup, wholeWords: words }, () => false)
}

/** Returns the secrets that a translation finds, as a scan does: with one character per byte. */
function secretsIn(text: string, translation: ReturnType<typeof translated>): readonly string[] {
  const bytes = Buffer.from(text).toString('latin1')
  return translation.patterns.flatMap((pattern) =>
    [...bytes.matchAll(new RegExp(pattern.text, pattern.ignoreCase ? 'dgi' : 'dg'))].map((match) =>
      Buffer.from(match.groups?.['secret'] ?? '', 'latin1').toString(),
    ),
  )
}

/** Rows: an expression of Go, a text, and the secrets that Go finds in it. */
const meanings: readonly (readonly [string, string, readonly string[]])[] = [
  ['(?i)acme_[a-z]{3}', 'ACME_abc acme_XYZ', ['ACME_abc', 'acme_XYZ']],
  ['ac(?i:me)_[a-z]{3}', 'acME_abc ACME_abc acME_ABC', ['acME_abc']],
  ['(?i)ac(?-i:me)_x', 'ACme_X ACME_X', ['ACme_X']],
  ['acme(?i)_[a-z]', 'acme_X ACME_x', ['acme_X']],
  ['(?i:a|b(?-i:c))d', 'Ad Bcd BCd', ['Ad', 'Bcd']],
  ['acme(?P<key>\\d{8})', 'acme12345678', ['12345678']],
  ['acme(?<key>\\d{8})', 'acme12345678', ['12345678']],
  ['key=(\\w{4})|token=(\\w{5})', 'key=abcd token=vwxyz', ['key=abcd', 'token=vwxyz']],
  ['key=(\\w{8})|token=(\\w{9})', 'key=abcdefgh token=ijklmnopq', ['abcdefgh', 'ijklmnopq']],
  [
    '(?:key=(\\w{8}))?!(\\d{8})',
    'key=abcdefgh!12345678 !87654321',
    ['abcdefgh', '12345678', '87654321'],
  ],
  ['\\Qa.b*c\\E[0-9]', 'a.b*c1 axbbc2', ['a.b*c1']],
  ['[[:alpha:]]{2}-[[:^digit:]]{2}', 'ab-cd ab-12', ['ab-cd']],
  ['\\x41\\x{42}\\103', 'ABC', ['ABC']],
  ['a.c', 'a\rc a\nc', ['a\rc']],
  ['(?s)a.c', 'a\nc', ['a\nc']],
  ['a\\sb', 'a\tb a\u000bb a\u00a0b', ['a\tb']],
  ['é{2}x', 'ééx éx', ['ééx']],
  ['a[é-ë]b', 'aéb aëb aeb', ['aéb', 'aëb']],
  ['k[^a-c]{4}', 'kdefg', ['kdefg']],
  ['(?U)a+b', 'aab', ['aab']],
  ['(?m)^key$', 'x\nkey\ny', ['key']],
  ['end(?:;|$)', 'end;', ['end;']],
  ['a{2}{', 'aa{', ['aa{']],
  ['^\\${(?:x)}', '${x}', ['${x}']],
  ['\\bak\\Bx', 'akx xakx ak', ['akx']],
  ['[]a]]', ']] a]', [']]', 'a]']],
  ['[a\\]\\-z]{3}', 'a-z', ['a-z']],
  ['[\\w.-]{0,9}key=([a-z]{8})', 'my.key=abcdefgh', ['abcdefgh']],
]

describe('an expression of Go', () => {
  test.each(meanings)('%s finds the same secrets in %j', (expression, text, secrets) => {
    expect(new Set(secretsIn(text, translated(expression)))).toEqual(new Set(secrets))
  })

  test.each(meanings)('%s becomes a valid pattern of a rule', (expression) => {
    for (const { text } of translated(expression).patterns)
      expect(flawOfPattern(text)).toBeUndefined()
  })

  test.each(meanings)('%s finds texts generated from it', (expression) => {
    const translation = translated(expression)
    const samples = samplesOf(parse(expression, 'go'), { count: 30, random: seededRandom(5) })
    expect(samples.length).toBeGreaterThan(0)
    for (const sample of samples)
      expect(secretsIn(sample, translation), `${JSON.stringify(sample)}`).not.toEqual([])
  })

  test.each([
    ['a(?=b)', 'looks around'],
    ['(?<!a)b', 'looks around'],
    ['(a)\\1', 'refers back'],
    ['a\\Cb', 'single byte'],
    ['a**', 'twice in a row'],
    ['a++', 'twice in a row'],
    ['(a', 'not closed'],
    ['a)', 'has no ('],
    ['[a', 'not closed'],
    ['[z-a]', 'before it begins'],
    ['a{1001}', '1000'],
    ['*a', 'nothing to repeat'],
    ['\\p{Klingon}', 'no class'],
    ['a\\', 'ends with a backslash'],
    ['\\y', 'not known'],
    ['[[:nope:]]', 'no class'],
    [`${'('.repeat(200)}a${')'.repeat(200)}`, 'too deep'],
    ['(?:[^a]{1000}){1000}', '32768'],
    ['(?x)a', 'does not know'],
  ])('%s is refused: %s', (expression, reason) => {
    expect(() => translated(expression)).toThrow(Untranslatable)
    expect(() => translated(expression)).toThrow(reason)
  })

  test('gets bounds for its repetitions, and reports that it finds less', () => {
    const { patterns, findsLess: weaker, notes } = translated('acme_\\w+;\\s*\\w{8,}')
    expect(weaker).toBe(true)
    expect(notes[0]).toContain('1000')
    expect(patterns[0]?.text).toBe('(?<secret>acme_\\w{1,1001};[\\t\\n\\f\\r ]{0,64}\\w{8,1008})')
  })

  test('gets tighter bounds while it is slow, and is refused when it stays slow', () => {
    const checked: string[] = []
    const isSlow = ({ text }: { readonly text: string }): boolean => checked.push(text) < 3
    const expression = { text: 'acme\\w+', dialect: 'go', secretGroup: 0 } as const
    expect(translateRule(expression, isSlow).patterns[0]?.text).toBe('(?<secret>acme\\w{1,151})')
    expect(() => translateRule(expression, () => true)).toThrow('exponential')
  })

  test('takes the requested group as the secret', () => {
    expect(secretsIn('ab-cd', translated('(a)(b)-(cd)', { secretGroup: 3 }))).toEqual(['cd'])
    expect(() => translated('(a)', { secretGroup: 2 })).toThrow('no group 2')
  })
})

describe('an expression of grep', () => {
  test.each([
    ['[A-Za-z0-9/\\+=]{4}', 'ab\\+', ['ab\\+']],
    ['("|\')?key("|\')?\\s*=', '"key" =', ['"key" =']],
    ['^key', 'a\nkey', ['key']],
  ])('%s finds the same secrets in %j', (expression, text, secrets) => {
    expect(
      secretsIn(text, translated(expression, { dialect: 'posix', secretGroup: 'whole' })),
    ).toEqual(secrets)
  })

  test('matches whole words for git-secrets', () => {
    expect(
      secretsIn(
        'key xkey keyx _key (key)',
        translated('key', { dialect: 'posix', secretGroup: 'whole', words: true }),
      ),
    ).toEqual(['key', 'key'])
  })

  test.each(['\\d{3}', '[\\w.]', '(a)\\1'])(
    '%s is refused, since its meaning depends on the grep',
    (expression) => {
      expect(() => translated(expression, { dialect: 'posix' })).toThrow(Untranslatable)
    },
  )
})

describe('literals that each match contains', () => {
  test.each([
    ['acme_[a-z]{32}', ['acme_']],
    ['(?i)acme_[a-z]{32}', ['acme_~']],
    ['(?:sk|pk)_live_[a-z]{9}', ['_live_']],
    ['[a-z]{3}-(?:key|token)=', ['-key=', '-token=']],
    ['xox[bp]-[0-9]{10}', ['xoxb-', 'xoxp-']],
    ['(?:abcd|e)fgh', ['dfgh', 'efgh']],
    ['abcd?', undefined],
    ['(?:abcd)?[a-z]{32}', undefined],
    ['(?:longer)+x?', ['longer']],
    ['[0-9a-f]{40}', undefined],
    ['a*', undefined],
    ['(?:a*)*', undefined],
    ['(?:a?){200}bcde', ['bcde']],
  ] as const)('%s: %j', (expression, expected) => {
    const found = requiredLiterals(parse(expression, 'go'))
      ?.map(({ text, ignoreCase }) => `${text}${ignoreCase ? '~' : ''}`)
      .sort()
    if (expected === undefined) expect(found).toBeUndefined()
    else expect(found?.length).toBeGreaterThan(0)
    for (const sample of samplesOf(parse(expression, 'go'), {
      count: 20,
      random: seededRandom(3),
    })) {
      expect(
        found?.some((literal) =>
          literal.endsWith('~')
            ? sample.toLowerCase().includes(literal.slice(0, -1))
            : sample.includes(literal),
        ) ?? true,
      ).toBe(true)
    }
  })

  test('are the rarest of the expression', () => {
    expect(
      requiredLiterals(parse('(?i)(?:key|auth)[ =]+very_long_marker[a-z]{20}', 'go'))?.map(
        ({ text }) => text,
      ),
    ).toEqual(['very_long_marker'])
  })
})
