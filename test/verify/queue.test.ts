import { expect, test } from 'vitest'
import type { Finding } from '../../src/model/model.ts'
import type { Credential } from '../../src/verify/credential.ts'
import type { Partition } from '../../src/verify/partitions.ts'
import { planVerification, verify, verifyWith } from '../../src/verify/verify.ts'
import type { AwsAnswer } from '../../src/verify/answer.ts'
import { account } from '../support/aws.ts'
import { awsPair, type Pair, password } from '../support/credentials.ts'
import { awsWith, findingsIn, profileText } from './scene.ts'

const live: AwsAnswer = {
  kind: 'identity',
  identity: { account, arn: `arn:aws:iam::${account}:user/u`, userId: 'AIDAEXAMPLE', kind: 'user' },
}
const noSuchKey: AwsAnswer = { kind: 'refused', code: 'InvalidClientTokenId', isClockError: false }
const mismatch: AwsAnswer = { kind: 'refused', code: 'SignatureDoesNotMatch', isClockError: false }

/** Issuer that answers with the given function, and records its calls and how many ran at once. */
function issuer(answer: (credential: Credential, partition: Partition, nth: number) => AwsAnswer) {
  const calls: {
    readonly id: string
    readonly secret: string
    readonly region: string
    readonly at: number
  }[] = []
  const busy = new Map<string, number>()
  let [maxAtOnce, maxOfOneId, now] = [0, 0, 0]
  return {
    calls,
    get maxAtOnce() {
      return maxAtOnce
    },
    get maxOfOneId() {
      return maxOfOneId
    },
    clock: { now: () => now, sleep: async (ms: number) => void (now += ms) },
    issuer: {
      async identify(credential: Credential, partition: Partition): Promise<AwsAnswer> {
        busy.set(credential.id, (busy.get(credential.id) ?? 0) + 1)
        maxOfOneId = Math.max(maxOfOneId, ...busy.values())
        maxAtOnce = Math.max(
          maxAtOnce,
          [...busy.values()].reduce((sum, count) => sum + count, 0),
        )
        calls.push({
          id: credential.id,
          secret: credential.secret.reveal(),
          region: partition.region,
          at: now,
        })
        await new Promise((done) => setTimeout(done, 1))
        busy.set(credential.id, (busy.get(credential.id) ?? 0) - 1)
        return answer(credential, partition, calls.filter(({ id }) => id === credential.id).length)
      },
    },
  }
}

const pairs = Array.from({ length: 500 }, (_, index) => awsPair(10_000 + index))

test('500 keys are verified once each, eight at a time, those of one id one after the other', async () => {
  const findings = await findingsIn(
    pairs.map((pair, index) => profileText(pair).replace('[p]', `[p${index}]`)).join('\n'),
  )
  expect(findings.filter(({ parts }) => parts.length === 2)).toHaveLength(500)
  const aws = issuer(() => live)
  const progress: string[] = []
  const verified = await verifyWith(aws, [...findings, ...findings.slice(0, 50)], {
    onProgress: (done, total) => progress.push(`${done}/${total}`),
  })
  expect(
    verified.every(
      ({ severity, verification }) => severity === 'critical' && verification.status === 'live',
    ),
  ).toBe(true)
  expect(aws.calls).toHaveLength(500)
  expect(aws.maxAtOnce).toBe(8)
  expect(aws.maxOfOneId).toBe(1)
  // A finding that is passed twice is counted once.
  expect(progress).toHaveLength(500)
  expect(progress.at(-1)).toBe('500/500')
})

