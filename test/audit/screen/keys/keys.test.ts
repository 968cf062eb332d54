import { describe, expect, test } from 'vitest'
import { type Key, KeyDecoder } from '../../../../src/audit/screen/keys/keys.ts'

/** Returns text keys as they are, and other keys by name. */
function short(keys: readonly Key[]): readonly string[] {
  return keys.map((key) =>
    'text' in key ? (key.name === 'text' ? key.text : `${key.name} ${key.text}`) : key.name,
  )
}

const decoded = (...pieces: readonly string[]): readonly string[] => {
  const decoder = new KeyDecoder()
  return short([...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.flush()])
}

describe('keys', () => {
  test.each<readonly [string, readonly string[]]>([
    ['jjjj', ['j', 'j', 'j', 'j']],
    ['\u001B[A\u001B[A\u001BOBj', ['up', 'up', 'down', 'j']],
    [
      '\u001B[5~\u001B[6~\u001B[H\u001B[4~\u001B[Z',
      ['pageup', 'pagedown', 'home', 'end', 'backtab'],
    ],
    ['a\rb\tc\u007Fd\b', ['a', 'enter', 'b', 'tab', 'c', 'backspace', 'd', 'backspace']],
    ['\u0003\u0015', ['ctrl c', 'ctrl u']],
    ['é日😀', ['é', '日', '😀']],
    ['\u001B', ['escape']],
    ['\u001B\u001B', ['escape', 'escape']],
    ['\u001B[1;5A', ['up']],
    ['\u001B[<0;12;5M\u001B[?2026;2$y\u001B[200', ['escape']],
    ['\u001Bx', []],
    ['\u0000j', ['j']],
  ])('of %j are %j', (input, keys) => {
    expect(decoded(input)).toEqual(keys)
  })

  test('are the same however the input is split', () => {
    const input = 'jj\u001B[A\u001B[5~\u001B[200~q\u001B[Aq\rx\u001B[201~k😀\u001BOB'
    const whole = decoded(input)
    expect(whole).toEqual(['j', 'j', 'up', 'pageup', 'paste q\u001B[Aq\rx', 'k', '😀', 'down'])
    for (let at = 1; at < input.length; at += 1)
      expect(decoded(input.slice(0, at), input.slice(at))).toEqual(whole)
    expect(decoded(...input.split(''))).toEqual(whole)
  })
})

describe('a paste', () => {
  test('is one key, whatever it contains', () => {
    expect(decoded('\u001B[200~qqq\r\u0003\u001B[B\u001B[201~')).toEqual([
      'paste qqq\r\u0003\u001B[B',
    ])
  })

  test('of any length takes bounded memory, and keys follow it', () => {
    const decoder = new KeyDecoder()
    decoder.push('\u001B[200~')
    for (let n = 0; n < 100; n += 1) expect(decoder.push('x'.repeat(5000))).toEqual([])
    const [paste, key] = decoder.push('\u001B[201~j')
    expect(paste?.name === 'paste' && paste.text.length).toBe(10_000)
    expect(key).toEqual({ name: 'text', text: 'j' })
  })
})
