import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { run as runHere } from '../../src/cli/process/main.ts'
import { type FakeAws, startAws } from '../support/aws.ts'
import { awsPair, freshTriple } from '../support/credentials.ts'
import { oakumHere } from '../support/in-process.ts'
import { fakeIo } from '../support/io.ts'
import { bin, oakumJson, projectRoot, runOf } from '../support/oakum.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../support/repo.ts'
import { profileText } from '../verify/scene.ts'

interface FindingJson {
  readonly fingerprint: string
  readonly severity: string
  readonly verification: {
    readonly status: string
    readonly reason?: string
    readonly identity?: { readonly arn: string }
  }
  readonly nextSteps: readonly { readonly text: string; readonly command?: string }[]
}

const [live, inactive, wrong] = [awsPair(990), awsPair(991), awsPair(992)]
const [session, spent] = [freshTriple(993), freshTriple(994)]
const schema = JSON.parse(
  readFileSync(join(projectRoot, 'docs/report.schema.json'), 'utf8'),
) as object
const isReport = new Ajv2020({ allErrors: true, strictTypes: false }).compile(schema)

let aws: FakeAws
let repo: Repo

beforeAll(async () => {
  aws = await startAws({
    keys: [
      live,
      { ...inactive, state: 'inactive' },
      { ...wrong, secret: live.secret },
      session,
      { ...spent, state: 'expired' },
    ],
  })
  repo = Repo.create()
  repo.commit('one', { 'a/live.ini': profileText(live), 'b/inactive.ini': profileText(inactive) })
  repo.commit('two', { 'c/wrong.ini': profileText(wrong), 'd/session.ini': profileText(session) })
  repo.remove('a/live.ini').commit('gone')
})

beforeEach(() => void (aws.calls as unknown[]).splice(0))
afterAll(() => aws.close())

const verifyArgs = (): readonly string[] => ['--verify=yes', '--sts-endpoint', aws.url]

/** In this process: enough where it is not about the process. */
const hereJson = (
  args: readonly string[],
  place: Parameters<typeof oakumHere>[1],
): ReturnType<typeof oakumHere> => oakumHere([...args, '--format', 'json'], place)

function findingsOf(stdout: string): readonly FindingJson[] {
  const report: unknown = JSON.parse(stdout)
  expect(isReport(report) ? [] : isReport.errors).toEqual([])
  return (report as { readonly findings: readonly FindingJson[] }).findings
}

const summary = (findings: readonly FindingJson[]): readonly string[] =>
  findings.map(({ severity, verification }) => `${severity} ${verification.status}`).toSorted()

