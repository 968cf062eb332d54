import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { awsPair, githubToken } from '../../support/credentials.ts'
import { oakumHere } from '../../support/in-process.ts'
import { Repo, temporaryFolder } from '../../support/repo.ts'

const fingerprintOf = (digit: string): string => `oak1-${digit.repeat(32)}`
const entry = (fingerprint: string, change: object = {}): string =>
  `${JSON.stringify({ fingerprint, reason: 'x', author: 'Ada', date: '2020-01-01', ...change })}\n`
const today = new Date().toISOString().slice(0, 10)
const allowFile = (folder: string): string => readFileSync(join(folder, 'oakum.allow'), 'utf8')

async function allow(cwd: string, ...argv: string[]) {
  const { code, stdout, stderr } = await oakumHere(['allow', ...argv], { cwd })
  return { code, stdout, stderr }
}

describe('oakum allow', () => {
  test('writes sorted lines with fields in one order, and renews an entry instead of adding it twice', async () => {
    const folder = temporaryFolder()
    const added = await allow(
      folder,
      fingerprintOf('b'),
      '--author',
      'Ada',
      '--reason',
      ' later ',
      '--expires',
      '2999-01-01',
      '--path',
      'docs/**',
      '--path',
      '*.md',
      '--ticket',
      'SEC-1',
    )
    expect(added).toEqual({
      code: 0,
      stdout: `added: ${fingerprintOf('b')} in ${folder}/oakum.allow\n`,
      stderr:
        'oakum: add this line to .gitattributes, so that entries of two branches merge: oakum.allow merge=union\n',
    })
    expect(
      await allow(folder, fingerprintOf('a'), '--author', 'Ada', '--reason', 'first'),
    ).toMatchObject({ code: 0, stderr: '' })
    expect(
      (await allow(folder, fingerprintOf('a'), '--author', 'Cem', '--reason', 'again')).stdout,
    ).toMatch(/^renewed: /)
    expect(allowFile(folder)).toBe(
      `{"fingerprint":"${fingerprintOf('a')}","reason":"again","author":"Cem","date":"${today}"}\n` +
        `{"fingerprint":"${fingerprintOf('b')}","paths":["docs/**","*.md"],"reason":"later","author":"Ada","date":"${today}","expires":"2999-01-01","ticket":"SEC-1"}\n`,
    )
    expect((await allow(folder, 'list')).stdout).toBe(
      `${fingerprintOf('a')}\n  again (Cem, ${today})\n${fingerprintOf('b')} in docs/**, *.md\n  later (Ada, ${today}, until 2999-01-01, SEC-1)\n`,
    )
    expect(await allow(folder, 'remove', fingerprintOf('b'))).toMatchObject({
      code: 0,
      stdout: `removed: one entry for ${fingerprintOf('b')}\n`,
    })
    expect(allowFile(folder).split('\n')).toHaveLength(2)
  })

  test('uses the git user as author, and writes beside the nearest configuration file', async () => {
    const repo = Repo.create()
    repo.git('config', 'user.name', 'Ada Author')
    repo.git('config', 'user.email', 'ada@example.com')
    mkdirSync(join(repo.path, 'a/b'), { recursive: true })
    await allow(join(repo.path, 'a/b'), fingerprintOf('c'), '--reason', 'x')
    expect(allowFile(repo.path)).toContain('"author":"Ada Author <ada@example.com>"')
    repo.write('a/oakum.yaml', 'version: 1\n')
    await allow(join(repo.path, 'a/b'), fingerprintOf('d'), '--reason', 'x')
    expect(existsSync(join(repo.path, 'a/oakum.allow'))).toBe(true)
  })

  test.each([
    [
      ['x'],
      'allow takes a fingerprint as reports show it (oak1-…), or list, stale, remove, not "x"',
    ],
    [['lst'], 'allow does not know lst; did you mean list?'],
    [
      ['oak1-0123'],
      'allow needs the whole fingerprint: oak1- and 32 lower-case hexadecimal digits, not oak1-0123',
    ],
    [[fingerprintOf('a')], 'allow needs --reason: why may the secret stay?'],
    [
      [fingerprintOf('a'), '--reason', 'x'],
      'git has no user.name here: name who allows this with --author',
    ],
    [
      [fingerprintOf('a'), '--reason', 'x\ny', '--author', 'A'],
      '--reason takes a reason in one line of at most 500 characters',
    ],
    [
      [fingerprintOf('a'), '--reason', ' ', '--author', 'A'],
      '--reason takes a reason in one line of at most 500 characters',
    ],
    [
      [fingerprintOf('a'), '--reason', 'x', '--author', 'A', '--expires', '2026-02-31'],
      '--expires takes a date such as 2026-11-22',
    ],
    [
      [fingerprintOf('a'), '--reason', 'x', '--author', 'A', '--expires', '2020-01-01'],
      '--expires 2020-01-01 is in the past',
    ],
    [
      [fingerprintOf('a'), '--reason', 'x', '--author', 'A', '--path', '/etc'],
      '--path takes a glob relative to the top of the repository, such as docs/**',
    ],
    [[fingerprintOf('a'), 'more', '--reason', 'x'], 'allow <fingerprint> takes no more'],
    [['list', '--reason', 'x'], 'allow list takes no --reason'],
    [['remove'], 'allow remove needs a fingerprint; see oakum allow list'],
    [['remove', fingerprintOf('a')], `no entry allows ${fingerprintOf('a')}; see oakum allow list`],
  ])('refuses %j in one line', async (argv, says) => {
    const folder = temporaryFolder()
    expect(await allow(folder, ...argv)).toEqual({
      code: 2,
      stdout: '',
      stderr: `oakum: ${says}\n`,
    })
    expect(existsSync(join(folder, 'oakum.allow'))).toBe(false)
  })

  test('refuses a reason with a secret, and a symbolic link as oakum.allow', async () => {
    const folder = temporaryFolder()
    const holding = await allow(
      folder,
      fingerprintOf('a'),
      '--author',
      'A',
      '--reason',
      `the token ${githubToken(501)} is old`,
    )
    expect(holding).toEqual({
      code: 2,
      stdout: '',
      stderr: 'oakum: --reason contains a secret, and everybody can read oakum.allow\n',
    })
    const target = join(temporaryFolder(), 'target')
    writeFileSync(target, '')
    symlinkSync(target, join(folder, 'oakum.allow'))
    expect(await allow(folder, fingerprintOf('a'), '--author', 'A', '--reason', 'x')).toMatchObject(
      { code: 2 },
    )
    expect(readFileSync(target, 'utf8')).toBe('')
  })
})

