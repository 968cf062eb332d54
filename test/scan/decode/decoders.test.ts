import { describe, expect, test } from 'vitest'
import {
  base64Keywords,
  decodeBase64,
  combineKeywords,
} from '../../../src/scan/decode/base64-text.ts'
import { joinLiterals } from '../../../src/scan/decode/join-literals.ts'
import { layoutAt, levelsBetween } from '../../../src/scan/detect/layout.ts'
import { type MappedText, plainText } from '../../../src/scan/decode/mapped-text.ts'
import { hasEncodingHints } from '../../../src/scan/decode/encoding-hints.ts'
import {
  decodeQuotedPrintable,
  isQuotedPrintable,
  unescapeText,
} from '../../../src/scan/decode/unescape.ts'
import { seededRandom } from '../../support/random.ts'

/** Each decoded character with its encoded form: `a b \/=/`. */
function written(source: string, { text, startOf, endOf }: MappedText): readonly string[] {
  return Array.from(text, (char, at) => {
    const from = source.slice(startOf(at) - 100, endOf(at) - 100)
    return from === char ? char : `${from}=${char}`
  })
}

describe('unescapeText', () => {
  test.each([
    ['a\\/b', ['a', '\\/=/', 'b']],
    ['a\\u002Bb\\u002fc', ['a', '\\u002B=+', 'b', '\\u002f=/', 'c']],
    ['a\\\\\\/b\\\\u002Bc', ['a', '\\\\\\/=/', 'b', '\\\\u002B=+', 'c']],
    ['\\x2fa%2Bb%252Fc', ['\\x2f=/', 'a', '%2B=+', 'b', '%252F=/', 'c']],
    [
      'a&#43;b&#x2F;c&plus;d&amp;',
      ['a', '&#43;=+', 'b', '&#x2F;=/', 'c', '&plus;=+', 'd', '&amp;=&'],
    ],
    ['\\"a\\n', ['\\"="', 'a', '\\n=\n']],
    ['&nothing; %zz \\q', [...'&nothing; %zz \\q']],
  ])('reads %j', (source, expected) => {
    expect(written(source, unescapeText(plainText(source, 100)))).toEqual(expected)
  })
})

describe('joinLiterals', () => {
  test.each([
    ['"abc" + "def"', '"abcdef"'],
    ["'abc' . 'def'", "'abcdef'"],
    ['"abc" "def"', '"abcdef"'],
    ['"abc" +\n+    "def"', '"abcdef"'],
    ['"abc" & _\r\n  "def"', '"abcdef"'],
    ['"abc\\\n    def"', '"abcdef"'],
    ['key: >-\n    abc\n    def\n', 'key: >-\nabcdef\n'],
    ['"abc", "def"', '"abc", "def"'],
    ['"abc": "def"', '"abc": "def"'],
    ['- "abc"\n  - "def"', '- "abc"\n  - "def"'],
    ['key: >-\n    abc d\n    def\n', 'key: >-\n    abc d\n    def\n'],
    ['ENV A=b \\\n    C=d', 'ENV A=b \\\n    C=d'],
  ])('reads %j', (source, expected) => {
    const joined = joinLiterals(plainText(source, 100))
    expect(joined.text).toBe(expected)
    for (const char of written(source, joined)) expect(char).toHaveLength(1)
  })
})

describe('decodeBase64', () => {
  const random = seededRandom(3)
  const keywords = base64Keywords({ text: 'marker', ignoreCase: false })

  test('finds a keyword at every shift, decodes around it, and maps bytes to characters', () => {
    for (let shift = 0; shift < 60; shift += 1) {
      const plain = `${'x'.repeat(shift)} marker = ${random()}`
      const encoded = Buffer.from(plain).toString('base64')
      for (const source of [
        `key: ${encoded}\n`,
        `key: |\n  ${encoded.replaceAll(/.{20}(?=.)/g, '$&\n  ')}\n`,
      ]) {
        // A line end within the keyword itself hides it.
        if (!keywords.some(({ text }) => source.includes(text))) continue
        const decoded = decodeBase64(plainText(source, 0), combineKeywords(keywords))
        const at = decoded.text.indexOf('marker')
        expect(decoded.text).toContain(plain)
        const chars = source.slice(decoded.startOf(at), decoded.endOf(at + 5)).replaceAll(/\s/g, '')
        const start = plain.indexOf('marker')
        expect(chars).toBe(
          encoded.slice(Math.floor((8 * start) / 6), Math.floor((8 * (start + 6) - 1) / 6) + 1),
        )
      }
    }
  })

  test('returns the form of a keyword at each of the three shifts', () => {
    expect(base64Keywords({ text: ['AK', 'IA'].join(''), ignoreCase: false })).toEqual([
      { text: 'QUtJQ', groupOffset: 0 },
      { text: 'FLSU', groupOffset: 2 },
      { text: 'BS0lB', groupOffset: 3 },
    ])
    expect(base64Keywords({ text: 'secret', ignoreCase: true })).toHaveLength(9)
  })

  test('does not change base64 of other bytes than text', () => {
    const noise = Buffer.from(
      Array.from({ length: 90 }, () => Math.floor(random() * 256)),
    ).toString('base64')
    for (const text of [`"${noise}"`, 'src/components/widgets/AccountSettings', 'sha512-abc', '']) {
      const source = plainText(text, 0)
      expect(decodeBase64(source, combineKeywords(keywords))).toBe(source)
    }
  })
})

