import { describe, expect, test } from 'vitest'
import { maskRandom } from '../../src/model/scrubber.ts'
import { awsPair, githubToken, password } from '../support/credentials.ts'
import { seededRandom } from '../support/random.ts'

const lower = 'abcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'
const draw = (alphabet: string, length: number, random: () => number): string =>
  Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')

/** The share of two hundred texts of which less than twelve characters in a row are left. */
function shareMasked(make: (seed: number) => string): number {
  const seeds = Array.from({ length: 200 }, (_, index) => 7000 + index)
  return (
    seeds.filter((seed) => !/[A-Za-z0-9]{12}/.test(maskRandom(make(seed), 'content'))).length / 200
  )
}

describe('text that looks random', () => {
  test.each<[string, number, (seed: number) => string]>([
    ['secrets of AWS', 1, (seed) => awsPair(seed).secret],
    ['tokens of GitHub', 1, githubToken],
    ['generated passwords', 0.95, password],
    ['hexadecimal keys', 0.99, (seed) => draw(`${digits}abcdef`, 32, seededRandom(seed))],
    ['letters and digits', 0.97, (seed) => draw(lower + digits, 20, seededRandom(seed))],
    ['small letters', 0.95, (seed) => draw(lower, 20, seededRandom(seed))],
    [
      'all kinds of characters',
      0.9,
      (seed) => draw(`${lower}${lower.toUpperCase()}${digits}!#$%&*`, 20, seededRandom(seed)),
    ],
  ])('is masked: %s', (_name, least, make) => {
    expect(shareMasked(make)).toBeGreaterThanOrEqual(least)
  })

  test.each([
    'src/scan/findings/redact.ts:12:4',
    'node_modules/.pnpm/@babel+core@7.23.2_supports-color@8.1.1/node_modules',
    'refs/remotes/origin/dependabot/npm_and_yarn/eslint-plugin-import-2.29.1',
    'https://console.aws.amazon.com/iam/home?region=us-east-1#/users',
    'arn:aws:iam::123456789012:user/CI-Deploy_2024',
    '2024-05-01T10:00:00+02:00 x86_64-unknown-linux-gnu 1234567890123456',
    'RedisModule_ReplyWithVerbatimStringType(ctx, getConfigurationValue("maxmemory-policy"))',
    'postgres://user:$PASSWORD@localhost:5432/main',
    'AKIA…WXYZ and ghp_…KCIZ',
    '====================------------------aaaaaaaaaaaaaaaaaaaaaaaa',
  ])('is not in: %s', (text) => {
    expect(maskRandom(text, 'content')).toBe(text)
    expect(maskRandom(text)).toBe(text)
  })

  test('is an id that stays in a name, and goes from a line', () => {
    const random = seededRandom(7)
    const hex = (length: number): string => draw(`${digits}abcdef`, length, random)
    const uuid = [8, 4, 4, 4, 12].map(hex).join('-')
    for (const id of [hex(40), hex(64), `oak1-${hex(32)}`, uuid]) {
      expect(maskRandom(`bad object ${id}.`)).toBe(`bad object ${id}.`)
      expect(maskRandom(`key: ${id}`, 'content')).not.toContain(id)
    }
  })

  test('goes with its folder and extension left, and twice as it goes once', () => {
    const masked = maskRandom(`keys/${awsPair(5).secret.replaceAll('/', 'x')}.pem`)
    expect(masked).toBe('keys/….pem')
    expect(maskRandom(masked)).toBe(masked)
  })

  test('is a password of a URL, whatever it looks like', () => {
    expect(maskRandom('git clone https://ci:letmein@example.com/x.git')).toBe(
      'git clone https://ci:…@example.com/x.git',
    )
  })
})
