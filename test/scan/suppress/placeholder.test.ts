import { describe, expect, test } from 'vitest'
import { placeholderReason } from '../../../src/scan/suppress/placeholder.ts'
import {
  base32,
  base62,
  base64,
  hex,
  randomArmour,
  randomKeyId,
  randomText,
  seeded,
} from './random-values.ts'
import { rounds } from '../../support/rounds.ts'

const random = seeded(1)
const id = 'AKIA'
const pat = 'ghp_'

describe('machine-made values that are placeholders', () => {
  test.each([
    ['the key id of the AWS documentation', `${id}IOSFODNN7${'EXAMPLE'}`],
    ['another one', `${id}I44QH8DHB${'EXAMPLE'}`],
    ['a secret of the AWS documentation', `${randomText(random, base64, 30)}${'EXAMPLE'}KEY`],
    ['its variant of 41 characters', `${randomText(random, base64, 31)}${'EXAMPLE'}KEY`],
    ['a token of the documentation', `AQo${'EXAMPLE'}${randomText(random, base64, 60)}`],
    ['an id of one letter', `${id}${'X'.repeat(16)}`],
    ['an id of the alphabet', `${id}ABCDEFGHIJKLMNOP`],
    ['an id of digits', `${id}1234567890ABCDEF`],
    ['a token of x', `${pat}${'x'.repeat(36)}`],
    ['a token of zeros', `${pat}${'0'.repeat(36)}`],
    ['a token of a sequence', `${pat}abcdefghijklmnopqrstuvwxyz0123456789`],
    ['a token of digits and letters in turn', `${pat}a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6`],
    ['a pattern repeated', 'deadbeefdeadbeefdeadbeefdeadbeef'],
    ['hexadecimal digits in order', '0123456789abcdef0123456789abcdef'],
    ['the same downwards', 'fedcba98765432100123456789abcdef'],
    ['an empty UUID', '00000000-0000-0000-0000-000000000000'],
    ['groups of x', 'xxxx-xxxx-xxxx-xxxx'],
    ['a row of the keyboard', 'qwertyuiopasdfghjklzxcvbnm'],
    ['words that ask', 'your-api-key-here'],
    ['words that ask, in capitals', 'YOUR_AWS_SECRET_ACCESS_KEY'],
    ['words after an issuer', `${pat}your_token_here`],
    ['glued words', 'yourapikey'],
    ['words in camel case', 'yourSecretKey'],
    ['insert', 'insert-token-here'],
    ['replace', 'REPLACE_ME'],
    ['replace with', 'replace-with-real-key'],
    ['change', 'changeme'],
    ['change this', 'ChangeThisSecret'],
    ['generate', 'generate-a-random-string'],
    ['dummy', 'dummy'],
    ['example', 'example'],
    ['a dummy key', 'dummy-api-key'],
    ['a test key', 'test_secret_key'],
    ['a fake one', 'fake-token'],
    ['foo', 'foobar'],
    ['to do', 'TODO'],
    ['braces', '${AWS_SECRET}'],
    ['a default in braces', '${DB_PASS:-secret}'],
    ['a dollar', '$AWS_SECRET'],
    ['a variable in lower case', '$password'],
    ['a template', '{{ aws_secret }}'],
    ['a GitHub expression', '${{ secrets.TOKEN }}'],
    ['angle brackets', '<your key>'],
    ['escaped angle brackets', '&lt;key&gt;'],
    ['square brackets', '[YOUR-PASSWORD]'],
    ['a Windows variable', '%TOKEN%'],
    ['a build variable', '@TOKEN@'],
    ['a format', '%s'],
    ['a Python format', '%(password)s'],
    ['empty braces', '{}'],
    ['numbered braces', '{0}'],
    ['a dunder', '__PASSWORD__'],
    ['an ERB tag', '<%= ENV["X"] %>'],
    ['a command', '$(cat /run/secret)'],
    ['1Password', 'op://vault/item/field'],
    ['Vault', 'vault:secret/data/app#token'],
    ['two variables', '${USER}:${PASS}'],
    ['code', 'process.env.TOKEN'],
    ['Terraform', 'var.db_password'],
    ['stars', '****************'],
    ['stars within', 'abcd****wxyz'],
    ['dots', '...'],
    ['a cut value', `${pat}Zk39...`],
    ['nothing', '   '],
    [
      'an armour without a key',
      `-----${'BEGIN'} PRIVATE KEY-----\n...\n-----${'END'} PRIVATE KEY-----`,
    ],
    [
      'an armour round words',
      `-----${'BEGIN'} RSA PRIVATE KEY-----\\nyour key here\\n-----${'END'} RSA PRIVATE KEY-----`,
    ],
    [
      'an armour round x',
      `-----${'BEGIN'} PRIVATE KEY-----\n${'x'.repeat(64)}\n-----${'END'} PRIVATE KEY-----`,
    ],
  ])('%s', (_, value) => {
    expect(placeholderReason(value)).toBeTypeOf('string')
  })
})

