import { describe, expect, test } from 'vitest'
import { expandSample } from '../../src/rules/samples/sample.ts'
import { hexChecksumOf } from '../../src/rules/validators/token-checksum.ts'
import { validatorNamed, validatorNames } from '../../src/rules/validators/validators.ts'
import { seededRandom } from '../support/random.ts'

const check = (name: string, text: string) => validatorNamed(name)!(text)
const made = (template: string, seed = 1) => expandSample(template, seededRandom(seed)).text
const jwt = (head: unknown, body: unknown) =>
  `${[head, body].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.${made('{base64url:43}')}`

describe('jwt', () => {
  test('returns issuer and expiry', () => {
    expect(
      check(
        'jwt',
        jwt({ alg: 'HS256' }, { iss: 'https://login.example.org/', exp: 1_700_000_000 }),
      ),
    ).toEqual({
      valid: true,
      facts: { issuer: 'https://login.example.org/', expires: '2023-11-14T22:13:20.000Z' },
    })
  })

  test.each([
    ['issuer with control characters', { iss: 'a\u001b[2Jb' }],
    ['expiry that is no date', { exp: 9e99 }],
    ['expiry in words', { exp: 'tomorrow' }],
    ['claims', {}],
  ])('returns no facts for an %s', (_, body) => {
    expect(check('jwt', jwt({ alg: 'RS256' }, body))).toEqual({ valid: true, facts: {} })
  })

  test.each([
    ['an unsigned one', jwt({ alg: 'none' }, { sub: 'a' })],
    ['one for everybody', jwt({ alg: 'HS256' }, { role: 'anon' })],
    [
      'the sample of the documentation',
      jwt({ alg: 'HS256' }, { sub: '1234567890', name: 'John Doe' }),
    ],
    ['a head without an algorithm', jwt({ typ: 'JWT' }, {})],
    ['a body that is a list', jwt({ alg: 'HS256' }, [])],
    ['what does not decode', `eyJ${made('{base64url:60}')}.eyJ${made('{base64url:60}')}.x`],
    ['nothing', ''],
  ])('rejects %s', (_, text) => {
    expect(check('jwt', text).valid).toBe(false)
  })
})

test('supabase-service accepts only the role that bypasses all policies', () => {
  expect(check('supabase-service', made('{supabase-service}')).valid).toBe(true)
  expect(check('supabase-service', made('{jwt-anon}')).valid).toBe(false)
  expect(check('supabase-service', made('{jwt}')).valid).toBe(false)
  expect(
    check('supabase-service', jwt({ alg: 'HS256' }, { role: 'service_role', iss: 'supabase-demo' }))
      .valid,
  ).toBe(false)
})

describe('azure-signature', () => {
  test.each([
    [
      'sv=2022-11-02&se=2024-01-01T00%3A00%3A00Z&sr=b&sig=abc%3D',
      { expires: '2024-01-01T00:00:00.000Z' },
    ],
    [
      'sr=sb%3A%2F%2Facme&sig=abc%3D&se=1700000000&skn=Root',
      { expires: '2023-11-14T22:13:20.000Z' },
    ],
    ['sv=2022-11-02&se=whenever&sig=abc', {}],
  ])('reads the expiry of %s', (text, facts) => {
    expect(check('azure-signature', text)).toEqual({ valid: true, facts })
  })

  test.each(['page=2&sig=abc', 'sv=2022-11-02&se=2024-01-01'])('rejects %s', (text) => {
    expect(check('azure-signature', text).valid).toBe(false)
  })
})

test('cloudflare-checksum doubts a token with another checksum, and does not reject it', () => {
  expect(hexChecksumOf('123456789')).toBe('cbf43926')
  expect(check('cloudflare-checksum', made('cfut_{base62:40}{cloudflare-checksum}'))).toEqual({
    valid: true,
  })
  expect(check('cloudflare-checksum', made('cfut_{base62:40}{hex:8}'))).toEqual({
    valid: true,
    facts: { doubt: expect.stringContaining('not the checksum') },
  })
})

test.each([
  ['zuplo-checksum', 'zpka_{alnum:32}_{zuplo-checksum}', 'zpka_{alnum:32}_{hex:8}'],
  ['confluent-checksum', 'cflt{base64:54}{confluent-checksum}', 'cflt{base64:60}'],
])('%s accepts only issued tokens', (name, issued, other) => {
  expect(check(name, made(issued)).valid).toBe(true)
  expect(check(name, made(other)).valid).toBe(false)
})

describe('generic-secret', () => {
  test.each([
    'PassWordMustBeAtLeast6Chars.',
    'FROM_CREDS_FILE_2',
    'P@ssw0rdWithTonsOfCharacters1',
    'Password4TheAges',
    'Non-Managed-Pa55word!',
    'my-super-secret-key-2024',
    'correct-horse-battery-staple-9',
    'com.acme.services.s3.Client2',
    'src/main/resources/keys2',
    './keys/server-key-1',
    'https://example.org/oauth2/token',
    'Namespace::Module::Name2',
    'application.v2.properties',
    made('sk_test_{base62:24}'),
    made('{jwt}'),
    made('AKIA{aws-key-tail}'),
    made('{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}'),
    ...['this is not a real value 1', 'a sentence of some words 2'].flatMap((text) =>
      [0, 1, 2].map((cut) => Buffer.from(text).toString('base64').slice(cut)),
    ),
  ])('rejects %j', (text) => {
    expect(check('generic-secret', text).valid).toBe(false)
  })

  test.each([
    ['{base62:32}', 0.02],
    ['{base62:40}', 0.01],
    ['{base64:40}', 0.02],
    ['{base64url:43}', 0.02],
    ['{hex:32}', 0.01],
    ['{hex:64}', 0.005],
    ['{alnum:32}', 0.08],
  ])('rejects few of %s', (template, share) => {
    const random = seededRandom(77)
    const values = Array.from({ length: 1500 }, () => expandSample(template, random).text)
    expect(
      values.filter((value) => !check('generic-secret', value).valid).length / values.length,
    ).toBeLessThan(share)
  })
})

describe.each(validatorNames)('%s', (name) => {
  test('never throws, never quotes the value, and takes hostile text without delay', () => {
    const units = [
      '',
      'A',
      '=',
      '.',
      'eyJ',
      'eyJhbGciOi',
      '&a=b',
      '%26',
      '&amp;',
      'X-Amz-Date=',
      'AQoDYXdz',
      'IQoJb3JpZ2luX2Vj',
      'aB3/',
      'Ab',
      '\u00ff',
      'a@1',
      'k8s-aws-v1.',
      'QVdTOmV5S',
      '[[[[',
      '{"a":',
    ]
    const before = process.cpuUsage()
    for (const unit of units) {
      for (const text of [
        unit,
        unit.repeat(Math.ceil(65_536 / (unit.length || 1))),
        Buffer.from(unit.repeat(20_000)).toString('base64'),
      ]) {
        const judged = check(name, text)
        if (text.length > 40) expect(JSON.stringify(judged)).not.toContain(text.slice(0, 40))
      }
    }
    const { user, system } = process.cpuUsage(before)
    // Sixty texts of up to 80 KB: quadratic code would take minutes of processor time.
    expect(user + system).toBeLessThan(20_000_000)
  })
})
