import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { quotePathspec, shellQuote } from '../../../src/report/next-steps/shell-quote.ts'

const rows = [
  ['a plain path', 'config/prod.env', 'config/prod.env'],
  ['spaces', 'a b', `'a b'`],
  ['a quote', `it's`, String.raw`'it'\''s'`],
  ['substitution', '$(id)`id`', "'$(id)`id`'"],
  ['an option', '-rf', `'-rf'`],
  ['letters of the world', '日本/ключ', `'日本/ключ'`],
  ['a line feed and a quote', `a\n'b`, String.raw`$'a\012\'b'`],
  ['an escape sequence and a backslash', '\u001B[1m\\', String.raw`$'\033[1m\\'`],
  ['bidi and zero-width characters', 'a\u202E1\u200B', String.raw`$'a\342\200\2561\342\200\213'`],
  ['nothing', '', `''`],
] as const

describe('shellQuote', () => {
  test.each(rows)('quotes %s', (_name, text, quoted) => {
    expect(shellQuote({ text })).toBe(quoted)
  })

  test('escapes the bytes of a name that is not UTF-8', () => {
    expect(
      shellQuote({ text: String.raw`caf\xe9`, bytes: Uint8Array.of(0x63, 0x61, 0x66, 0xe9) }),
    ).toBe(String.raw`$'caf\351'`)
  })

  test.skipIf(process.platform === 'win32')('is decoded by a shell to the same name', () => {
    for (const [, text, quoted] of rows)
      expect(execFileSync('bash', ['-c', `printf %s ${quoted}`], { encoding: 'utf8' })).toBe(text)
  })
})

describe('quotePathspec', () => {
  test.each([
    ['a/b.env', 'a/b.env'],
    ['*.env', `':(literal)*.env'`],
    [':/x', `':(literal):/x'`],
  ])('of %s means this path only', (text, quoted) => {
    expect(quotePathspec({ text })).toBe(quoted)
  })

  test('keeps bytes', () => {
    expect(quotePathspec({ text: String.raw`\xe9`, bytes: Uint8Array.of(0xe9) })).toBe(
      String.raw`$':(literal)\351'`,
    )
  })
})
