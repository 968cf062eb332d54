import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAction } from '../../src/action/run.ts'
import { type FakeAws, startAws } from '../support/aws.ts'
import { awsPair } from '../support/credentials.ts'
import { fakeIo } from '../support/io.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../support/repo.ts'
import { profileText } from '../verify/scene.ts'

const live = awsPair(3000)
let aws: FakeAws

beforeAll(async () => {
  aws = await startAws({ keys: [live] })
})
afterAll(() => aws.close())

/** Runs the Action on a push of a live key onto a base with this configuration. */
async function pushed(
  verify: string,
  config = 'version: 1\n',
): Promise<{
  readonly code: number
  readonly out: string
  readonly outputs: string
  readonly calls: number
}> {
  const repo = Repo.create()
  const before = repo.commit('Start', { 'oakum.yaml': config })
  const after = repo.commit('Add', { 'a.ini': profileText(live), 'oakum.yaml': 'version: 1\n' })
  const folder = temporaryFolder()
  const [event, outputs] = [join(folder, 'event.json'), join(folder, 'outputs')]
  writeFileSync(
    event,
    JSON.stringify({
      ref: 'refs/heads/main',
      before,
      after,
      created: false,
      deleted: false,
      forced: false,
      repository: { default_branch: 'main' },
    }),
  )
  writeFileSync(outputs, '')
  const io = fakeIo({
    argv: [],
    cwd: repo.path,
    env: {
      ...isolatedEnv,
      GITHUB_EVENT_NAME: 'push',
      GITHUB_EVENT_PATH: event,
      GITHUB_OUTPUT: outputs,
      GITHUB_WORKSPACE: repo.path,
      RUNNER_TEMP: folder,
      OAKUM_VERIFY: verify,
      OAKUM_STS_ENDPOINT: aws.url,
    },
  })
  const asked = aws.calls.length
  const code = await runAction(io)
  return {
    code,
    out: io.out(),
    outputs: readFileSync(outputs, 'utf8'),
    calls: aws.calls.length - asked,
  }
}

test('verifies with AWS on request, and a live key is critical', async () => {
  const { code, out, outputs, calls } = await pushed('true')
  expect({ code, calls }).toEqual({ code: 1, calls: 1 })
  expect(out).toContain('live')
  expect(outputs).toMatch(/highest-severity<<(\S+)\ncritical\n\1/)
  expect(out).not.toContain(live.secret.slice(4, 36))
})

test('sends no request otherwise', async () => {
  const { code, outputs, calls } = await pushed('false')
  expect({ code, calls }).toEqual({ code: 1, calls: 0 })
  expect(outputs).toMatch(/highest-severity<<(\S+)\nhigh\n\1/)
})

test('sends no request if the configuration of the base forbids it, whatever the change sets', async () => {
  const { code, out, calls } = await pushed('true', 'version: 1\nverify: off\n')
  expect({ code, calls }).toEqual({ code: 2, calls: 0 })
  expect(out).toContain('verify: off')
})