test('of several secrets of one id the right one is found, without a false mismatch', async () => {
  const [one, two, three] = [awsPair(801), awsPair(802), awsPair(803)]
  const findings = await inFiles([one, two, three].map(({ secret }) => ({ id: one.id, secret })))
  const aws = issuer((credential) => (credential.secret.reveal() === two.secret ? live : mismatch))
  const verified = await verifyWith(aws, findings, {})
  const statusOf = (secret: string): string | undefined =>
    verified.find(({ parts }) => parts.some((part) => part.secret.reveal() === secret))
      ?.verification.status
  expect([one, two, three].map(({ secret }) => statusOf(secret))).toEqual([
    'mismatch',
    'live',
    'mismatch',
  ])
  expect(verified.map(({ severity }) => severity).toSorted()).toEqual(['critical', 'high', 'high'])
  expect(new Set(aws.calls.map(({ region }) => region))).toEqual(new Set(['us-east-1']))
  // The first secret may be sent again at once, a second one only after five seconds. The third is
  // not sent, since the second is the right one.
  expect(aws.calls.map(({ secret, at }) => [secret, at])).toEqual([
    [one.secret, 0],
    [one.secret, 0],
    [two.secret, 0],
  ])
})

test('a mismatch of a second secret counts only after five seconds', async () => {
  const [one, two] = [awsPair(812), awsPair(813)]
  const aws = issuer((credential, _, nth) =>
    credential.secret.reveal() === two.secret && nth > 3 ? live : mismatch,
  )
  const verified = await verifyWith(
    aws,
    await inFiles([one, two].map(({ secret }) => ({ id: one.id, secret }))),
    {},
  )
  expect(verified.map(({ verification }) => verification.status)).toEqual(['live', 'mismatch'])
  expect(aws.calls.map(({ at }) => at)).toEqual([0, 0, 0, 5000])
})

test('an id that AWS does not know is not tried with another secret', async () => {
  const [one, two] = [awsPair(804), awsPair(805)]
  const aws = issuer(() => noSuchKey)
  const verified = await verifyWith(
    aws,
    await inFiles([one, two].map(({ secret }) => ({ id: one.id, secret }))),
    {},
  )
  expect(verified.map(({ verification }) => verification.status)).toEqual(['inactive', 'inactive'])
  expect(aws.calls).toHaveLength(4)
})

test('an unreachable host is given up, and keys that it may know stay unknown', async () => {
  const aws = issuer((_, { name }) =>
    name === 'aws-cn'
      ? { kind: 'no-answer', reason: 'no answer in time', isUnreachable: true }
      : noSuchKey,
  )
  const findings = await findingsIn(
    pairs
      .slice(0, 20)
      .map((pair, index) => profileText(pair).replace('[p]', `[p${index}]`))
      .join('\n'),
  )
  const verified = await verifyWith(aws, findings, { concurrency: 1 })
  expect(
    verified.every(
      ({ severity, verification }) => severity === 'high' && verification.status === 'unknown',
    ),
  ).toBe(true)
  expect(
    verified.every(({ verification }) =>
      verification.reason?.includes('sts.cn-north-1.amazonaws.com.cn'),
    ),
  ).toBe(true)
  expect(aws.calls.filter(({ region }) => region === 'cn-north-1')).toHaveLength(3)
})

test('verification that is interrupted keeps its results, and the other keys are not tried', async () => {
  const stop = new AbortController()
  const aws = issuer(() => live)
  const findings = await findingsIn(
    pairs
      .slice(0, 40)
      .map((pair, index) => profileText(pair).replace('[p]', `[p${index}]`))
      .join('\n'),
  )
  const verified = await verifyWith(aws, findings, {
    signal: stop.signal,
    concurrency: 4,
    onProgress: (done) => (done === 10 ? stop.abort() : undefined),
  })
  const statuses = verified.map(({ verification }) => verification.status)
  expect(statuses.filter((status) => status === 'live').length).toBeGreaterThanOrEqual(10)
  expect(statuses.filter((status) => status === 'not-tried').length).toBeGreaterThan(20)
  expect(verified.find(({ verification }) => verification.status === 'not-tried')).toMatchObject({
    severity: 'high',
    verification: { reason: 'interrupted before AWS answered' },
  })
})

