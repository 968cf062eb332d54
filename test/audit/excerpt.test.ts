import { describe, expect, test } from 'vitest'
import { linesAround, type SecretSpan } from '../../src/audit/excerpt.ts'
import { githubToken } from '../support/credentials.ts'

const token = githubToken(4711)
const another = githubToken(4712)
const clean = (text: string): string => text

/** The span of a value in a text of ASCII. */
function spanOf(text: string, value: string, isOwn: boolean): SecretSpan {
  const start = text.indexOf(value)
  return { start, end: start + value.length, redacted: `<${isOwn ? 'own' : 'other'}>`, isOwn }
}

/** The lines around the own secrets of a text, as `number text`. */
function shownOf(text: string, secrets: readonly SecretSpan[], reveal = false): readonly string[] {
  const first = secrets.find(({ isOwn }) => isOwn)!
  const line = text.slice(0, first.start).split('\n').length
  const endLine = text.slice(0, first.end).split('\n').length
  return linesAround(
    { start: 0, bytes: Buffer.from(text) },
    { secrets, firstSpan: { line, endLine }, reveal, clean, isEntries: false },
  ).map(({ number, pieces }) => `${number} ${pieces.map((piece) => piece.text).join('')}`)
}

describe('the lines around a secret', () => {
  const text = `a\nb\nc\nd\ntoken = ${token} # and ${another}\ne\nf\ng\nh\n`
  const secrets = [spanOf(text, token, true), spanOf(text, another, false)]

  test('are three before and after it, with every secret redacted', () => {
    expect(shownOf(text, secrets)).toEqual([
      '2 b',
      '3 c',
      '4 d',
      '5 token = <own> # and <other>',
      '6 e',
      '7 f',
      '8 g',
    ])
  })

  test('show the own secret alone where it is revealed', () => {
    const lines = shownOf(text, secrets, true)
    expect(lines[3]).toContain(token)
    expect(lines.join('\n')).not.toContain(another)
  })

  test('end with the file, and the text after the last line feed is no line', () => {
    const short = `x\ntoken = ${token}\n`
    expect(shownOf(short, [spanOf(short, token, true)])).toEqual(['1 x', '2 token = <own>'])
  })

  test('keep their numbers behind a secret of several lines', () => {
    const key = `${token}\n${another}`
    const long = `x\nkey = ${key}\ny\n`
    expect(shownOf(long, [spanOf(long, key, true)])).toEqual(['1 x', '2 key = <own>', '4 y'])
  })

  test('of a minified file are cut around the secret', () => {
    const wide = `${'x'.repeat(5000)} ${token} ${'y'.repeat(5000)}`
    const [line = ''] = shownOf(wide, [spanOf(wide, token, true)])
    expect(line).toContain('<own>')
    expect(line.length).toBeLessThan(400)
  })
})
