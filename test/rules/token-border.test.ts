import { describe, expect, test } from 'vitest'
import { expandSample } from '../../src/rules/samples/sample.ts'
import { compilePattern, withTokenBorders } from '../../src/rules/token-border.ts'
import { compileOwnRule, compileRule } from '../../src/rules/compile.ts'
import type { Rule } from '../../src/model/rule.ts'
import { createEngine } from '../../src/scan/engine.ts'
import { shippedDefinitions } from '../support/definitions.ts'
import { seededRandom } from '../support/random.ts'
import { fileBlob } from '../support/source.ts'

/** Markup around a token that another rule or file does not read in its own way. */
const markups: readonly (readonly [name: string, before: string, behind: string])[] = [
  ['a colour', '\u001b[32m', '\u001b[0m'],
  ['the colour of grep', '\u001b[01;31m\u001b[K', '\u001b[m\u001b[K'],
  ['a colour as JSON writes it', String.raw`\u001b[32m`, String.raw`\u001b[39m`],
  ['a colour as shells write it', String.raw`\033[1;32m`, String.raw`\033[0m`],
  ['a colour without its escape', '[36;1m', '[0m'],
  ['an added word', '{+', '+}'],
  ['a removed word', '[-', '-]'],
  ['AsciiDoc', ' +', '+ '],
  ['Org', ' =', '= '],
  ['Org code', '~', '~'],
  ['bold Markdown', '**', '**'],
  ['emphasis in Markdown', '(_', '_)'],
  ['a quote of HTML', '&quot;', '&quot;'],
  ['a numbered entity', '&#34;', '&#34;'],
  ['an element', '<b>', '</b>'],
  ['percent signs', '%22', '%22'],
  ['percent signs twice', '%2522', '%2522'],
  ['escaped quotes', String.raw`\u0022`, String.raw`\u0022`],
  ['hexadecimal escapes', String.raw`\x22`, String.raw`\x22`],
  ['escaped lines', String.raw`\n`, String.raw`\n`],
  ['an added line', '\n+', '\n'],
  ['a removed line', '\n-', '\n'],
]

/** The secrets of the examples that are found between spaces, without the text of the example. */
function bareSecrets(): readonly (readonly [rule: Rule, secret: string])[] {
  const random = seededRandom(5)
  return shippedDefinitions.flatMap((definition) => {
    const rule = compileRule(definition)
    return definition.examples.flatMap((example) => {
      const { text, secrets } = expandSample(example, random)
      const secret = text.slice(secrets[0]?.start, secrets[0]?.end)
      return finds(rule, ` ${secret} `, secret) ? [[rule, secret] as const] : []
    })
  })
}

/**
 * True when the rule finds the secret. A token of variable length takes what is beside it as its own
 * when it may hold such characters.
 */
function finds(
  rule: Rule,
  text: string,
  secret: string,
  [before, behind]: readonly [string, string] = ['', ''],
): boolean {
  return rule.parts.some(({ pattern }) => {
    pattern.lastIndex = 0
    const [head, tail] = pattern.exec(text)?.groups?.['secret']?.split(secret) ?? []
    return tail !== undefined && before.endsWith(head!) && behind.startsWith(tail)
  })
}

const bare = bareSecrets()

test('most rules find their token without the text around it', () => {
  expect(new Set(bare.map(([rule]) => rule.id)).size).toBeGreaterThan(180)
})

test.each(markups)('every such token is found in %s', (_, before, behind) => {
  const missed = bare.filter(
    ([rule, secret]) => !finds(rule, `x ${before}${secret}${behind} y`, secret, [before, behind]),
  )
  // Behind this one a percent sign continues the token.
  const ids = new Set(missed.map(([rule]) => rule.id))
  expect([...ids].filter((id) => id !== 'aws-legacy-session-token')).toEqual([])
})

