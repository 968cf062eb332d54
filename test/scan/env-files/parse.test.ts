import { describe, expect, test } from 'vitest'
import { parseEnv } from '../../../src/scan/env-files/parse.ts'
import { randomText, seeded } from '../suppress/random-values.ts'
import { rounds } from '../../support/rounds.ts'

/**
 * `KEY=‹value›`: the marks are around the raw value. They are not Latin-1, so no text contains
 * them.
 */
function unmark(marked: string): { text: string; spans: [number, number][] } {
  const spans: [number, number][] = []
  let text = ''
  for (const char of marked) {
    if (char === '‹') spans.push([text.length, -1])
    else if (char === '›') spans.at(-1)![1] = text.length
    else text += char
  }
  return { text, spans }
}

/**
 * The expected keys, and the values where decoding changes them. A key behind `#` is commented out.
 */
interface Row {
  readonly name: string
  readonly marked: string
  readonly keys: readonly string[]
  readonly values?: readonly string[] | undefined
}

function rowOf([name, marked, keys, values]: readonly [
  string,
  string,
  readonly string[],
  (readonly string[])?,
]): Row {
  return { name, marked, keys, values }
}

const plain: readonly Parameters<typeof rowOf>[0][] = [
  ['a plain entry', 'KEY=‹value›', ['KEY']],
  ['a line feed at the end', 'KEY=‹value›\n', ['KEY']],
  ['two entries', 'A=‹1›\nB=‹2›\n', ['A', 'B']],
  ['CRLF', 'A=‹1›\r\nB=‹2›\r\n', ['A', 'B']],
  ['lone carriage returns', 'A=‹1›\rB=‹2›', ['A', 'B']],
  ['a byte order mark', '\u00ef\u00bb\u00bfKEY=‹value›', ['KEY']],
  ['blanks round the sign', 'KEY = ‹value›', ['KEY']],
  ['tabs round the sign', 'KEY\t=\t‹value›', ['KEY']],
  ['blanks in front', '   KEY=‹value›', ['KEY']],
  ['blanks behind', 'KEY=‹value›  \t\n', ['KEY']],
  ['blanks within', 'KEY=‹two words›', ['KEY']],
  ['an empty value', 'KEY=‹›', ['KEY']],
  ['an empty value before another entry', 'A=‹›\nB=‹2›', ['A', 'B']],
  ['an empty value with blanks', 'A=   ‹›\nB=‹2›', ['A', 'B']],
  ['empty lines between', 'A=‹1›\n\n\nB=‹2›', ['A', 'B']],
  ['a sign in the value', 'KEY=‹a=b›', ['KEY']],
  ['padding of base64', 'KEY=‹YWJj==›', ['KEY']],
  ['dots and dashes in the key', 'spring.db-password=‹x›', ['spring.db-password']],
  ['a key in lower case', 'key=‹value›', ['key']],
  ['a key of digits', '1KEY=‹value›', ['1KEY']],
  ['a colon', 'KEY: ‹value›', ['KEY']],
  ['a URL', 'URL=‹https://a:b@c/d?e=f›', ['URL']],
  ['JSON', 'KEY=‹{"a":"b"}›', ['KEY']],
  ['bytes beyond ASCII', 'KEY=‹p\u00c3\u00a4ss›', ['KEY']],
  ['backslashes as they are', 'KEY=‹a\\nb›', ['KEY']],
  ['a quote in the middle', "KEY=‹it's›", ['KEY']],
  ['a variable', 'KEY=‹${OTHER}x›', ['KEY']],
  ['no entry after a dialog', 'hello world\nKEY=‹value›', ['KEY']],
  ['no entry in a bare key', 'KEY\nB=‹1›', ['B']],
  ['no entry in a time', '12:30\nB=‹1›', ['B']],
  ['no entry without a key', '=value\nB=‹1›', ['B']],
  ['no entry in a key with a blank', 'my key=value\nB=‹1›', ['B']],
]

