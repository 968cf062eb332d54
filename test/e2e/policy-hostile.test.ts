/** A repository whose files want to weaken, stop or abuse the scan of it. */
import { existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { githubToken } from '../support/credentials.ts'
import { oakumHere } from '../support/in-process.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'

const hideAll = `version: 1
rules: { github: off, aws: { severity: off, reason: nothing to see } }
allow:
  paths: [{ glob: '**', reason: all of it }]
  values: [{ pattern: '[^]{0,4000}', reason: anything }]
failOn: critical
markers: accept
limits: { maxBlobSize: 1 }
`

function hostile(config: string, seed: number): Repo {
  const repo = Repo.create()
  repo.commit('Start', { 'prod.ini': `token = ${githubToken(seed)}\n`, 'oakum.yaml': config })
  return repo
}

async function reportOf(argv: readonly string[], cwd: string) {
  const run = await oakumHere([...argv, '--format', 'json'], { cwd })
  return { code: run.code, stderr: run.stderr, ...run.report() }
}

describe('a repository that is given as an argument', () => {
  test.each(['history', 'scan'])(
    'does not configure its own %s, which is said',
    async (command) => {
      const repo = hostile(hideAll, 401)
      const own = Repo.create()
      own.commit('Start', { 'oakum.yaml': hideAll })
      for (const cwd of [own.path, temporaryFolder()]) {
        const { code, findings, suppressed, receipt, stderr } = await reportOf(
          [command, repo.path],
          cwd,
        )
        expect([code, findings.length, suppressed.total]).toEqual([1, 1, 0])
        expect(receipt).toMatchObject({ config: { path: null, from: 'none' } })
        expect(stderr).toBe(
          `oakum: the configuration in ${repo.path} is not read: a repository given as an argument does not configure its own scan; --trust-config reads it\n`,
        )
      }
    },
  )

  test('does so with --trust-config, and what that hides is counted', async () => {
    const repo = hostile(hideAll.replace('limits: { maxBlobSize: 1 }\n', ''), 402)
    const { code, findings, suppressed, receipt, stderr } = await reportOf(
      ['history', repo.path, '--trust-config'],
      temporaryFolder(),
    )
    expect([code, findings.length, suppressed.by, stderr]).toEqual([0, 0, { config: 1 }, ''])
    expect(receipt).toMatchObject({ config: { path: 'oakum.yaml', from: 'worktree' } })
  })

  test('configures a scan of its own folders from inside, and a nested repository does not', async () => {
    const repo = hostile("version: 1\nallow: { paths: [{ glob: '**', reason: x }] }\n", 403)
    repo.write('deep/down/x.txt', '')
    expect(
      (await reportOf(['scan', join(repo.path, 'prod.ini')], join(repo.path, 'deep/down'))).code,
    ).toBe(0)
    const inner = new Repo(join(repo.path, 'inner'))
    repo.git('init', '-q', 'inner')
    inner.commit('Start', { 'prod.ini': `token = ${githubToken(404)}\n`, 'oakum.yaml': hideAll })
    expect(await reportOf(['history', 'inner'], repo.path)).toMatchObject({
      code: 1,
      suppressed: { total: 0 },
    })
  })

  test('is found through a link to it, too', async () => {
    const repo = hostile(hideAll, 405)
    const own = Repo.create()
    symlinkSync(repo.path, join(own.path, 'linked'))
    expect(await reportOf(['history', 'linked'], own.path)).toMatchObject({
      code: 1,
      suppressed: { total: 0 },
      receipt: { config: { from: 'none' } },
    })
  })
})

test('files above the top of the repository count for nothing', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'oakum.yaml'), hideAll)
  const repo = new Repo(join(folder, 'inside'))
  Repo.create().git('init', '-q', '-b', 'main', repo.path)
  repo.commit('Start', { 'prod.ini': `token = ${githubToken(406)}\n` })
  expect(await reportOf(['scan'], repo.path)).toMatchObject({
    code: 1,
    receipt: { config: { from: 'none' } },
  })
})

