import { describe, expect, test } from 'vitest'
import { accountOfKeyId } from '../../../src/rules/validators/aws-key-id.ts'
import { expandSample } from '../../../src/rules/samples/sample.ts'
import { checksumOf } from '../../../src/rules/validators/token-checksum.ts'
import { validatorNamed } from '../../../src/rules/validators/validators.ts'
import { seededRandom } from '../../support/random.ts'

const check = (name: string, text: string) => validatorNamed(name)!(text)
const made = (template: string, seed = 1) => expandSample(template, seededRandom(seed)).text

describe('aws-key-id', () => {
  // Published key ids, in two pieces so that they are not in this file.
  test.each([
    ['ASIA', 'Y34FZKBOKMUTVV7A', '609629065308'],
    ['ASIA', 'QNZGKIQY56JQ7WML', '029608264753'],
    ['AKIA', '6RVFFB77RE7OLMKI', '999999999999'],
  ])('reads the published account of %s…', (prefix, tail, accountId) => {
    expect(check('aws-key-id', prefix + tail)).toEqual({ valid: true, facts: { accountId } })
  })

  test.each([
    ['SP2TPHJSQH3FJRUX', '171436882533'],
    ['XYZDQCEN4B6JSJQI', '534261010715'],
  ])('recognizes the published canary token AKIA%s', (tail, accountId) => {
    expect(check('aws-key-id', `AKIA${tail}`)).toEqual({
      valid: true,
      facts: { accountId, canary: 'bait of Thinkst Canary' },
    })
  })

  test('returns no account for an id of the old generation', () => {
    expect(check('aws-key-id', `AKIA${'IOSFODNN7EXAMPLE'}`)).toEqual({ valid: true })
    expect(accountOfKeyId(`AKIA${'IOSFODNN7EXAMPLE'}`)).toBeUndefined()
  })

  test('rejects accounts above 999999999999', () => {
    expect(check('aws-key-id', `AKIA${'7'.repeat(16)}`).valid).toBe(false)
    expect(check('aws-key-id', `AKIA${'6RVFFB77REAOLMKI'}`).valid).toBe(true)
    expect(check('aws-key-id', `AKIA${'6RVFFCAAAAOLMKIA'}`).valid).toBe(false)
  })

  test.each([
    '',
    'AKIA',
    `AKIA${'A'.repeat(15)}`,
    `AKIA${'A'.repeat(17)}`,
    `AKIA${'A'.repeat(15)}1`,
  ])('rejects %j', (text) => {
    expect(check('aws-key-id', text).valid).toBe(false)
  })
})

describe('aws-secret', () => {
  test.each([
    ['random base64', made('{base64:40}'), true],
    ['letters and digits', made('{base62:40}'), true],
    ['a digest', made('{hex:40}'), false],
    ['a digest in capitals', made('{HEX:40}'), false],
    ['small letters', made('{lower:40}'), false],
    ['a path', 'some/path/of/small/letters/that/is/forty', false],
  ])('validates %s', (_, text, valid) => {
    expect(check('aws-secret', text).valid).toBe(valid)
  })
})

