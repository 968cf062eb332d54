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
const dead: AwsAnswer = { kind: 'refused', code: 'InvalidClientTokenId', aboutTime: false }
const mismatch: AwsAnswer = { kind: 'refused', code: 'SignatureDoesNotMatch', aboutTime: false }

/** Answers by what it is told, and notes what it was asked, and how much at once. */
function issuer(answer: (credential: Credential, partition: Partition, nth: number) => AwsAnswer) {
  const asked: {
    readonly id: string
    readonly secret: string
    readonly region: string
    readonly at: number
  }[] = []
  const busy = new Map<string, number>()
  let [most, mostOfOne, now] = [0, 0, 0]
  return {
    asked,
    get most() {
      return most
    },
    get mostOfOne() {
      return mostOfOne
    },
    clock: { now: () => now, sleep: async (ms: number) => void (now += ms) },
    issuer: {
      async identify(credential: Credential, partition: Partition): Promise<AwsAnswer> {
        busy.set(credential.id, (busy.get(credential.id) ?? 0) + 1)
        mostOfOne = Math.max(mostOfOne, ...busy.values())
        most = Math.max(
          most,
          [...busy.values()].reduce((sum, count) => sum + count, 0),
        )
        asked.push({
          id: credential.id,
          secret: credential.secret.reveal(),
          region: partition.region,
          at: now,
        })
        await new Promise((done) => setTimeout(done, 1))
        busy.set(credential.id, (busy.get(credential.id) ?? 0) - 1)
        return answer(credential, partition, asked.filter(({ id }) => id === credential.id).length)
      },
    },
  }
}

const pairs = Array.from({ length: 500 }, (_, index) => awsPair(10_000 + index))

test('five hundred keys are asked about once each, eight at a time, one after the other of each id', async () => {
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
  expect(aws.asked).toHaveLength(500)
  expect(aws.most).toBe(8)
  expect(aws.mostOfOne).toBe(1)
  expect(progress).toHaveLength(550)
  expect(progress.at(-1)).toBe('550/550')
})

test('of several secrets of one id the right one is found, and the race between them is waited for', async () => {
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
  expect(new Set(aws.asked.map(({ region }) => region))).toEqual(new Set(['us-east-1']))
  // The first may be asked again at once; the second only when the five seconds are over. The third
  // cannot be right any more.
  expect(aws.asked.map(({ secret, at }) => [secret, at])).toEqual([
    [one.secret, 0],
    [one.secret, 0],
    [two.secret, 0],
  ])
})

test('a mismatch of a second secret counts only when the race is over', async () => {
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
  expect(aws.asked.map(({ at }) => at)).toEqual([0, 0, 0, 5000])
})

test('an id that is dead with one secret is not asked about with the next', async () => {
  const [one, two] = [awsPair(804), awsPair(805)]
  const aws = issuer(() => dead)
  const verified = await verifyWith(
    aws,
    await inFiles([one, two].map(({ secret }) => ({ id: one.id, secret }))),
    {},
  )
  expect(verified.map(({ verification }) => verification.status)).toEqual(['inactive', 'inactive'])
  expect(aws.asked).toHaveLength(4)
})

test('a host that cannot be reached is given up, and what it might have known stays unknown', async () => {
  const aws = issuer((_, { name }) =>
    name === 'aws-cn' ? { kind: 'silent', why: 'no answer in time', unreachable: true } : dead,
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
  expect(aws.asked.filter(({ region }) => region === 'cn-north-1')).toHaveLength(3)
})

test('ended early, it gives what is known so far, and says of the rest that nobody was asked', async () => {
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
    verification: { reason: 'interrupted before there was an answer' },
  })
})

test('bait and keys of nobody are left out, unless they are asked for', async () => {
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
    expect.stringMatching(/^not-tried: nobody's: account of the documentation/),
  ])
  // An emulator gives out keys of such accounts itself.
  expect([
    ...planVerification(findings, { endpoint: 'http://127.0.0.1:4566' }).credentials.keys(),
  ]).toEqual([emulated])
  const aws = issuer(() => live)
  const verified = await verifyWith(aws, findings, { canaries: true })
  expect(aws.asked.map(({ id }) => id)).toEqual([bait])
  // Bait that answers is still bait.
  expect(verified.find(({ verification }) => verification.status === 'live')?.severity).toBe('low')
})

test('only keys of the accounts that are named are asked about', async () => {
  const [mine, other] = [keyOfAccount('111122223333'), keyOfAccount('444455556666')]
  const findings = await inFiles(
    [mine, other].map((id, index) => ({ id, secret: awsPair(808 + index).secret })),
  )
  const aws = issuer(() => live)
  const verified = await verifyWith(aws, findings, { accounts: ['111122223333'] })
  expect(aws.asked.map(({ id }) => id)).toEqual([mine])
  expect(verified.find(({ facts }) => facts['accountId'] === '444455556666')?.verification).toEqual(
    {
      status: 'not-tried',
      reason: 'account 444455556666 is not among those that may be asked about',
    },
  )
})

test('ids alone, secrets alone and other kinds of credentials are not asked about, and say why', async () => {
  const pair = awsPair(810)
  expect(await reasonOf(`key = ${pair.id}\n`)).toMatch(/--with-profile asks about the id alone/)
  expect(await reasonOf(`AWS_SECRET_ACCESS_KEY=${pair.secret}\n`)).toBe(
    'no key id was found with it',
  )
  expect(
    await reasonOf(`DB_URL=postgres://app:${password(7)}@db.example.org/app\n`),
  ).toBeUndefined()
})

test('an endpoint of one’s own is taken on this machine only, by its address', async () => {
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

test('AWS is told honestly who asks, and never sees the secret', async () => {
  const pair = awsPair(811)
  const aws = await awsWith({ keys: [pair] })
  await verify(await findingsIn(profileText(pair)), { endpoint: aws.url })
  expect(aws.calls[0]?.userAgent).toMatch(/^aws-sdk-js\/\S+ .*app\/oakum oakum\/\d+\.\d+\.\d+$/)
  expect(JSON.stringify(aws.calls)).not.toContain(pair.secret)
})

async function reasonOf(text: string): Promise<string | undefined> {
  return (await verify(await findingsIn(text)))[0]?.verification.reason
}

/** A file for each: an id that stands twice in one belongs to one secret. */
async function inFiles(some: readonly Pair[]): Promise<readonly Finding[]> {
  return (await Promise.all(some.map((pair) => findingsIn(profileText(pair))))).flat()
}

/**
 * The first ten characters after the prefix are 50 bits: the generation, forty of the account, and
 * nine that are not ours.
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
