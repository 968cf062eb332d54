/**
 * What the built program reaches, noted by a preload: nothing without being told to, and then the
 * STS hosts of the partition table alone.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startAws } from '../support/aws.ts'
import { awsPair, freshTriple, notedSecrets } from '../support/credentials.ts'
import { oakum, type OakumRun, projectRoot } from '../support/oakum.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'
import { profileText } from '../verify/scene.ts'

const preload = join(projectRoot, 'test/support/record-network.mjs')
const pair = awsPair(970)
const session = freshTriple(971)

let repo: Repo
let trap: Server
let trapped = 0
let hostile: Readonly<Record<string, string>>
const folder = temporaryFolder()
const marker = join(folder, 'credential-process-ran')

/**
 * Everything around that could lead found keys elsewhere: variables, the user's files for AWS, and
 * files of the repository.
 */
beforeAll(async () => {
  trap = createServer((socket) => {
    trapped += 1
    socket.destroy()
  })
  await new Promise<void>((done) => trap.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`
  const home = join(folder, 'home')
  mkdirSync(join(home, '.aws'), { recursive: true })
  const config = `[default]\nregion = evil-1\nendpoint_url = ${url}\nservices = s\ncredential_process = touch ${marker}\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\nsts_regional_endpoints = legacy\nproxy = ${url}\n[services s]\nsts =\n  endpoint_url = ${url}\n[profile evil]\nendpoint_url = ${url}\nrole_arn = arn:aws:iam::111122223333:role/evil\ncredential_source = Ec2InstanceMetadata\n`
  writeFileSync(join(home, '.aws/config'), config)
  writeFileSync(
    join(home, '.aws/credentials'),
    profileText(awsPair(972)).replace('[p]', '[default]'),
  )
  writeFileSync(join(home, '.npmrc'), `proxy=${url}\nhttps-proxy=${url}\n`)
  const names = [
    'AWS_ENDPOINT_URL',
    'AWS_ENDPOINT_URL_STS',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'ALL_PROXY',
    'http_proxy',
    'https_proxy',
    'all_proxy',
    'npm_config_https_proxy',
    'AWS_EC2_METADATA_SERVICE_ENDPOINT',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ]
  hostile = {
    HOME: home,
    ...Object.fromEntries(names.map((name) => [name, url])),
    NODE_USE_ENV_PROXY: '1',
    AWS_PROFILE: 'evil',
    AWS_REGION: 'evil-1',
    AWS_DEFAULT_REGION: 'evil-1',
    AWS_USE_FIPS_ENDPOINT: 'true',
    AWS_USE_DUALSTACK_ENDPOINT: 'true',
    AWS_STS_REGIONAL_ENDPOINTS: 'legacy',
    AWS_DEFAULTS_MODE: 'auto',
    AWS_EXECUTION_ENV: 'x',
    AWS_SDK_LOAD_CONFIG: '1',
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x',
    AWS_RETRY_MODE: 'adaptive',
    AWS_MAX_ATTEMPTS: '9',
    AWS_ACCESS_KEY_ID: awsPair(973).id,
    AWS_SECRET_ACCESS_KEY: awsPair(973).secret,
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
  }
  repo = Repo.create()
  repo.commit('first', { 'README.md': 'x\n' })
  repo.commit('leak', {
    'config/aws.ini': `${profileText(pair, `endpoint_url = ${url}\nregion = evil-1\nsts_endpoint = ${url}\n`)}\n`,
    'session.ini': profileText(session),
    '.aws/config': config,
    '.env': `AWS_ENDPOINT_URL=${url}\nHTTPS_PROXY=${url}\n`,
    '.npmrc': `proxy=${url}\n`,
    'package.json': '{"aws":{"endpoint":"x"}}\n',
  })
  repo.write('staged.ini', profileText(awsPair(974))).git('add', 'staged.ini')
})

afterAll(
  () =>
    new Promise<void>((done) => {
      trap.close(() => done())
    }),
)

async function recorded(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdin = '',
): Promise<{
  readonly run: OakumRun
  readonly network: readonly string[]
  readonly children: string
}> {
  const record = join(temporaryFolder(), 'record')
  writeFileSync(record, '')
  const run = await oakum(args, {
    cwd: repo.path,
    env: { ...hostile, ...env, OAKUM_RECORD: record },
    node: ['--import', preload],
    stdin,
  })
  const lines = readFileSync(record, 'utf8').split('\n').filter(Boolean)
  return {
    run,
    network: lines.filter((line) => !line.startsWith('child ')),
    children: lines.filter((line) => line.startsWith('child ')).join('\n'),
  }
}

const stsHosts = [
  'sts.us-east-1.amazonaws.com',
  'sts.us-gov-west-1.amazonaws.com',
  'sts.cn-north-1.amazonaws.com.cn',
  'sts.eusc-de-east-1.amazonaws.eu',
]

describe('without --verify', () => {
  test.each([
    'scan',
    'staged',
    'range HEAD~1..HEAD',
    'history',
    'history --no-cache --jobs 2',
    'stdin',
    'scan --no-git',
  ])('%s reaches for no network', async (line) => {
    const { run, network } = await recorded(line.split(' '), {}, profileText(pair))
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('AKIA')
    expect(network).toEqual([])
  })

  test('nor does a hook', async () => {
    const { run, network } = await recorded(['hook', 'pre-commit'])
    expect([run.code, network]).toEqual([1, []])
    expect((await recorded(['hook', 'pre-commit', '--verify=yes'])).run.stderr).toContain(
      'hook does not take --verify',
    )
  })

  test('nor does verify itself, where nobody can be asked', async () => {
    const { run, network } = await recorded(['verify'])
    expect([run.code, run.stderr]).toEqual([
      2,
      'oakum: verification with AWS needs your consent, and there is no terminal to ask on: --verify=yes gives it\n',
    ])
    expect(network).toEqual([])
  })
})

describe('with --verify=yes', () => {
  test('the STS of each partition is named, and nothing else, whatever stands around', async () => {
    const { run, network, children } = await recorded(
      ['scan', '--verify=yes', '--format', 'json'],
      { NODE_TLS_REJECT_UNAUTHORIZED: '1' },
    )
    expect(new Set(network)).toEqual(new Set(stsHosts.map((host) => `connect ${host}:443`)))
    expect(run.code).toBe(1)
    const statuses = run
      .report()
      .findings.map(
        (finding) =>
          (finding as unknown as { verification: { status: string } }).verification.status,
      )
    expect(statuses.filter((status) => status === 'unknown')).toHaveLength(3)
    expect(trapped).toBe(0)
    expect(existsSync(marker)).toBe(false)
    // No warning of the SDK, no trace of what it signed.
    expect(run.stderr).toBe(
      'oakum: verifying 3 access keys with AWS; CloudTrail logs each request in the account of its key\n',
    )
    expect(children).not.toBe('')
    for (const secret of notedSecrets()) expect(children).not.toContain(secret)
  })

  test('an emulator is the only one that is asked', async () => {
    const aws = await startAws({ keys: [pair, session] })
    try {
      const { network } = await recorded(['history', '--verify=yes', '--sts-endpoint', aws.url])
      expect([...new Set(network)]).toEqual([`connect 127.0.0.1:${new URL(aws.url).port}`])
      expect(trapped).toBe(0)
    } finally {
      await aws.close()
    }
  })

  test('a certificate that nobody vouches for is refused, whatever the environment says of that', async () => {
    const aws = await startAws({ keys: [pair], tls: true })
    try {
      const { run } = await recorded(
        ['stdin', '--verify=yes', '--sts-endpoint', aws.url],
        {},
        profileText(pair),
      )
      expect(run.stdout.replaceAll(/\s+/g, ' ')).toContain(
        'its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)',
      )
      expect(aws.calls).toEqual([])
    } finally {
      await aws.close()
    }
  })

  test('nobody is asked where there is nothing to ask about', async () => {
    const { run, network } = await recorded(['stdin', '--verify=yes'], {}, `key = ${pair.id}\n`)
    expect(run.code).toBe(1)
    expect(network).toEqual([])
  })
})

test('--with-profile reaches only what the profile is of', async () => {
  const aws = await startAws({
    keys: [{ ...awsPair(975), arn: 'arn:aws:iam::210987654321:user/me' }],
  })
  const home = join(temporaryFolder())
  mkdirSync(join(home, '.aws'))
  writeFileSync(join(home, '.aws/credentials'), profileText(awsPair(975)).replace('[p]', '[mine]'))
  writeFileSync(join(home, '.aws/config'), '[profile mine]\nendpoint_url = http://127.0.0.1:9\n')
  try {
    const local = await recorded(['verify', '--with-profile', 'mine', '--sts-endpoint', aws.url], {
      HOME: home,
    })
    expect([...new Set(local.network)]).toEqual([`connect 127.0.0.1:${new URL(aws.url).port}`])
    expect(new Set(aws.calls.map(({ id }) => id))).toEqual(new Set([awsPair(975).id]))
    const { run, network } = await recorded(['verify', '--with-profile', 'mine'], { HOME: home })
    expect(new Set(network)).toEqual(new Set(stsHosts.map((host) => `connect ${host}:443`)))
    expect(run.stdout).toContain('AWS does not accept its credentials')
    expect(trapped).toBe(0)
  } finally {
    await aws.close()
  }
})