describe('a scan that verifies', () => {
  test('of history says of each key what AWS says, and is as severe', async () => {
    const run = await oakumJson(['history', ...verifyArgs()], { cwd: repo.path })
    expect(run.code).toBe(1)
    expect(summary(findingsOf(run.stdout))).toEqual([
      'critical live',
      'critical live',
      'high mismatch',
      'low inactive',
    ])
    const [first] = findingsOf(run.stdout)
    expect(first?.nextSteps.map(({ command }) => command ?? '').join('\n')).toContain(
      '--user-name deploy+ci',
    )
  })

  test.each([
    ['live', profileText(live), 'critical', 1],
    ['inactive', profileText(inactive), 'medium', 0],
    ['mismatch', profileText(wrong), 'critical', 0],
    ['expired', profileText(spent), 'medium', 0],
    ['not-tried', `key = ${live.id}\n`, 'high', 0],
  ] as const)(
    'ends with the code of the severity that comes of %s',
    async (status, text, failOn, code) => {
      const run = await oakumJson(['stdin', '--fail-on', failOn, ...verifyArgs()], {
        cwd: repo.path,
        stdin: text,
      })
      expect([findingsOf(run.stdout)[0]?.verification.status, run.code]).toEqual([status, code])
    },
  )

  test('that learns nothing is as severe as before', async () => {
    const run = await oakumJson(
      ['stdin', '--fail-on', 'high', '--verify=yes', '--sts-endpoint', 'http://127.0.0.1:1'],
      { cwd: repo.path, stdin: profileText(live) },
    )
    expect([summary(findingsOf(run.stdout)), run.code]).toEqual([['high unknown'], 1])
  })

  test('stops at Ctrl-C, with what is known until then', async () => {
    const slow = await startAws({
      keys: Array.from({ length: 40 }, (_, index) => awsPair(20_000 + index)),
      mishap: () => 'slow',
    })
    try {
      const text = Array.from({ length: 40 }, (_, index) =>
        profileText(awsPair(20_000 + index)).replace('[p]', `[p${index}]`),
      ).join('\n')
      const run = await oakumJson(['stdin', '--verify=yes', '--sts-endpoint', slow.url], {
        cwd: repo.path,
        stdin: text,
        onStarted: (kill) => {
          const timer = setInterval(() => {
            if (slow.calls.length < 8) return
            clearInterval(timer)
            kill('SIGINT')
          }, 10)
        },
      })
      expect(run.code).toBe(130)
      expect(run.stderr).toContain('oakum: interrupted')
      const statuses = findingsOf(run.stdout).map(({ verification }) => verification.status)
      expect(statuses.filter((status) => status === 'live').length).toBeGreaterThan(0)
      expect(statuses.filter((status) => status === 'not-tried').length).toBeGreaterThan(10)
      expect(statuses).toHaveLength(40)
    } finally {
      await slow.close()
    }
  })
})

describe('oakum verify', () => {
  test('scans the files, or history, and verifies', async () => {
    expect(
      summary(findingsOf((await hereJson(['verify', ...verifyArgs()], { cwd: repo.path })).stdout)),
    ).toEqual(['critical live', 'high mismatch', 'low inactive'])
    expect(
      findingsOf(
        (await hereJson(['verify', '--history', ...verifyArgs()], { cwd: repo.path })).stdout,
      ),
    ).toHaveLength(4)
  })

  test.each([
    ['json', 'history'],
    ['jsonl', 'history'],
    ['json', 'scan'],
    ['jsonl', 'range'],
  ])('finds what a report in %s of %s names again, and verifies that', async (format, command) => {
    const file = join(temporaryFolder(), 'report')
    const words =
      command === 'range'
        ? ['range', `${repo.git('rev-list', '--max-parents=0', 'HEAD')}..HEAD`]
        : [command]
    const first = await oakumHere([...words, '--format', format, '--output', file], {
      cwd: repo.path,
    })
    expect(first.code).toBe(1)
    const known = command === 'history' ? 4 : command === 'scan' ? 3 : 2
    const run = await hereJson(['verify', file, ...verifyArgs()], { cwd: join(repo.path, 'b') })
    expect([run.code, run.stderr]).toEqual([
      1,
      expect.stringContaining(`verifying ${known} access keys with AWS`),
    ])
    const report = readFileSync(file, 'utf8')
    for (const { fingerprint, verification } of findingsOf(run.stdout)) {
      expect(report).toContain(fingerprint)
      expect(verification.status).not.toBe('not-tried')
    }
    expect(findingsOf(run.stdout)).toHaveLength(known)
    expect(run.report().receipt.complete).toBe(true)
  })

  test('says what of a report is not there any more, and is incomplete', async () => {
    const other = Repo.create()
    other.commit('one', { 'x.ini': profileText(live) })
    const file = join(temporaryFolder(), 'report.json')
    await oakumHere(['scan', '--format', 'json', '--output', file], { cwd: other.path })
    other.write('x.ini', 'rotated\n')
    const run = await hereJson(['verify', file, ...verifyArgs()], { cwd: other.path })
    expect([run.code, run.report().findings]).toEqual([3, []])
    expect(run.report().receipt.skipped).toMatchObject([
      {
        outcome: 'failed',
        reason: 'missing',
        path: 'x.ini',
        detail: expect.stringMatching(
          /^oak1-[0-9a-f]{32} of the report was not found again$/,
        ) as string,
      },
    ])
    expect(aws.calls).toEqual([])
  })

  test.each([
    ['{"findings": 1}', /is not a report of oakum/],
    ['not json', /is not a report of oakum/],
    ['{"findings": []}', /names no file or object/],
    [
      '{"findings": [{"fingerprint": "x", "parts": [], "origins": []}]}',
      /is not a report of oakum/,
    ],
  ])('refuses %s', async (text, words) => {
    const file = join(temporaryFolder(), 'report.json')
    writeFileSync(file, text)
    const run = await oakumHere(['verify', file, ...verifyArgs()], { cwd: repo.path })
    expect([run.code, run.stderr]).toEqual([2, expect.stringMatching(words)])
    expect(
      (await oakumHere(['verify', 'nowhere.json', ...verifyArgs()], { cwd: repo.path })).stderr,
    ).toContain('nowhere.json is not a file')
  })
})