test('canary tokens and keys of non-existent accounts are skipped unless requested', async () => {
  const bait = keyOfAccount('171436882533')
  const emulated = keyOfAccount('123456789012')
  const findings = await inFiles(
    [bait, emulated].map((id, index) => ({ id, secret: awsPair(806 + index).secret })),
  )
  const reasons = [...planVerification(findings, {}).offlineResults.values()].map(
    ({ status, reason }) => `${status}: ${reason ?? ''}`,
  )
  expect(reasons).toEqual([
    expect.stringMatching(/^not-tried: bait of Thinkst Canary.*--verify-canaries/),
    expect.stringMatching(/^not-tried: not a real key: account of the documentation/),
  ])
  // An emulator issues keys of such accounts itself.
  expect([
    ...planVerification(findings, { endpoint: 'http://127.0.0.1:4566' }).credentials.keys(),
  ]).toEqual([emulated])
  const aws = issuer(() => live)
  const verified = await verifyWith(aws, findings, { canaries: true })
  expect(aws.calls.map(({ id }) => id)).toEqual([bait])
  // A live canary token keeps its severity.
  expect(verified.find(({ verification }) => verification.status === 'live')?.severity).toBe('low')
})

test('only keys of the named accounts are verified', async () => {
  const [mine, other] = [keyOfAccount('111122223333'), keyOfAccount('444455556666')]
  const findings = await inFiles(
    [mine, other].map((id, index) => ({ id, secret: awsPair(808 + index).secret })),
  )
  const aws = issuer(() => live)
  const verified = await verifyWith(aws, findings, { accounts: ['111122223333'] })
  expect(aws.calls.map(({ id }) => id)).toEqual([mine])
  expect(verified.find(({ facts }) => facts['accountId'] === '444455556666')?.verification).toEqual(
    {
      status: 'not-tried',
      reason: 'account 444455556666 is not among those whose keys may be verified',
    },
  )
})

test('ids alone, secrets alone and other kinds of credentials are not tried, with a reason', async () => {
  const pair = awsPair(810)
  expect(await reasonOf(`key = ${pair.id}\n`)).toMatch(/--with-profile looks up the id alone/)
  expect(await reasonOf(`AWS_SECRET_ACCESS_KEY=${pair.secret}\n`)).toBe(
    'no key id was found with it',
  )
  expect(
    await reasonOf(`DB_URL=postgres://app:${password(7)}@db.example.org/app\n`),
  ).toBeUndefined()
})

test('an endpoint must be a loopback address', async () => {
  for (const endpoint of [
    'http://169.254.169.254/',
    'https://sts.evil.example',
    'http://localhost:1',
    'http://127.0.0.1.evil.example',
    'http://user:pass@127.0.0.1',
    'file:///etc/passwd',
    'http://[::2]:1',
    'x',
    'http://127.0.0.1/?x=1',
  ]) {
    await expect(verify([], { endpoint })).rejects.toThrow(/--sts-endpoint takes/)
  }
  for (const endpoint of ['http://127.0.0.1:4566', 'https://[::1]:4566/', 'http://127.8.8.8'])
    await expect(verify([], { endpoint })).resolves.toEqual([])
})

test('AWS gets the name of Oakum as user agent, and never the secret', async () => {
  const pair = awsPair(811)
  const aws = await awsWith({ keys: [pair] })
  await verify(await findingsIn(profileText(pair)), { endpoint: aws.url })
  expect(aws.calls[0]?.userAgent).toMatch(/^aws-sdk-js\/\S+ .*app\/oakum oakum\/\d+\.\d+\.\d+$/)
  expect(JSON.stringify(aws.calls)).not.toContain(pair.secret)
})

async function reasonOf(text: string): Promise<string | undefined> {
  return (await verify(await findingsIn(text)))[0]?.verification.reason
}

/** Scans a file for each pair: an id found twice in one file would belong to one secret. */
async function inFiles(credentialPairs: readonly Pair[]): Promise<readonly Finding[]> {
  return (await Promise.all(credentialPairs.map((pair) => findingsIn(profileText(pair))))).flat()
}

/**
 * Returns a key id of an account: the ten characters after the prefix encode 50 bits, of which one
 * is the generation, 40 are the account, and nine are left zero.
 */
function keyOfAccount(number: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = ((1n << 40n) | BigInt(number)) << 9n
  const head = Array.from(
    { length: 10 },
    (_, index) => letters[Number((bits >> BigInt(45 - 5 * index)) & 31n)],
  ).join('')
  return `AKIA${head}${awsPair(Number(BigInt(number) % 9973n)).id.slice(-6)}`
}