describe('values that are placeholders only where a person chose them', () => {
  test.each([
    'password',
    'Secret',
    'postgres',
    'root',
    'admin',
    'user',
    'pass',
    'password123',
    'P@ssw0rd',
    's3cr3t',
    'qwerty',
    'letmein',
    'hunter2',
    'super-secret',
    'keyboard cat',
    'minioadmin',
  ])('%s', (value) => {
    expect(placeholderReason(value, 'person')).toBeTypeOf('string')
    if (!/qwerty/.test(value)) expect(placeholderReason(value, 'machine')).toBeUndefined()
  })
})

describe('values that are no placeholders', () => {
  test.each([
    'bluebird',
    'correct-horse-battery-staple',
    'Password2024!',
    'Admin2023',
    'Tr0ub4dor&3',
    'Zk39vQm2',
    'pa$$w0rds&more',
    'my-cat-is-called-tom',
    'exampleton',
    'yourself1',
    'swordfish',
    'contest9',
    'xylophone',
    'Summer2024',
    'hereford',
    'dummyload7',
    'a$B${c',
    'x<y>z',
    '83920174',
  ])('%s', (value) => {
    expect(placeholderReason(value, 'person')).toBeUndefined()
  })

  test('a private key', () => {
    const lines = randomArmour(seeded(2), 'RSA PRIVATE KEY')
    expect(
      [lines.join('\n'), lines.join('\\n'), lines.join('\r\n    ')].map((text) =>
        placeholderReason(text),
      ),
    ).toEqual([undefined, undefined, undefined])
  })
})

test.each([
  ['100000 random key ids', 100_000, (next: () => number) => randomKeyId(next)],
  [
    '100000 random secrets of forty characters',
    100_000,
    (next: () => number) => randomText(next, base64, 40),
  ],
  [
    '20000 random ids of twenty characters',
    20_000,
    (next: () => number) => randomText(next, base32, 20),
  ],
  [
    '20000 random tokens after an issuer',
    20_000,
    (next: () => number) => pat + randomText(next, base62, 36),
  ],
  [
    '20000 times thirty-two random hex digits',
    20_000,
    (next: () => number) => randomText(next, hex, 32),
  ],
])('none of %s is a placeholder', (_, values, make) => {
  const next = seeded(100)
  const wrong: string[] = []
  for (let round = 0; round < rounds(values); round++) {
    const value = make(next)
    if (placeholderReason(value, round % 2 === 0 ? 'machine' : 'person') !== undefined)
      wrong.push(value)
  }
  expect(wrong).toEqual([])
})

test('a reason does not quote the value', () => {
  for (const value of [
    'changeme',
    'postgres',
    '${DB_PASSWORD}',
    'abcdefgh12345678',
    'your-token-here',
  ]) {
    expect(placeholderReason(value, 'person')).not.toContain(value)
  }
})

test.each([
  'a',
  'ab',
  '-',
  'your-',
  '${',
  '{{',
  '%',
  '<',
  'a.',
  '[a',
  '$(',
  'EXAMPLE',
  '\\n',
  ' ',
  '${a}',
  '$A',
  'a-1',
])('takes linear time for 100,000 times %j', (part) => {
  expect(() => placeholderReason(part.repeat(100_000), 'person')).not.toThrow()
})
