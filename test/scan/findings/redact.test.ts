import { expect, test } from 'vitest'
import { redact } from '../../../src/scan/findings/redact.ts'
import {
  base62,
  base64,
  hex,
  randomArmour,
  randomKeyId,
  randomText,
  seeded,
} from '../suppress/random-values.ts'
import { rounds } from '../../support/rounds.ts'

const random = seeded(13)
const [r36, r40, r80] = [36, 40, 80].map((length) => randomText(random, base62, length)) as [
  string,
  string,
  string,
]
const id = randomKeyId(random)

test.each([
  ['a key id by its ends', id, 'id', 'machine', `AKIA…${id.slice(-4)}`],
  ['a short id by less', 'abcdefgh', 'id', 'machine', 'ab…'],
  ['a secret by its ends', r40, 'secret', 'machine', `${r40.slice(0, 4)}…${r40.slice(-4)}`],
  ['a token by its issuer', `ghp_${r36}`, 'secret', 'machine', `ghp_…${r36.slice(-4)}`],
  ['a longer issuer', `glpat-${r36}`, 'secret', 'machine', `glpat-…${r36.slice(-4)}`],
  [
    'an issuer of two words by the first',
    `github_pat_${r80}`,
    'secret',
    'machine',
    `github_…${r80.slice(-4)}`,
  ],
  [
    'a secret of 24 characters without its tail, which would be too much',
    r40.slice(0, 24),
    'secret',
    'machine',
    `${r40.slice(0, 4)}…`,
  ],
  ['a secret of 20 characters', r40.slice(0, 20), 'secret', 'machine', `${r40.slice(0, 4)}…`],
  ['a secret of 8 characters', r40.slice(0, 8), 'secret', 'machine', `${r40.slice(0, 2)}…`],
  ['a secret of three characters', 'abc', 'secret', 'machine', '…'],
  ['nothing', '', 'secret', 'machine', '…'],
  ["a person's choice not at all", r40, 'secret', 'person', '…'],
  ["a person's name not at all", id, 'id', 'person', '…'],
  ['lines not at all', `${r40}\n${r40}`, 'secret', 'machine', '…'],
  ['control characters not at all', `\u001b[31m${r40}`, 'secret', 'machine', '…'],
  ['bytes that are not ASCII not at all', `\u00e2${r40}`, 'token', 'machine', '…'],
  [
    'a private key by its label',
    randomArmour(random, 'RSA PRIVATE KEY').join('\n'),
    'secret',
    'machine',
    'RSA PRIVATE KEY …',
  ],
  [
    'another',
    randomArmour(random, 'PRIVATE KEY').join('\\n'),
    'secret',
    'machine',
    'PRIVATE KEY …',
  ],
  [
    'a PGP key',
    randomArmour(random, 'PGP PRIVATE KEY BLOCK').join('\n'),
    'secret',
    'machine',
    'PGP PRIVATE KEY BLOCK …',
  ],
  [
    'a label somebody made up not at all',
    randomArmour(random, `${r36.toUpperCase()} PRIVATE KEY`).join('\n'),
    'secret',
    'machine',
    '…',
  ],
] as const)('shows %s', (...[, text, role, madeBy, shown]) => {
  expect(redact(text, role, madeBy)).toBe(shown)
})

test('never shows more than a quarter of a secret or token, and nothing of a value that a person chose', () => {
  const next = seeded(14)
  const alphabets = [hex, base62, base64, `${base62}-_`, `${base62}-_.:/ `]
  const wrong: string[] = []
  for (let round = 0; round < rounds(20_000); round++) {
    const text = randomText(next, alphabets[round % alphabets.length]!, Math.floor(next() * 120))
    const role = round % 2 === 0 ? 'secret' : 'token'
    const shown = redact(text, role, 'machine')
    const [head = '', tail = ''] = shown.split('…')
    if (
      head.length + tail.length > text.length / 4 ||
      !text.startsWith(head) ||
      !text.endsWith(tail)
    )
      wrong.push(text)
    if (redact(text, role, 'person') !== '…') wrong.push(text)
  }
  expect(wrong).toEqual([])
})