describe('all that hides a finding', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    [
      'a rule that is off',
      { 'oakum.yaml': 'version: 1\nrules: { github-token: off }\n' },
      'config',
    ],
    ['a provider that is off', { 'oakum.yaml': 'version: 1\nrules: { github: off }\n' }, 'config'],
    [
      'an allowed value',
      {
        'oakum.yaml':
          "version: 1\nallow: { values: [{ pattern: '[a-zA-Z0-9_]{4,60}', reason: x }] }\n",
      },
      'config',
    ],
    [
      'an allowed path',
      { 'oakum.yaml': "version: 1\nallow: { paths: [{ glob: '*.ini', reason: x }] }\n" },
      'path',
    ],
    [
      'a pattern of paths',
      {
        'oakum.yaml':
          "version: 1\nallow: { paths: [{ pattern: { text: '\\.INI$', ignoreCase: true }, reason: x }] }\n",
      },
      'path',
    ],
    ['a marker', {}, 'inline'],
  ]

  test.each(cases)(
    'is counted, listed on request, and ignored with --strict: %s',
    async (name, files, by) => {
      const repo = Repo.create()
      const remark = name === 'a marker' ? ' # oakum:allow sample' : ''
      repo.commit('Start', { 'prod.ini': `token = ${githubToken(410)}${remark}\n`, ...files })
      for (const command of ['scan', 'history']) {
        const hidden = await reportOf([command, '--show-suppressed'], repo.path)
        expect([hidden.code, hidden.findings.length, hidden.suppressed.by]).toEqual([
          0,
          0,
          { [by]: 1 },
        ])
        expect(hidden.suppressed).toMatchObject({ items: [{ by, rule: 'github-token' }] })
        expect(await reportOf([command, '--strict'], repo.path)).toMatchObject({
          code: 1,
          suppressed: { total: 0 },
        })
      }
      expect((await oakumHere(['scan'], { cwd: repo.path })).stdout).toMatch(
        new RegExp(`suppressed +1: 1 ${by}`),
      )
    },
  )

  test('a size limit leaves a skip, a lowered severity a finding, a higher threshold the report', async () => {
    const repo = hostile(
      'version: 1\nlimits: { maxBlobSize: 100 }\nrules: { github: low }\nfailOn: critical\n',
      411,
    )
    repo.write('large.ini', `${'x = 1\n'.repeat(50)}token = ${githubToken(412)}\n`)
    const scanned = await reportOf(['scan'], repo.path)
    expect([
      scanned.code,
      scanned.findings.map((finding) => finding.severity),
      scanned.receipt.skipped.map((skip) => skip.reason),
    ]).toEqual([0, ['low'], ['too-large']])
    const strict = await reportOf(['scan', '--strict'], repo.path)
    expect([strict.code, strict.findings.map((finding) => finding.severity)]).toEqual([
      1,
      ['high', 'high'],
    ])
    expect((await reportOf(['scan', '--fail-on', 'low'], repo.path)).code).toBe(1)
  })

  test('an allowed path does not cover the same secret elsewhere, in history neither', async () => {
    const repo = Repo.create()
    const text = `token = ${githubToken(413)}\n`
    repo.commit('Start', {
      'oakum.yaml': "version: 1\nallow: { paths: [{ glob: 'docs/**', reason: x }] }\n",
      'docs/a.ini': text,
    })
    expect((await reportOf(['history'], repo.path)).code).toBe(0)
    repo.commit('The same bytes elsewhere', { 'prod.ini': text })
    for (const command of ['scan', 'history']) {
      const { findings, suppressed } = await reportOf([command], repo.path)
      expect([
        findings.flatMap((finding) => finding.origins.map((origin) => origin.path)),
        suppressed.by,
      ]).toEqual([['prod.ini'], { path: 1 }])
    }
  })

  test('allowing a key id by its value does not allow its secret', async () => {
    const repo = Repo.create()
    const { awsPair } = await import('../support/credentials.ts')
    const pair = awsPair(9)
    repo.commit('Start', {
      'prod.ini': `aws_access_key_id = ${pair.id}\naws_secret_access_key = ${pair.secret}\n`,
      'oakum.yaml': "version: 1\nallow: { values: [{ pattern: 'AKIA[A-Z2-7]{16}', reason: x }] }\n",
    })
    expect(await reportOf(['scan'], repo.path)).toMatchObject({ code: 1, suppressed: { total: 0 } })
  })
})

