import { describe, expect, test } from 'vitest'
import { pathBytes, repoPath, zFields } from '../../../src/git/commands/path.ts'
import { randomBytes } from '../../support/pieces.ts'
import { seededRandom } from '../../support/random.ts'
import { rounds } from '../../support/rounds.ts'

describe('repoPath', () => {
  test.each([
    ['ASCII', Buffer.from('src/a b.ts'), 'src/a b.ts', false],
    ['UTF-8', Buffer.from('日本/é.env'), '日本/é.env', false],
    ['a name with a line feed', Buffer.from('a\nb'), 'a\nb', false],
    ['a byte order mark', Buffer.from('\uFEFFa'), '\uFEFFa', false],
    ['what UTF-8 says of no character', Buffer.from('\uFFFD'), '\uFFFD', false],
    ['Latin 1', Buffer.from('caf\u00E9', 'latin1'), String.raw`caf\xe9`, true],
    ['half a character', Buffer.from([0x61, 0xe6, 0x97]), String.raw`a\xe6\x97`, true],
    ['a surrogate', Buffer.from([0xed, 0xa0, 0x80]), String.raw`\xed\xa0\x80`, true],
    ['an overlong slash', Buffer.from([0xc0, 0xaf]), String.raw`\xc0\xaf`, true],
  ])('shows %s', (_name, bytes, text, keepsBytes) => {
    const path = repoPath(bytes)
    expect(path.text).toBe(text)
    expect(path.bytes !== undefined).toBe(keepsBytes)
    expect(pathBytes(path).equals(bytes)).toBe(true)
  })

  test('loses no byte of any name', () => {
    const random = seededRandom(11)
    for (let round = 0; round < rounds(3000); round += 1) {
      const bytes = randomBytes(Math.floor(random() * 12), () =>
        random() < 0.6 ? random() / 2 : random(),
      )
      expect(pathBytes(repoPath(bytes)).equals(bytes)).toBe(true)
    }
  })

  test('keeps bytes of its own, which later output does not change', () => {
    const output = Buffer.from([0xff, 0x61])
    const path = repoPath(output)
    output.fill(0)
    expect(pathBytes(path)).toEqual(Buffer.from([0xff, 0x61]))
  })
})

describe('zFields', () => {
  test.each([
    ['', []],
    ['a\0', ['a']],
    ['a\0b', ['a', 'b']],
    ['\0', ['']],
    ['a\0\0b\0', ['a', '', 'b']],
    ['with\nline\0', ['with\nline']],
  ])('takes %j apart', (output, fields) => {
    expect([...zFields(Buffer.from(output))].map(String)).toEqual(fields)
  })
})