test('quoted-printable is detected and decoded', () => {
  expect(isQuotedPrintable('KEY=\nOTHER=1\n')).toBe(false)
  expect(isQuotedPrintable('a=3Db')).toBe(true)
  const source = 'a=3D=2Bb=\r\nc'
  expect(written(source, decodeQuotedPrintable(plainText(source, 100)))).toEqual([
    'a',
    '=3D==',
    '=2B=+',
    'b',
    'c',
  ])
})

describe('hasEncodingHints', () => {
  test.each([
    ['secret = "abc" + "def"', true],
    ['{"secret":"a\\/b"}', true],
    ['secret=a%2Fb', true],
    ['secret: a&#43;b', true],
    ['secret=3Dabc', true],
    ['secret: "abc\\\n  def"', true],
    ['secret: >-\n  abc\n  def\n', true],
    [`secret: ${Buffer.from('a readable text').toString('base64')}YWJj\n`, true],
    ['{\\"secret\\": \\"abc\\" + \\"def\\"}', true],
    ['const secret = process.env.SECRET', false],
    ['secret: "abc"\nother: "def"\n', false],
    ['run: |\n  echo $SECRET\n', false],
    ['docker run -e SECRET \\\n  image\n', false],
    ['Secrets\n=======\n', false],
    ['SECRET=\nOTHER=\n', false],
    ['<secret>\n<other>\n', false],
    ['secret 3f786850e387550fdab836ed7e6dc881de23001b', false],
    ['a && b &secret', false],
    ['secret(&frame);', false],
    ['secret(&a); secret &toolongforone;', false],
    ['secret "\\xc3\\xee\\u00e9\\u2026"', false],
    ['secret \\u002b', true],
    ['secret a\\x2Fb', true],
    ['secret &sol;', true],
    ['secret &newline;', true],
  ])('of %j: %s', (text, expected) => {
    expect(hasEncodingHints(Buffer.from(text), 0, text.length)).toBe(expected)
  })
})

function place(text: string, mark: string): ReturnType<typeof layoutAt> {
  return layoutAt(Buffer.from(text), text.indexOf(mark), (at) => at)
}

describe('layoutAt', () => {
  test.each([
    ['one section', '[a]\nx = 1\ny = 2\n[b]\nz = 3\n', '12', 0],
    ['two sections', '[a]\nx = 1\ny = 2\n[b]\nz = 3\n', '23', 2],
    ['one object', '[{"a":1,"b":{"c":[]},"d":2},{"e":3}]', '12', 0],
    ['two objects', '[{"a":1,"b":2},{"e":3}]', '23', 2],
    ['one call', 'f(1, 2)\nf(3)', '12', 0],
    ['elements of one element', '<k><a>1</a><b>2</b></k><k><a>3</a></k>', '12', 2],
    ['elements of two elements', '<k><a>1</a><b>2</b></k><k><a>3</a></k>', '23', 4],
    ['one item', '- a: 1\n  b: 2\n- a: 3\n', '12', 0],
    ['two items', '- a: 1\n  b: 2\n- a: 3\n', '23', 2],
    ['nothing', 'a 1\nb 2\n', '12', 0],
  ])('counts the levels between parts of %s', (_name, text, marks, levels) => {
    expect(levelsBetween(place(text, marks.charAt(0)), place(text, marks.charAt(1)))).toBe(levels)
  })

  test('distinguishes lines and paragraphs', () => {
    const [one, two, three] = ['1', '2', '3'].map((mark) => place('a 1 2\n\nb 3\n', mark))
    expect([
      one?.line === two?.line,
      one?.line === three?.line,
      one?.paragraph === three?.paragraph,
    ]).toEqual([true, false, false])
  })

  test('reads a bounded number of bytes backwards', () => {
    const text = `{${' '.repeat(1_000_000)}x`
    expect(place(text, 'x').openers).toEqual([])
  })
})
