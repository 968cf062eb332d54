import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { expandSample } from '../../src/rules/samples/sample.ts'
import { validatorNamed } from '../../src/rules/validators/validators.ts'
import { seededRandom } from '../support/random.ts'

const check = (name: string, text: string) => validatorNamed(name)!(text)
const made = (template: string, seed = 1) => expandSample(template, seededRandom(seed)).text
const inBase64 = (text: string) => Buffer.from(text).toString('base64')

/** Returns the parameters of a signed address, with the changes of a test. */
function signed({
  id = `AKIAI${made('{base32:15}')}`,
  date = '20240101T000000Z',
  seconds = '3600',
  more = '',
} = {}): string {
  return `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${id}%2F20240101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=${date}&X-Amz-Expires=${seconds}${more}&X-Amz-Signature=${made('{hex:64}')}`
}

const facts = {
  region: 'eu-west-1',
  service: 's3',
  created: '2024-01-01T00:00:00.000Z',
  expires: '2024-01-01T01:00:00.000Z',
}

describe('aws-presigned', () => {
  test('reads region, service and times, in every spelling of &', () => {
    const plain = signed()
    for (const text of [
      plain,
      plain.replaceAll('&', '&amp;'),
      plain.replaceAll('&', '\\u0026'),
      encodeURIComponent(plain),
    ]) {
      expect(check('aws-presigned', text)).toEqual({ valid: true, facts })
    }
  })

  test('reads the account from the id of the signing key', () => {
    const id = `AKIAQ${made('{base32:15}', 3)}`
    expect(check('aws-presigned', signed({ id }))).toMatchObject({
      facts: { ...facts, accountId: expect.stringMatching(/^\d{12}$/) },
    })
  })

  test('expires with the session that signed it', () => {
    const token = made('{aws-session-token}', 8)
    const session = check('aws-session-token', token)
    const long = signed({
      date: '20250601T000000Z',
      seconds: String(10 * 365 * 86_400),
      more: `&X-Amz-Security-Token=${encodeURIComponent(token)}`,
    })
    expect(check('aws-presigned', long)).toMatchObject({
      facts: { expires: session.valid && session.facts?.['expires'] },
    })
  })

  test.each([
    ['the documentation', `AKIA${made('{base32:9}')}${'EXAMPLE'}`],
    ['an account that cannot be', `AKIA${'7'.repeat(16)}`],
    ['nobody', 'short'],
  ])('rejects an address that %s signed', (_, id) => {
    expect(check('aws-presigned', signed({ id })).valid).toBe(false)
  })

  test.each([
    ['tomorrow', '3600'],
    ['20240101T000000Z', '9e99'],
    ['20240101T000000Z', 'x'],
    ['', ''],
  ])('returns no expiry for date %j and %j seconds', (date, seconds) => {
    const judged = check('aws-presigned', signed({ date, seconds }))
    expect(judged).toMatchObject({ valid: true })
    expect(judged.valid && judged.facts).not.toHaveProperty('expires')
  })
})

describe('aws-presigned-v2', () => {
  const id = `AKIAI${made('{base32:15}')}`

  test.each([
    [`AWSAccessKeyId=${id}&Expires=1700000000&Signature=abc%3D`],
    [`Signature=abc%3D&Expires=1700000000&AWSAccessKeyId=${id}`],
    [`AWSAccessKeyId=${id}&amp;Expires=1700000000&amp;Signature=abc%3D`],
  ])('reads the expiry of %s', (text) => {
    expect(check('aws-presigned-v2', text)).toEqual({
      valid: true,
      facts: { expires: '2023-11-14T22:13:20.000Z' },
    })
  })

  test.each([
    [`AWSAccessKeyId=${id}&Expires=1700000000`],
    [`AWSAccessKeyId=${id}&Signature=abc`],
    ['AWSAccessKeyId=me&Signature=abc&Expires=1'],
  ])('rejects %s', (text) => {
    expect(check('aws-presigned-v2', text).valid).toBe(false)
  })
})

describe('aws-eks-token', () => {
  test('expires fifteen minutes after its creation', () => {
    expect(check('aws-eks-token', `k8s-aws-v1.${made('{aws-eks-token}')}`)).toEqual({
      valid: true,
      facts: {
        region: 'eu-west-1',
        service: 'sts',
        created: '2024-01-01T00:00:00.000Z',
        expires: '2024-01-01T00:15:00.000Z',
      },
    })
  })

  test('rejects other addresses', () => {
    expect(
      check(
        'aws-eks-token',
        `k8s-aws-v1.${Buffer.from('https://example.org/?a=b').toString('base64url')}`,
      ).valid,
    ).toBe(false)
  })
})

describe('aws-ecr-token', () => {
  test.each(['{aws-ecr-token}', '{aws-ecr-auth}'])('reads the expiry of %s', (template) => {
    expect(check('aws-ecr-token', made(template))).toEqual({
      valid: true,
      facts: { expires: '2023-11-14T22:13:20.000Z' },
    })
  })

  test.each([
    ['another type', JSON.stringify({ payload: 'x', type: 'OTHER' })],
    ['a list', '["payload"]'],
    ['text', 'payload'],
    ['what is cut off', '{"payload":"'],
  ])('rejects %s', (_, text) => {
    expect(check('aws-ecr-token', inBase64(text)).valid).toBe(false)
  })
})

/**
 * Derives an SMTP password as the guide describes: the version, and a chain of HMACs over date,
 * region and names.
 */
function derived(secret: string, region: string): string {
  const last = ['11111111', region, 'ses', 'aws4_request', 'SendRawEmail'].reduce<string | Buffer>(
    (key, text) => createHmac('sha256', key).update(text).digest(),
    `AWS4${secret}`,
  )
  return Buffer.concat([Buffer.of(4), Buffer.from(last)]).toString('base64')
}

describe('aws-ses-password', () => {
  test('accepts the password that the guide derives from its sample key, of which the beginning is published', () => {
    const password = derived(`wJalrXUtnFEMI/K7MDENG/${'bPxRfiCY'}${'EXAMPLE'}KEY`, 'us-east-1')
    expect(password.slice(0, 8)).toBe('BLBM/9hS')
    expect(check('aws-ses-password', password)).toEqual({ valid: true, facts: { version: '4' } })
  })

  test('rejects other bytes', () => {
    expect(check('aws-ses-password', Buffer.alloc(33, 5).toString('base64')).valid).toBe(false)
    expect(check('aws-ses-password', Buffer.alloc(32, 4).toString('base64')).valid).toBe(false)
  })
})

test('a token of before 2015 is valid and has no creation time', () => {
  expect(check('aws-session-token', made('AQoDYXdzEJr//////////{base64:180}'))).toEqual({
    valid: true,
    facts: {},
  })
})

test.each([
  ['000000000000', 'account of emulators'],
  ['123456789012', 'account of the documentation'],
])("the account %s is nobody's", (accountId, sample) => {
  // Returns the sixteen characters of a key id: one bit for the new generation, forty for the
  // account, and the rest.
  const bits = `1${BigInt(accountId).toString(2).padStart(40, '0')}${'01'.repeat(20)}`.slice(0, 80)
  const tail = bits
    .match(/.{5}/g)!
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(five, 2)))
    .join('')
  expect(check('aws-key-id', `AKIA${tail}`)).toEqual({ valid: true, facts: { accountId, sample } })
})
