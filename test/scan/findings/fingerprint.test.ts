import { describe, expect, test } from 'vitest'
import { fingerprint } from '../../../src/scan/findings/fingerprint.ts'
import { base64, randomArmour, randomText, seeded } from '../suppress/random-values.ts'

/**
 * Allowlists and baselines contain these fingerprints. A change of any row breaks all of them and
 * needs a new prefix `oak2-`.
 */
test.each([
  ['aws', 'one', 'machine', 'oak1-f8158895b61e989c323dca7dccf5be04'],
  ['aws', 'two words', 'machine', 'oak1-2171f7a2b870a224f5bbff96258eb90c'],
  ['github', 'one', 'machine', 'oak1-236d125e18f4cfb29693de5928021e63'],
  ['', '', 'machine', 'oak1-fca97fbdbaee7dcbabe86e839cd490fe'],
  ['latin', 'p\u00c3\u00a4ss', 'machine', 'oak1-36d49abe236124ce14e7ad67645d443b'],
  ['env', 'one', 'person', 'oak1-15efaa85695d090b355b303199cb1115'],
  ['env', 'two words', 'person', 'oak1-711e4b4b2562cf96eaef3767f23d5c71'],
  ['database', 'one', 'person', 'oak1-6c5f8878249961e0ed19d30485631f22'],
  ['latin', 'p\u00c3\u00a4ss', 'person', 'oak1-c0db16855c3406a74f744d7fcb5c1b47'],
] as const)(
  'the fingerprint of %s %j made by a %s never changes: %s',
  (family, text, madeBy, expected) => {
    expect(fingerprint(family, text, madeBy)).toBe(expected)
  },
)

test('is made of 128 bits, under a name of the format', () => {
  expect(fingerprint('a', 'b', 'machine')).toMatch(/^oak1-[0-9a-f]{32}$/)
  expect(fingerprint('a', 'b', 'person')).toMatch(/^oak1-[0-9a-f]{32}$/)
})

test('differs by family, by value and by who made it', () => {
  const all = (['machine', 'person'] as const).flatMap((madeBy) =>
    [
      ['a', 'b'],
      ['a', 'c'],
      ['ab', ''],
      ['b', 'a'],
    ].map(([family = '', text = '']) => fingerprint(family, text, madeBy)),
  )
  expect(new Set(all).size).toBe(8)
})

test('is the same when computed again after others', () => {
  const before = fingerprint('env', 'bluebird', 'person')
  for (let round = 0; round < 8; round++) fingerprint('env', `bluebird ${String(round)}`, 'person')
  expect(fingerprint('env', 'bluebird', 'person')).toBe(before)
})

function print(text: string): string {
  return fingerprint('private-key', text, 'machine')
}

describe('one private key has one fingerprint', () => {
  const lines = randomArmour(seeded(10), 'RSA PRIVATE KEY')
  const [begin = '', ...rest] = lines
  const expected = print(lines.join('\n'))

  test.each([
    ['with CRLF', lines.join('\r\n')],
    ['with a line feed at the end', `${lines.join('\n')}\n`],
    ['indented, as in YAML', lines.join('\n      ')],
    ['with tabs', lines.join('\n\t')],
    ['with escaped line feeds, as in JSON', lines.join('\\n')],
    ['with escaped CRLF', lines.join('\\r\\n')],
    ['escaped twice', lines.join('\\\\n')],
    ['with escaped slashes, as PHP writes', lines.join('\\n').replaceAll('/', '\\/')],
    ['with escaped plus signs, as .NET writes', lines.join('\\n').replaceAll('+', '\\u002B')],
    [
      'as a string over several lines of source',
      lines
        .map((line) => `"${line}\\n"`)
        .join(' +\n    ')
        .slice(1, -3),
    ],
    [
      'the same, in Python',
      lines
        .map((line) => `'${line}\\n'`)
        .join('\n    ')
        .slice(1, -3),
    ],
    [
      'the same, in PHP',
      lines
        .map((line) => `"${line}\\n"`)
        .join(' .\n    ')
        .slice(1, -3),
    ],
    ['commented out', lines.join('\n# ')],
    ['commented out with slashes', lines.join('\n// ')],
    ['with continued lines', lines.join('\\n\\\n')],
    ['in a log', lines.join('\n10:11:12 INFO [web] ')],
    ['in a log of containers', lines.join('\nweb-1  | ')],
    ['on one line', lines.join('')],
    ['on one line with blanks', lines.join(' ')],
    [
      'with header lines',
      [begin, 'Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-128-CBC,00112233', '', ...rest].join('\n'),
    ],
    ['with another label', lines.join('\n').replaceAll('RSA ', '')],
    ['without its end', lines.slice(0, -1).join('\n')],
  ])('%s', (_, text) => {
    expect(print(text)).toBe(expected)
  })

  test('and another key has another fingerprint', () => {
    expect(print(randomArmour(seeded(11), 'RSA PRIVATE KEY').join('\n'))).not.toBe(expected)
  })
})

describe('one machine-made secret has one fingerprint', () => {
  const secret = `${randomText(seeded(12), base64, 36)}a/b+`
  test.each([
    ['with the escaped slashes of PHP', secret.replaceAll('/', '\\/')],
    ['with the escaped plus signs of .NET', secret.replaceAll('+', '\\u002B')],
    ['escaped as in a URL', secret.replaceAll('/', '%2F').replaceAll('+', '%2b')],
  ])('%s', (_, text) => {
    expect(fingerprint('aws', text, 'machine')).toBe(fingerprint('aws', secret, 'machine'))
  })
})

test.each([[' bluebird'], ['bluebird '], ['Bluebird'], ['blue\\/bird'], ['bluebird%2F']])(
  'every character of a value that a person chose counts: %j is not bluebird',
  (text) => {
    expect(fingerprint('env', text, 'person')).not.toBe(
      fingerprint('env', text.replaceAll(/\\|%2F|\s/g, '').toLowerCase(), 'person'),
    )
  },
)