describe('consent', () => {
  interface Terminal {
    readonly types: string
    readonly args?: readonly string[]
    readonly cwd?: string
    readonly env?: Readonly<Record<string, string>>
  }

  /** At a terminal, where somebody types. */
  async function atTerminal({
    types,
    args = ['verify', '--sts-endpoint', aws.url],
    cwd = repo.path,
    env = {},
  }: Terminal) {
    let now = 0
    const io = {
      ...fakeIo({
        argv: args,
        cwd,
        env: { ...isolatedEnv, ...env },
        stdin: types === '' ? [] : [Buffer.from(types)],
        stdoutIsTTY: true,
        stderrIsTTY: true,
        now: () => (now += 200),
      }),
      stdinIsTTY: true,
    }
    const code = await runHere(io)
    return runOf(code, io.out(), io.err())
  }

  test('is asked for at a terminal, with what is sent where and who sees it', async () => {
    const run = await atTerminal({ types: 'y\n' })
    for (const words of [
      '3 access keys can be verified',
      'never the secret',
      aws.url,
      'CloudTrail logs the call',
      'canary tokens are skipped',
      'Verify with AWS? [y/N]',
      'verified 3 of 3 access keys',
    ])
      expect(run.stderr).toContain(words)
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('live, user arn:aws:iam::')
    expect(run.stderr.match(/Verify with AWS/g)).toHaveLength(1)
    expect(aws.calls.length).toBeGreaterThan(0)
  })

  test.each(['n\n', '\n', '', 'yes please\n'])(
    'that is not given (%j) leaves findings as they were, and says so',
    async (types) => {
      const run = await atTerminal({ types })
      expect(run.code).toBe(1)
      expect(run.stdout.replaceAll(/\s+/g, ' ')).toContain(
        'not tried: verification was not agreed to',
      )
      expect(aws.calls).toEqual([])
    },
  )

  test('names the STS of each partition, where no endpoint is given', async () => {
    const run = await atTerminal({ types: 'n\n', args: ['scan', '--verify', 'b'] })
    expect(run.stderr).toContain(
      'to     sts.us-east-1.amazonaws.com; if it does not know the key, also\n         sts.us-gov-west-1.amazonaws.com\n         sts.cn-north-1.amazonaws.com.cn\n         sts.eusc-de-east-1.amazonaws.eu\n',
    )
    expect(
      run.stderr.split('\n').filter((line) => line.startsWith('  ') && line.length > 80),
    ).toEqual([])
  })

  test('is not asked for where no key was found', async () => {
    const clean = Repo.create()
    clean.commit('one', { 'a.txt': 'x\n' })
    const run = await atTerminal({ types: '', cwd: clean.path })
    expect([run.code, run.stderr]).toEqual([0, expect.not.stringContaining('Verify with AWS')])
  })

  const refusals: readonly (readonly [
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    words: RegExp,
  ])[] = [
    ['in CI', ['scan', '--verify'], {}, /there is no terminal to ask on: --verify=yes gives it/],
    [
      'in a hook',
      ['scan', '--verify=yes'],
      { GIT_EXEC_PATH: '/usr/lib/git-core' },
      /credentials are not verified inside a git hook/,
    ],
    [
      'in pre-commit',
      ['verify', '--with-profile', 'x'],
      { PRE_COMMIT: '1' },
      /inside a git hook or alias/,
    ],
    ['before a commit', ['staged', '--verify=yes'], {}, /staged does not take --verify/],
    [
      'for another endpoint',
      ['scan', '--verify=yes', '--sts-endpoint', 'https://sts.example.com'],
      {},
      /loopback addresses only/,
    ],
    [
      'with a word that is none',
      ['scan', '--verify=maybe'],
      {},
      /--verify cannot be "?maybe"?; it takes/,
    ],
    [
      'with an account that is none',
      ['scan', '--verify=yes', '--verify-accounts', '1234'],
      {},
      /account numbers of twelve digits/,
    ],
    ['with options alone', ['scan', '--verify-canaries'], {}, /--verify-canaries needs --verify/],
    [
      'with two wishes',
      ['verify', 'r.json', '--history', '--verify=yes'],
      {},
      /a report or --history, not both/,
    ],
  ]
  test.each(refusals)('is refused %s', async (_name, args, env, words) => {
    const run = await oakumHere(args, { cwd: repo.path, env })
    expect([run.code, run.stderr]).toEqual([2, expect.stringMatching(words)])
    expect(run.stderr.split('\n')).toHaveLength(2)
  })

  test('is refused in a real hook', async () => {
    const hooked = Repo.create()
    hooked
      .write(
        '.git/hooks/pre-push',
        `#!/bin/sh\n'${process.execPath}' '${bin}' history --verify=yes --sts-endpoint ${aws.url} 2>&1\n`,
      )
      .git('update-index', '-q', '--refresh')
    const { chmodSync } = await import('node:fs')
    chmodSync(join(hooked.path, '.git/hooks/pre-push'), 0o755)
    hooked.commit('one', { 'x.ini': profileText(live) })
    const { code, stdout, stderr } = hooked.tryGit([
      'push',
      '-q',
      Repo.create({ bare: true }).path,
      'HEAD:refs/heads/main',
    ])
    expect([code, stdout.toString() + stderr]).toEqual([
      1,
      expect.stringContaining('inside a git hook or alias'),
    ])
    expect(aws.calls).toEqual([])
  })

  test('of the configuration: off forbids, accounts are asked about without a question', async () => {
    const configured = Repo.create()
    configured.commit('one', {
      'x.ini': profileText(live),
      'y.ini': profileText(inactive),
      'oakum.yaml': 'version: 1\nverify: off\n',
    })
    const off = await oakumHere(['scan', ...verifyArgs()], { cwd: configured.path })
    expect([off.code, off.stderr]).toEqual([
      2,
      expect.stringContaining('the configuration forbids verification (verify: off)'),
    ])
    const { accountOfId } = await import('../../src/verify/credential.ts')
    configured.write('oakum.yaml', `version: 1\nverify: ['${accountOfId(live.id) ?? ''}']\n`)
    const run = await hereJson(['scan', '--verify', '--sts-endpoint', aws.url], {
      cwd: configured.path,
    })
    expect(summary(findingsOf(run.stdout))).toEqual(['critical live', 'high not-tried'])
    expect(new Set(aws.calls.map(({ id }) => id))).toEqual(new Set([live.id]))
    const narrowed = await hereJson(
      ['scan', ...verifyArgs(), '--verify-accounts', '111122223333'],
      { cwd: configured.path },
    )
    expect(summary(findingsOf(narrowed.stdout))).toEqual(['high not-tried', 'high not-tried'])
  })
})
