import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/model/model.ts'
import { verifyWith, type VerifyOptions } from '../../src/verify/verify.ts'
import { account, type IssuedKey, type Mishap } from '../support/aws.ts'
import { awsPair, freshTriple } from '../support/credentials.ts'
import { awsWith, findingsIn, profileText } from './scene.ts'

interface VerifyCase {
  readonly issued?: Partial<IssuedKey> | null
  readonly text?: string
  readonly mishap?: (nth: number) => Mishap | undefined
  readonly options?: VerifyOptions
  readonly tls?: boolean
  readonly pair?: ReturnType<typeof awsPair> & { readonly token?: string }
}

const root = `arn:aws:iam::${account}:root`
const role = `arn:aws:sts::${account}:assumed-role/build/i-0123`

async function verifyOne({
  issued = {},
  text,
  mishap,
  options = {},
  tls = false,
  pair = awsPair(700),
}: VerifyCase): Promise<{ readonly finding: Finding; readonly calls: readonly string[] }> {
  const aws = await awsWith({
    keys: issued === null ? [] : [{ ...pair, ...issued }],
    tls,
    ...(mishap && { mishap: (_id, nth) => mishap(nth) }),
  })
  const [finding] = await verifyWith(
    { clock: { now: () => 0, sleep: async () => undefined } },
    await findingsIn(text ?? profileText(pair)),
    { endpoint: aws.url, ...options },
  )
  return {
    finding: finding!,
    calls: aws.calls.map(({ region, code }) => (code === '' ? region : `${region} ${code}`)),
  }
}

const everywhere = ['us-east-1', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1'].map(
  (region) => `${region} InvalidClientTokenId`,
)

describe('a key that AWS', () => {
  test('accepts is live and critical, and its user is reported', async () => {
    const { finding, calls } = await verifyOne({})
    expect(finding).toMatchObject({
      severity: 'critical',
      verification: {
        status: 'live',
        partition: 'aws',
        identity: { account, kind: 'user', userId: 'AIDAEXAMPLE' },
      },
    })
    expect(finding.explanation).toContain('critical, since AWS accepts it')
    expect(calls).toEqual(['us-east-1'])
  })

  test.each([
    ['root', root],
    ['role', role],
    ['federated', `arn:aws:sts::${account}:federated-user/bob`],
    ['other', `arn:aws:sts::${account}:something/else`],
  ] as const)('identifies as %s is reported so', async (kind, arn) => {
    const { finding } = await verifyOne({ issued: { arn } })
    expect(finding).toMatchObject({
      severity: 'critical',
      verification: { status: 'live', identity: { kind, arn } },
    })
  })

  test('no longer knows is inactive and low, after a call to every partition', async () => {
    const { finding, calls } = await verifyOne({ issued: { state: 'inactive' } })
    expect(finding).toMatchObject({ severity: 'low', verification: { status: 'inactive' } })
    expect(calls).toEqual(everywhere)
  })

  test('knows with another secret is a mismatch and high, after a second call', async () => {
    const { finding, calls } = await verifyOne({ issued: { secret: awsPair(701).secret } })
    expect(finding).toMatchObject({ severity: 'high', verification: { status: 'mismatch' } })
    expect(calls).toEqual(['us-east-1 SignatureDoesNotMatch', 'us-east-1 SignatureDoesNotMatch'])
  })

  test('refuses once, since another secret was just sent, is live when called again', async () => {
    const { finding, calls } = await verifyOne({
      mishap: (nth) => (nth === 0 ? 'race' : undefined),
    })
    expect(finding.verification.status).toBe('live')
    expect(calls).toEqual(['us-east-1 SignatureDoesNotMatch', 'us-east-1'])
  })

  test('throttles is called again until it answers', async () => {
    const { finding, calls } = await verifyOne({
      mishap: (nth) => (nth < 3 ? 'throttle' : undefined),
    })
    expect(finding.verification.status).toBe('live')
    expect(calls).toHaveLength(4)
  })

  test('throttles for ever is unknown', async () => {
    const { finding, calls } = await verifyOne({ mishap: () => 'throttle' })
    expect(finding).toMatchObject({
      severity: 'high',
      verification: {
        status: 'unknown',
        reason: expect.stringContaining('sts.us-east-1.amazonaws.com: Throttling') as string,
      },
    })
    expect(calls).toHaveLength(20)
  })

  test('refuses for a wrong clock is unknown, not a mismatch', async () => {
    const { finding } = await verifyOne({ mishap: () => 'clock' })
    expect(finding).toMatchObject({
      severity: 'high',
      verification: {
        status: 'unknown',
        reason: expect.stringContaining('the clock of this machine is wrong') as string,
      },
    })
  })

  test('of GovCloud is found in its partition, which is called first when the file names it', async () => {
    const issued = { region: 'us-gov-west-1', arn: `arn:aws-us-gov:iam::${account}:user/gov` }
    const unhinted = await verifyOne({ issued })
    expect(unhinted.finding.verification).toMatchObject({ status: 'live', partition: 'aws-us-gov' })
    expect(unhinted.calls).toEqual(['us-east-1 InvalidClientTokenId', 'us-gov-west-1'])
    const hinted = await verifyOne({
      issued,
      text: profileText(awsPair(700), 'region = us-gov-east-1\n'),
    })
    expect(hinted.calls).toEqual(['us-gov-west-1'])
  })

  test.each([
    ['arn:aws-cn:s3:::bucket', 'cn-north-1'],
    ['https://bucket.s3.cn-northwest-1.amazonaws.com.cn/', 'cn-north-1'],
    ['endpoint = https://s3.eusc-de-east-1.amazonaws.eu', 'eusc-de-east-1'],
    ['region = eu-west-1', 'us-east-1'],
  ])('may have issued beside %s is verified in %s first', async (near, region) => {
    const { calls } = await verifyOne({ issued: null, text: profileText(awsPair(700), near) })
    expect(calls).toHaveLength(4)
    expect(calls[0]).toBe(`${region} InvalidClientTokenId`)
  })
})

