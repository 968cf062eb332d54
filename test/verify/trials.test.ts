import { expect, test } from 'vitest'
import type { Finding } from '../../src/model/model.ts'
import { verifyWith } from '../../src/verify/verify.ts'
import { awsPair } from '../support/credentials.ts'
import { awsWith, findingsIn } from './scene.ts'

const valueOf = (finding: Finding | undefined, role: string): string | undefined =>
  finding?.parts.find((part) => part.role === role)?.secret.reveal()

/** A clock on which waiting takes no time. */
function quickClock() {
  let now = 0
  return { now: () => now, sleep: async (ms: number) => void (now += ms) }
}

/** Scans a text and verifies what it has with a fake AWS, which checks signatures. */
async function verified(text: string, keys: Parameters<typeof awsWith>[0]['keys']) {
  const aws = await awsWith({ keys })
  const findings = await findingsIn(text)
  const results = await verifyWith({ clock: quickClock() }, findings, { endpoint: aws.url })
  return {
    calls: aws.calls,
    ofSecret: (secret: string) => results.find((finding) => valueOf(finding, 'secret') === secret),
    before: findings,
  }
}

const [key, old, other] = [awsPair(901), awsPair(902).secret, awsPair(903)]

test.each<[string, string]>([
  ['id, old, live', `KEY=${key.id}\nAWS_SECRET_OLD=${old}\nAWS_SECRET=${key.secret}\n`],
  ['id, live, old', `KEY=${key.id}\nAWS_SECRET=${key.secret}\nAWS_SECRET_OLD=${old}\n`],
  ['old, id, live', `# aws_secret_key=${old}\nKEY=${key.id}\naws_secret_key=${key.secret}\n`],
  ['live, id, old', `aws_secret_key=${key.secret}\nKEY=${key.id}\naws_secret_key=${old}\n`],
])('of two secrets beside an id the live one is found: %s', async (_order, text) => {
  const { calls, ofSecret, before } = await verified(text, [key])
  expect(ofSecret(key.secret)).toMatchObject({
    severity: 'critical',
    verification: { status: 'live' },
  })
  expect(valueOf(ofSecret(key.secret), 'id')).toBe(key.id)
  expect(ofSecret(old)?.verification.status).not.toBe('live')
  // A secret that AWS refuses is sent a second time, as it must be.
  expect(calls.filter(({ code }) => code === '')).toHaveLength(1)
  expect(calls.length).toBeLessThanOrEqual(3)
  expect(new Set(before.map(({ fingerprint }) => fingerprint))).toEqual(
    new Set([key.secret, old].map((secret) => ofSecret(secret)?.fingerprint)),
  )
})

test('of two pairs that stand crosswise AWS decides which belong together', async () => {
  const text = `${key.id}\naws_secret=${other.secret}\n${other.id}\naws_secret=${key.secret}\n`
  const { calls, ofSecret, before } = await verified(text, [key, other])
  expect(before.some((finding) => valueOf(finding, 'id') === key.id)).toBe(true)
  for (const { id, secret } of [key, other]) {
    expect(ofSecret(secret)).toMatchObject({
      severity: 'critical',
      verification: { status: 'live' },
    })
    expect(valueOf(ofSecret(secret), 'id')).toBe(id)
    expect(ofSecret(secret)?.facts['accountId']).toBeDefined()
  }
  expect(calls.filter(({ code }) => code === '')).toHaveLength(2)
  expect(Math.max(...calls.map(({ atOnce }) => atOnce))).toBe(1)
})