test.each(markups)('a scan finds AWS ids and tokens in %s', (_, before, behind) => {
  const random = seededRandom(8)
  const detector = createEngine(shippedDefinitions.map(compileRule)).detector()
  for (const template of ['AKIA{aws-key-tail}', 'sk_live_{base62:24}', 'hf_{base62:34}']) {
    const secret = expandSample(template, random).text
    const candidates = detector.detect(
      fileBlob('a.log', Buffer.from(`x ${before}${secret}${behind} y`)),
    )
    expect(candidates.map(({ parts }) => parts[0].secret.reveal())).toEqual([secret])
  }
})

test('the rules of users have the same borders, with \\b and with assertions', () => {
  for (const text of [
    String.raw`\b(?<secret>acme_[a-z0-9]{12})\b`,
    '(?<![A-Za-z0-9])(?<secret>acme_[a-z0-9]{12})(?![A-Za-z0-9_+=-])',
    String.raw`(?<!\w)(?<secret>acme_[a-z0-9]{12})(?!\w)`,
  ]) {
    const [definition] = shippedDefinitions.filter(({ id }) => id === 'age-secret-key')
    const [part] = definition!.parts
    const rule = compileOwnRule(
      { ...definition!, parts: [{ ...part!, pattern: { text, ignoreCase: false } }] },
      'acme',
    )
    for (const [, before, behind] of markups)
      expect(finds(rule, `${before}acme_0123456789ab${behind}`, 'acme_0123456789ab')).toBe(true)
    for (const near of ['xacme_0123456789ab ', 'acme_0123456789abc', 'macme_0123456789ab'])
      expect(finds(rule, near, 'acme_0123456789ab')).toBe(false)
    expect(rule.parts[0]?.source).toBe(text)
  }
})

describe('a token is not cut from a longer text', () => {
  const pattern = compilePattern(
    '(?<![A-Za-z0-9+/])(?<secret>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])',
    '',
  )
  const random = seededRandom(3)
  const made = (template: string) => expandSample(template, random).text

  test.each([
    '{base62:41}',
    '{base62:40}+{base62:3}',
    '+{base62:40}+/',
    '{base62:43}=',
    '{base62:42}==',
    'Am{base62:39}',
    String.raw`\\u0041{base62:40}`,
    '%2F{base62:40}',
    '%2B{base62:40}',
    'a-{base62:40}=b',
  ])('%s', (template) => {
    expect(pattern.exec(` ${made(template)} `)?.groups?.['secret']?.length).not.toBe(
      template === 'a-{base62:40}=b' ? 41 : 40,
    )
  })

  test('a sign of the token is emphasis only on both sides', () => {
    const secret = made('{base62:40}')
    expect(pattern.exec(` +${secret}+ `)?.groups?.['secret']).toBe(secret)
    for (const longer of [` ${secret}+ `, ` +${secret} `, ` +${secret}= `])
      expect(pattern.exec(longer)).toBeNull()
    expect(pattern.exec(`\n+${secret}\n`)?.groups?.['secret']).toBe(secret)
  })

  test('a token of alternatives, or with padding, may hold the signs of all of them', () => {
    const either = compilePattern(
      String.raw`(?<![A-Za-z0-9])(?<secret>acme-(?:[A-Z]{12}|[\w-]{20}))(?![\w-])`,
      '',
    )
    const padded = compilePattern(
      String.raw`(?<![\w+/])(?<secret>acme[\w+/]{20,40}={0,2})(?![\w+/=])`,
      '',
    )
    const [alternative, short] = [made('acme-{base62:20}'), made('acme{base62:30}')]
    expect(either.exec(`_${alternative}_`)?.groups?.['secret']).toBe(alternative)
    expect(either.exec(`${alternative}_`)).toBeNull()
    expect(padded.exec(`${short}=== `)).toBeNull()
    expect(padded.exec(`*${short}* `)?.groups?.['secret']).toBe(short)
  })
})

test('assertions that are no borders stay as they are', () => {
  for (const source of [
    '(?!x)a',
    '(?<=a)b',
    '[(?![a])]',
    String.raw`\(?![a]b`,
    '(?![ab])c',
    'a(?!bc)',
  ])
    expect(withTokenBorders(source)).toBe(source)
})
