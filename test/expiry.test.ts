import { expect, test } from 'vitest'
import { expandSample } from '../src/rules/samples/sample.ts'
import { scan } from '../src/scan/scan.ts'
import { awsPair } from './support/credentials.ts'
import { seededRandom } from './support/random.ts'
import { isolatedEnv, Repo } from './support/repo.ts'

/** Issued in 2025 at the latest, as id, secret and a session token of the same account. */
const session =
  '[default]\naws_access_key_id = <<id:ASIAQ{base32:15}>>\naws_secret_access_key = <<{base64:40}>>\naws_session_token = <<token:{aws-session-token}>>\n'

test('a scan reports a session that has ended low, in whatever way it reads', async () => {
  const { text } = expandSample(session, seededRandom(41))
  const repo = Repo.create()
  repo.commit('Start', { 'credentials.ini': text })
  for (const target of [
    { name: 'scan' },
    { name: 'scan', git: false },
    { name: 'history' },
  ] as const) {
    const { findings } = await scan(target, { cwd: repo.path, env: isolatedEnv })
    expect(findings).toMatchObject([
      {
        severity: 'low',
        facts: {
          region: 'eu-west-1',
          expired: 'yes',
          accountId: expect.stringMatching(/^\d{12}$/),
        },
      },
    ])
    expect(findings[0]?.parts.map((part) => part.role)).toEqual(['secret', 'token', 'id'])
  }
})

test('without its token nothing says that it has ended', async () => {
  const { text } = expandSample(session, seededRandom(42))
  const repo = Repo.create()
  repo.commit('Start', { 'credentials.ini': text.replace(/^aws_session_token.*$/m, '') })
  const { findings } = await scan({ name: 'scan' }, { cwd: repo.path, env: isolatedEnv })
  expect(findings).toMatchObject([{ severity: 'high' }])
})

test('a long-term key beside an old session token is as severe as without it', async () => {
  const { text } = expandSample(session, seededRandom(43))
  const pair = awsPair(4300)
  const repo = Repo.create()
  repo.commit('Start', {
    'notes.ini': `aws_access_key_id = ${pair.id}\naws_secret_access_key = ${pair.secret}\n${/^aws_session_token.*$/m.exec(text)?.[0] ?? ''}\n`,
  })
  const { findings } = await scan({ name: 'scan' }, { cwd: repo.path, env: isolatedEnv })
  expect(findings).toMatchObject([{ severity: 'high' }])
})