describe('patterns of a configuration', () => {
  const slow =
    'provider: acme\nrules:\n  - { id: acme-token, description: Acme token, severity: high, keywords: [acme_], window: 4096, pattern: "(?<secret>acme_(?:a|b|ab){1,200})!" }\n'

  test('that the analysis takes for harmless are stopped when they take for ever, and the scan does not report', async () => {
    const repo = hostile('version: 1\npatterns: [own.yaml]\n', 420)
    repo.write('own.yaml', slow).write('bait.txt', `acme_${'ab'.repeat(90)}?\n`)
    const run = await oakumHere(['scan'], { cwd: repo.path })
    expect([run.code, run.stdout]).toEqual([2, ''])
    expect(run.stderr).toMatch(
      /^oakum: own\.yaml:3: acme-token: the pattern takes more than three seconds on a text of \d+ characters: make it simpler\n$/,
    )
  })

  test('find what they are written for, within the same report, and can be selected', async () => {
    const repo = hostile(
      'version: 1\npatterns: [.oakum/own.yaml]\nrules: { acme: critical }\n',
      421,
    )
    repo.write('.oakum/own.yaml', slow.replace('(?:a|b|ab){1,200})!', '[a-z0-9]{20})'))
    repo.write(
      'acme.txt',
      `key: ${['acme', '_'].join('')}${githubToken(423).slice(4, 24).toLowerCase()}\n`,
    )
    const { findings } = await reportOf(['scan'], repo.path)
    expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['acme-token', 'critical'],
      ['github-token', 'high'],
    ])
    expect((await reportOf(['scan', '--rules', 'acme'], repo.path)).findings).toHaveLength(1)
    repo.commit('With a rule')
    repo.write('.oakum/own.yaml', 'nonsense')
    expect((await reportOf(['scan', '--config-from', 'HEAD'], repo.path)).findings).toHaveLength(2)
  })

  test('that match a whole file do not hide the findings in it behind one that is off', async () => {
    const repo = hostile('version: 1\npatterns: [own.yaml]\nrules: { wide: off }\n', 424)
    const wide = '(?<secret>[^]{0,400}token = [^]{0,400})'
    repo.write(
      'own.yaml',
      `provider: acme\nrules:\n  - { id: wide, description: Anything, severity: low, keywords: ["token = "], window: 1024, pattern: '${wide}' }\n`,
    )
    repo.append('prod.ini', `other = ${githubToken(425)}\n`)
    const { code, findings } = await reportOf(['scan'], repo.path)
    expect([code, findings.map(({ rule }) => rule)]).toEqual([1, ['github-token', 'github-token']])
  })

  test('cannot run code: nothing of the files is more than text', async () => {
    const proof = join(temporaryFolder(), 'ran')
    const code = `require("node:fs").writeFileSync(${JSON.stringify(proof)}, "")`
    const repo = hostile(
      `version: 1\npatterns: [own.yaml]\nallow: { values: [{ pattern: '(?:x|\${${code.replaceAll("'", '')}})', reason: '\${${code.replaceAll("'", '')}}' }] }\n`,
      422,
    )
    repo
      .write('own.yaml', slow.replace('(?:a|b|ab){1,200})!', '[a-z]{20})'))
      .write('own.js', code)
      .write('oakum.config.js', code)
      .write('oakum.allow', '')
    await oakumHere(['scan'], { cwd: repo.path })
    await oakumHere(['rules', 'check'], { cwd: repo.path })
    expect(existsSync(proof)).toBe(false)
  })
})

test('a finding in the name of a path that is allowed is not shown by another, and reasons are escaped', async () => {
  const repo = Repo.create()
  const token = githubToken(430)
  repo.commit('Start', { [`${token}.txt`]: 'x\n', 'a.ini': `token = ${token}\n` })
  const [fingerprint = ''] = (await reportOf(['scan'], repo.path)).findings.map(
    (finding) => finding.fingerprint,
  )
  repo.write(
    'oakum.allow',
    `${JSON.stringify({ fingerprint, reason: '\u202e hidden \u200b', author: 'Ada', date: '2020-01-01' })}\n`,
  )
  const run = await oakumHere(['scan', '--show-suppressed', '--verbose'], { cwd: repo.path })
  expect(run.code).toBe(0)
  expect(run.stdout).toContain('\\u202e hidden \\u200b (Ada, 2020-01-01)')
})