const exported: readonly Parameters<typeof rowOf>[0][] = [
  ['export', 'export KEY=‹value›', ['KEY']],
  ['export with blanks', '  export   KEY=‹value›', ['KEY']],
  ['set', 'set KEY=‹value›', ['KEY']],
  ['declare', 'declare -x KEY="‹value›"', ['KEY']],
  ['an entry called export', 'export=‹1›', ['export']],
  ['two exports on a line', 'export A=‹1›; export B=‹2›', ['A', 'B']],
  ['two exports joined', 'export A=‹1› && export B=‹2›', ['A', 'B']],
  ['two values of one export', 'export A=‹1› B=‹2›', ['A', 'B']],
  ['two quoted values of one export', `export A="‹1›" B='‹2›'`, ['A', 'B']],
  ['words behind an export', 'export A=‹one two›', ['A']],
  ['a semicolon in a value', 'A=‹b; c›', ['A']],
]

const quoted: readonly Parameters<typeof rowOf>[0][] = [
  ['double quotes', 'KEY="‹value›"', ['KEY']],
  ['single quotes', `KEY='‹value›'`, ['KEY']],
  ['backticks', 'KEY=`‹value›`', ['KEY']],
  ['empty quotes', 'KEY="‹›"', ['KEY']],
  ['blanks in quotes', 'KEY="‹ value ›"', ['KEY']],
  ['a hash in quotes', 'KEY="‹a # b›"', ['KEY']],
  ['a comment behind quotes', 'KEY="‹value›" # words', ['KEY']],
  ['a comment behind quotes without a blank', 'KEY="‹value›"# words', ['KEY']],
  ['other quotes inside', `KEY="‹it's \`x\`›"`, ['KEY']],
  ['double quotes inside single ones', `KEY='‹{"a":"b"}›'`, ['KEY']],
  ['escaped line feeds', 'KEY="‹a\\nb›"', ['KEY'], ['a\nb']],
  ['escaped tabs and returns', 'KEY="‹a\\t\\rb›"', ['KEY'], ['a\t\rb']],
  ['escaped quotes', 'KEY="‹a\\"b›"', ['KEY'], ['a"b']],
  ['escaped backslashes', 'KEY="‹a\\\\b›"', ['KEY'], ['a\\b']],
  ['an escaped dollar', 'KEY="‹a\\$b›"', ['KEY'], ['a$b']],
  ['escapes nobody knows', 'KEY="‹a\\qb›"', ['KEY']],
  ['no escapes in single quotes', `KEY='‹a\\nb›'`, ['KEY']],
  ['an escaped quote in single quotes', `KEY='‹it\\'s›'`, ['KEY']],
  ['quotes and a colon', 'KEY: "‹value›"', ['KEY']],
  ['a quoted key', '"KEY": "‹value›",', ['KEY']],
  ['quotes with CRLF', 'A="‹1›"\r\nB="‹2›"\r\n', ['A', 'B']],
  ['parts that a shell joins', `KEY='‹a'"b›"`, ['KEY'], ['ab']],
  ['three parts', `KEY="‹a"'b'"c›"`, ['KEY'], ['abc']],
  ['a part that is never closed', `KEY='‹a›'"b`, ['KEY']],
  ['words behind quotes', 'KEY="‹a›" b', ['KEY']],
  ['a quote that is never closed', 'A="‹one two›\nB=‹2›', ['A', 'B']],
  ['an apostrophe that is never closed', `A='‹one›\nB=‹2›`, ['A', 'B']],
  ['two quotes that are never closed', 'A="‹one›\nB="‹two›', ['A', 'B']],
  ['a lone quote at the end', 'KEY="‹›', ['KEY']],
  ['a backslash at the end', 'KEY="‹a\\›', ['KEY']],
]

const multiline: readonly Parameters<typeof rowOf>[0][] = [
  ['double quotes over lines', 'KEY="‹a\nb›"', ['KEY']],
  ['single quotes over lines', `KEY='‹a\nb\nc›'`, ['KEY']],
  ['backticks over lines', 'KEY=`‹a\nb›`', ['KEY']],
  ['an entry behind them', 'A="‹a\nb›"\nB=‹2›', ['A', 'B']],
  ['a comment behind them', 'A="‹a\nb›" # words\nB=‹2›', ['A', 'B']],
  ['CRLF within', 'KEY="‹a\r\nb›"', ['KEY'], ['a\nb']],
  ['base64 within', 'KEY="‹MIIE\nabcd==\n›"', ['KEY']],
  ['a hash within', 'KEY="‹a\n# b\nc›"', ['KEY']],
  ['words behind: it was not meant', 'A="‹a›\nb" c\nB=‹2›', ['A', 'B']],
  ['an entry within: it was not meant', `A='‹it›\nB=‹2›\nC=‹don't›`, ['A', 'B', 'C']],
  ['more than 64 KiB: it was not meant', `A="‹a›\n${'b\n'.repeat(40_000)}"\nB=‹2›`, ['A', 'B']],
]