describe('oakum allow stale', () => {
  test('lists values that were not found, expired entries and duplicates', async () => {
    const repo = Repo.create()
    const fingerprints: string[] = []
    for (const seed of [511, 512, 513]) {
      repo.commit(`Token ${seed}`, { 'prod.ini': `token = ${githubToken(seed)}\n` })
      const { findings } = (
        await oakumHere(['scan', '--format', 'json'], { cwd: repo.path })
      ).report()
      fingerprints.push(findings[0]?.fingerprint ?? '')
    }
    const [inHistory = '', expired = '', inFile = ''] = fingerprints
    repo.write('oakum.allow', entry(inHistory) + entry(inFile))
    expect(await allow(repo.path, 'stale')).toEqual({
      code: 0,
      stdout: 'no stale entries\n',
      stderr: '',
    })
    repo.append(
      'oakum.allow',
      entry(inFile, { reason: 'y' }) +
        entry(expired, { expires: '2020-02-02' }) +
        entry(fingerprintOf('0')),
    )
    const stale = await allow(repo.path, 'stale')
    expect(stale.code).toBe(1)
    expect(stale.stdout).toBe(
      [
        `${inFile}: another entry allows the same\n  y (Ada, 2020-01-01)\n`,
        `${expired}: expired\n  x (Ada, 2020-01-01, until 2020-02-02)\n`,
        `${fingerprintOf('0')}: the value was not found anywhere\n  x (Ada, 2020-01-01)\n`,
        '3 of 5 entries are stale; oakum allow remove <fingerprint> removes an entry\n',
      ].join(''),
    )
  })

  test('fails when the history was not read completely', async () => {
    const repo = Repo.create()
    repo.commit('One', { 'a.ini': 'x\n' })
    repo.commit('Two', { 'b.ini': 'x\n' })
    const shallow = repo.clone('--depth', '1')
    shallow.write('oakum.allow', '')
    const run = await allow(shallow.path, 'stale')
    expect([run.code, run.stdout, run.stderr.slice(0, 31)]).toEqual([
      3,
      '',
      'oakum: the scan is incomplete, ',
    ])
  })
})