describe('a key stays unknown at its severity when, in place of AWS, there is', () => {
  test.each<[string, VerifyCase, RegExp]>([
    [
      'a page of a proxy, whatever its status',
      { mishap: () => 'html' },
      /sts\.us-east-1\.amazonaws\.com: the answer is not from AWS \(HTTP 403\)/,
    ],
    ['a connection that breaks off', { mishap: () => 'reset' }, /the connection was reset/],
    ['silence', { mishap: () => 'hang', options: { timeoutMs: 60 } }, /no answer in time/],
    ['a certificate that no authority signed', { tls: true }, /its certificate is not trusted/],
    [
      'nothing at all',
      { options: { endpoint: 'http://127.0.0.1:1' } },
      /the connection was refused/,
    ],
  ])('%s', async (_name, verifyCase, reason) => {
    const { finding } = await verifyOne(verifyCase)
    expect(finding).toMatchObject({
      severity: 'high',
      verification: { status: 'unknown', reason: expect.stringMatching(reason) as string },
    })
  })
})

describe('temporary keys', () => {
  const session = freshTriple(702)

  test('are verified with their token', async () => {
    const { finding, calls } = await verifyOne({ pair: session, issued: { arn: role } })
    expect(finding).toMatchObject({
      severity: 'critical',
      verification: { status: 'live', identity: { kind: 'role' } },
    })
    expect(calls).toEqual(['us-east-1'])
  })

  test('are not tried without it', async () => {
    const { finding, calls } = await verifyOne({
      pair: session,
      text: profileText({ id: session.id, secret: session.secret }),
    })
    expect(finding.verification).toMatchObject({
      status: 'not-tried',
      reason: expect.stringContaining('session token') as string,
    })
    expect(calls).toEqual([])
  })

  test('that AWS calls expired are, and low', async () => {
    const { finding } = await verifyOne({ pair: session, issued: { state: 'expired' } })
    expect(finding).toMatchObject({ severity: 'low', verification: { status: 'expired' } })
  })

  test('whose token has expired are not tried', async () => {
    const { asiaTriple } = await import('../support/credentials.ts')
    const { finding, calls } = await verifyOne({ pair: asiaTriple(703) })
    expect(finding).toMatchObject({
      severity: 'low',
      verification: {
        status: 'expired',
        reason: expect.stringContaining('AWS was not called') as string,
      },
    })
    expect(calls).toEqual([])
  })

  test('beside the token of another account are not tried', async () => {
    const other = freshTriple(704)
    const { finding, calls } = await verifyOne({ pair: { ...session, token: other.token } })
    expect(finding.verification).toMatchObject({
      status: 'not-tried',
      reason: expect.stringContaining('of another account') as string,
    })
    expect(calls).toEqual([])
  })
})