const comments: readonly Parameters<typeof rowOf>[0][] = [
  ['a comment', '# words\nKEY=‹value›', ['KEY']],
  ['a comment behind a value', 'KEY=‹value› # words', ['KEY']],
  ['a comment behind a tab', 'KEY=‹value›\t# words', ['KEY']],
  ['a hash without a blank is kept', 'KEY=‹pass#word›', ['KEY']],
  ['a hash without a blank, then a comment', 'KEY=‹pass#word› # words', ['KEY']],
  ['a value that is a comment', 'KEY=‹›# words', ['KEY']],
  ['a value that is a comment, behind a blank', 'KEY= ‹›# words', ['KEY']],
  ['an entry commented out', '# KEY=‹value›', ['#KEY']],
  ['without a blank', '#KEY=‹value›', ['#KEY']],
  ['twice', '## KEY=‹value›', ['#KEY']],
  ['with export', '# export KEY=‹value›', ['#KEY']],
  ['with quotes', '# KEY="‹value›" # words', ['#KEY']],
  ['with a colon, in capitals', '# API_KEY: ‹value›', ['#API_KEY']],
  ['with a semicolon', '; KEY=‹value›', ['#KEY']],
  ['with slashes', '// KEY=‹value›', ['#KEY']],
  ['a quote does not go on behind a comment', '# A="‹one›\nB=‹2"›', ['#A', 'B']],
  ['prose with a colon', '# Note: words\n# See also: words\nKEY=‹value›', ['KEY']],
  ['prose with a sign', '# set the key = value\nKEY=‹value›', ['KEY']],
  ['a rule of signs', '# =====\n#-----\nKEY=‹value›', ['KEY']],
]

describe.each([
  ['plain entries', plain],
  ['exports', exported],
  ['quotes', quoted],
  ['values over several lines', multiline],
  ['comments', comments],
])('reads %s', (_, rows) => {
  test.each(rows.map(rowOf))('$name', ({ marked, keys, values }) => {
    const { text, spans } = unmark(marked)
    const entries = parseEnv(text)
    expect(entries.map((entry) => (entry.commented ? '#' : '') + entry.key)).toEqual(keys)
    expect(entries.map((entry) => [entry.start, entry.end])).toEqual(spans)
    expect(entries.map((entry) => entry.value)).toEqual(
      values ?? spans.map(([start, end]) => text.slice(start, end)),
    )
  })
})

test('parses any text, with offsets of the value or its raw form', () => {
  const random = seeded(6)
  const alphabet = 'AB=:"\'`#\\ \t\n\r;&$/x-+?\u00ef\u00bb\u00bf'
  const wrong: string[] = []
  let count = 0
  for (let round = 0; round < rounds(20_000); round++) {
    const text = randomText(random, alphabet, 40)
    for (const { alternatives: others, ...entry } of parseEnv(text)) {
      count++
      for (const { value, start, end } of [entry, ...others]) {
        if (start < 0 || start > end || end > text.length) wrong.push(text)
        const raw = text.slice(start, end)
        if (!/["'`\\\r]/.test(raw) && value !== raw) wrong.push(text)
      }
    }
  }
  expect(wrong).toEqual([])
  expect(count).toBeGreaterThan(rounds(1000))
})

test.each([
  'A="\\"\n',
  `A='\n`,
  'A=`"\'\n',
  'export A=1 ',
  '# A="',
  ' ',
  '#',
  'A',
  'A="',
  '\\',
  '"',
  'A=""',
  'export A=1;',
  'A=\\\n',
  'A=\\\\',
  "A=a'",
  '- "A=',
  '- "A=\n',
  "A=$'",
  'export A=\'a\'"b"c',
  'A#',
])('takes linear time for a file of nothing but %j', (part) => {
  expect(parseEnv(part.repeat(100_000)).length).toBeLessThanOrEqual(100_000)
})