describe('staged', () => {
  let repo: Repo
  beforeAll(() => {
    repo = Repo.create()
    repo.commit('Start', { 'README.md': '# Shop\n' })
    const pair = awsPair(520)
    repo
      .write(
        'prod.ini',
        `[a]\naws_access_key_id = ${pair.id}\naws_secret_access_key = ${pair.secret}\n`,
      )
      .git('add', '-A')
  })

  test('accepts an entry that is not staged, so that the commit can proceed', async () => {
    const before = (await oakumHere(['staged', '--format', 'json'], { cwd: repo.path })).report()
    expect(before.findings).toHaveLength(1)
    await allow(
      repo.path,
      before.findings[0]?.fingerprint ?? '',
      '--reason',
      'x',
      '--author',
      'Ada',
    )
    const { code, report } = await oakumHere(['staged', '--format', 'json'], { cwd: repo.path })
    expect([code, report().suppressed.by]).toEqual([0, { allowlist: 1 }])
  })

  test('reads the file that --config or OAKUM_CONFIG names, and none with --no-config', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'team.yaml'), 'version: 1\nfailOn: critical\n')
    const receiptOf = async (argv: readonly string[], env = {}) => {
      const run = await oakumHere(['staged', '--format', 'json', ...argv], { cwd: repo.path, env })
      return [run.code, run.report().receipt]
    }
    const path = join(folder, 'team.yaml')
    expect(await receiptOf(['--config', path])).toMatchObject([
      0,
      { config: { path, from: 'argument' } },
    ])
    expect(await receiptOf([], { OAKUM_CONFIG: path })).toMatchObject([
      0,
      { config: { path, from: 'argument' } },
    ])
    expect(await receiptOf(['--no-config'], { OAKUM_CONFIG: path })).toMatchObject([
      1,
      { config: { path: null, from: 'none' } },
    ])
    expect(await receiptOf(['--config', path, '--fail-on', 'low'])).toMatchObject([1, {}])
    expect(await receiptOf(['--config', path, '--strict'])).toMatchObject([1, {}])
    expect(
      (await oakumHere(['staged', '--config', 'nowhere.yaml'], { cwd: repo.path })).stderr,
    ).toBe('oakum: --config: nowhere.yaml does not exist\n')
    expect(
      (await oakumHere(['staged', '--config', path, '--config-from', 'HEAD'], { cwd: repo.path }))
        .stderr,
    ).toBe('oakum: --config and --config-from exclude each other: give one\n')
    expect(
      (await oakumHere(['staged', '--config-from', 'nowhere'], { cwd: repo.path })).stderr,
    ).toBe('oakum: --config-from: nowhere names no commit of this repository\n')
  })
})

test.each([
  ['accept', 0, { inline: 2 }],
  ['require-reason', 1, { inline: 1 }],
  ['ignore', 1, {}],
])('markers: %s', async (markers, code, by) => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'oakum.yaml'), `version: 1\nmarkers: ${markers}\n`)
  writeFileSync(join(folder, 'a.txt'), `token = ${githubToken(531)} # oakum:allow\n`)
  writeFileSync(join(folder, 'b.txt'), `token = ${githubToken(532)} # oakum:allow the sandbox\n`)
  const run = await oakumHere(['scan', '--no-git', '--format', 'json'], { cwd: folder })
  expect([run.code, run.report().suppressed.by]).toEqual([code, by])
})
