import { describe, expect, test } from 'vitest'
import { escapeForTerminal, escapeJson } from '../../../src/report/terminal/escape.ts'
import { indentedJson } from '../../../src/report/formats/indented-json.ts'
import { seededRandom } from '../../support/random.ts'

describe('escapeForTerminal', () => {
  test.each([
    ['a line feed', 'a\nb', String.raw`a\nb`],
    ['a carriage return and a tab', '\r\t', String.raw`\r\t`],
    ['an escape sequence', '\u001B[2J', String.raw`\x1b[2J`],
    ['NUL, backspace and DEL', '\0\b\u007F', String.raw`\x00\x08\x7f`],
    ['a C1 control sequence', '\u009B31m', String.raw`\x9b31m`],
    ['bidi marks', '\u202Egpj.\u2066', String.raw`\u202egpj.\u2066`],
    ['zero-width characters', 'a\u200B\u200D\uFEFFb\u2060', String.raw`a\u200b\u200d\ufeffb\u2060`],
    ['a soft hyphen', '\u00AD', String.raw`\xad`],
    ['tag characters', '\u{E0041}', String.raw`\u{e0041}`],
    ['a variation selector', 'x\uFE0F', String.raw`x\ufe0f`],
    ['interlinear annotation', '\uFFF9', String.raw`\ufff9`],
    ['fillers', '\u3164\u2800', String.raw`\u3164\u2800`],
    ['line and paragraph separators', '\u2028\u2029', String.raw`\u2028\u2029`],
    ['lone surrogates', '\uD800a\uDC00', String.raw`\ud800a\udc00`],
    [
      'commands of build servers',
      '##[error]x ##vso[a]b ##TeamCity[c',
      String.raw`\x23#[error]x \x23#vso[a]b \x23#TeamCity[c`,
    ],
  ])('shows %s', (_name, text, shown) => {
    expect(escapeForTerminal(text)).toBe(shown)
  })

  test.each([
    '日本語/ключ.env',
    'café',
    'cafe\u0301',
    '😀.txt',
    String.raw`C:\x1b`,
    '## heading',
    '<b>::error::</b>',
  ])('keeps %s as it is', (text) => {
    expect(escapeForTerminal(text)).toBe(text)
  })

  test('is idempotent', () => {
    const once = escapeForTerminal('\u001B\n\u202E\u{E0041}##[x]')
    expect(escapeForTerminal(once)).toBe(once)
  })
})

describe('escapeJson', () => {
  const hostile = {
    '\u202E': [
      '\u0000\u001B\n\u007F\u009B',
      '\u2028\u2029\u{E0041}\uFEFF\u200B',
      '\uD800',
      '##[error]',
      '日本 😀',
    ],
  }

  test('keeps the parsed value, with and without indentation', () => {
    for (const indent of [0, 2])
      expect(JSON.parse(escapeJson(JSON.stringify(hostile, null, indent)))).toEqual(hostile)
  })

  test('leaves no unsafe characters', () => {
    const json = escapeJson(JSON.stringify(hostile))
    expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|##/u)
    expect(json).toContain(String.raw`\udb40\udc41`)
    expect(json).toContain('日本 😀')
  })
})

/** A value with everything that JSON can represent, and with members that it omits. */
function anything(random: () => number, depth: number): unknown {
  const pick = Math.floor(random() * (depth === 0 ? 7 : 11))
  if (pick >= 9)
    return Array.from({ length: Math.floor(random() * 4) }, () => anything(random, depth - 1))
  if (pick >= 7)
    return Object.fromEntries(
      Array.from({ length: Math.floor(random() * 4) }, (_, at) => [
        `${'k\u202E"'.slice(at)}${at}`,
        anything(random, depth - 1),
      ]),
    )
  return [
    undefined,
    null,
    true,
    random(),
    '',
    'two\nlines\u2028 and ##[error]\uD800',
    new Date(Math.floor(random() * 1e12)),
  ][pick]
}

describe('indentedJson', () => {
  test('equals the escaped output of JSON.stringify', () => {
    const random = seededRandom(7)
    let longest = 0
    for (let round = 0; round < 3000; round += 1) {
      const value = round % 2 === 0 ? { a: anything(random, 6) } : [anything(random, 6)]
      const text = indentedJson(value, round % 6)
      expect(text).toBe(`${escapeJson(JSON.stringify(value, null, 2))}\n`)
      longest = Math.max(longest, text.length)
    }
    expect(longest).toBeGreaterThan(800)
  })
})