describe('aws-session-token', () => {
  const token = made('{aws-session-token}', 5)

  test('reads region, account and creation of a regional token', () => {
    const judged = check('aws-session-token', token)
    expect(judged).toEqual({
      valid: true,
      facts: {
        region: 'eu-west-1',
        accountId: expect.stringMatching(/^\d{12}$/),
        created: expect.stringMatching(/^202\d-\d\d-\d\dT[\d:.]{12}Z$/),
        expires: expect.any(String),
      },
    })
  })

  test('reads the account of the key id that it belongs to', () => {
    const { text, secrets } = expandSample(
      '<<id:ASIAQ{base32:15}>> <<token:{aws-session-token}>>',
      seededRandom(9),
    )
    const [id, token33] = secrets.map(({ start, end }) => text.slice(start, end))
    expect(check('aws-session-token', token33!)).toMatchObject({
      facts: { accountId: String(accountOfKeyId(id!)).padStart(12, '0') },
    })
  })

  test('reads the creation time of tokens without an account', () => {
    // Type 21, { 1: "aws", 2: one byte, 5: 1529431384 }
    const bytes = Buffer.from([
      21, 0x0a, 3, 0x61, 0x77, 0x73, 0x12, 1, 0, 0x28, 0xd8, 0x8a, 0xa5, 0xd9, 0x5,
    ])
    expect(check('aws-session-token', bytes.toString('base64'))).toEqual({
      valid: true,
      facts: { created: '2018-06-19T18:03:04.000Z', expires: '2018-06-21T06:03:04.000Z' },
    })
  })

  test.each([...Array(12).keys()])(
    'accepts a token cut after %i tenths, with fewer facts',
    (tenths) => {
      const cut = token.slice(0, Math.max(16, Math.floor((token.length * tenths) / 11)))
      expect(check('aws-session-token', cut).valid).toBe(true)
    },
  )

  test.each([
    ['nothing', ''],
    [
      'another type',
      Buffer.concat([Buffer.of(34), Buffer.from(token, 'base64').subarray(1)]).toString('base64'),
    ],
    ['another name', Buffer.from('\x21\x0a\x09origin_xx').toString('base64')],
    ['a length beyond the end', Buffer.from('\x21\x0a\x7forigin_ec').toString('base64')],
    ['a number that does not end', Buffer.from([33, ...Array(40).fill(0xff)]).toString('base64')],
  ])('rejects %s', (_, text) => {
    expect(check('aws-session-token', text).valid).toBe(false)
  })

  test('keeps hostile content of a token out of the facts', () => {
    const region = '\u001b[2J us-east-1'
    const bytes = Buffer.concat([
      Buffer.from('\x21\x0a\x09origin_ec\x1a'),
      Buffer.of(region.length),
      Buffer.from(region),
      Buffer.from([0x30, 1]),
    ])
    expect(check('aws-session-token', bytes.toString('base64'))).toEqual({ valid: true, facts: {} })
  })
})

describe('aws-bedrock-key and aws-bedrock-session', () => {
  test('read the account of a long-term key', () => {
    expect(check('aws-bedrock-key', made('ABSK{aws-bedrock-key}'))).toEqual({
      valid: true,
      facts: { accountId: expect.stringMatching(/^\d{12}$/) },
    })
    expect(check('aws-bedrock-key', made('ABSK{base64:132}')).valid).toBe(false)
  })

  test('read region and times of a short-term key', () => {
    const facts = {
      region: 'us-east-1',
      service: 'bedrock',
      created: '2025-12-05T21:51:51.000Z',
      expires: '2025-12-06T09:51:51.000Z',
    }
    expect(check('aws-bedrock-session', made('bedrock-api-key-{aws-bedrock-session}'))).toEqual({
      valid: true,
      facts: expect.objectContaining(facts),
    })
    expect(check('aws-bedrock-session', made('bedrock-api-key-{base64:200}')).valid).toBe(false)
  })

  test('leave out invalid times', () => {
    const address = 'bedrock.amazonaws.com/?X-Amz-Date=tomorrow&X-Amz-Expires=9e99'
    expect(
      check('aws-bedrock-session', `bedrock-api-key-${Buffer.from(address).toString('base64')}`),
    ).toEqual({ valid: true, facts: {} })
  })
})

describe('github-checksum', () => {
  test.each([
    ['123456789', '3jZRME'],
    ['', '000000'],
  ])('is the CRC-32 of %j in base 62', (text, checksum) => {
    expect(checksumOf(text)).toBe(checksum)
  })

  test.each([
    'ghp_{base62:30}{github-checksum}',
    'ghr_{base62:70}{github-checksum}',
    'npm_{base62:30}{npm-checksum}',
  ])('accepts %s', (template) => {
    const text = made(template)
    expect(check('github-checksum', text)).toEqual({ valid: true })
    expect(
      check('github-checksum', text.slice(0, -1) + (text.endsWith('0') ? '1' : '0')).valid,
    ).toBe(false)
  })
})

test('no reason contains the value', () => {
  const text = made('{hex:40}')
  for (const name of [
    'aws-key-id',
    'aws-secret',
    'aws-session-token',
    'aws-bedrock-key',
    'aws-bedrock-session',
    'github-checksum',
  ]) {
    expect(JSON.stringify(check(name, text))).not.toContain(text)
  }
})
