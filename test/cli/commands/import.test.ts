import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../../src/cli/process/main.ts'
import { githubToken } from '../../support/credentials.ts'
import { fakeIo } from '../../support/io.ts'
import { seededRandom } from '../../support/random.ts'
import { isolatedEnv, Repo } from '../../support/repo.ts'

const toml = `
[[rules]]
id = "acme-token"
regex = '''\\b(acme_[a-z0-9]{32})\\b'''
keywords = ["acme_"]
entropy = 3.5
[[allowlists]]
paths = ["^test/"]
`

async function outcome(cwd: string, ...argv: readonly string[]) {
  const io = fakeIo({ argv: ['import', ...argv], cwd, env: isolatedEnv })
  return { exitCode: await run(io), out: io.out(), err: io.err() }
}

function repository(): Repo {
  const repo = Repo.create()
  repo.git('config', 'user.name', 'Ada Author')
  const commit = repo.commit('one', { 'a.txt': `token: ${githubToken(31)}\n` })
  return repo
    .write('.gitleaks.toml', toml)
    .write('.gitleaksignore', `${commit}:a.txt:github-pat:1\n`)
}

const textOf = (repo: Repo, name: string): string => readFileSync(join(repo.path, name), 'utf8')

describe('import', () => {
  test('writes Oakum’s files and logs each entry', async () => {
    const repo = repository()
    const { exitCode, out } = await outcome(repo.path, 'gitleaks')
    expect(exitCode).toBe(0)
    expect(out).toBe(`.gitleaks.toml
  imported  rule acme-token
  imported  allowlist 1, path 1
.gitleaksignore
  imported  line 1, fingerprint: it is now bound to the value in this file, not to the line
3 imported, 0 narrower, 0 skipped
wrote .oakum/gitleaks.yaml, oakum.allow, oakum.yaml
`)
    expect(textOf(repo, 'oakum.yaml')).toBe(`version: 1
patterns:
  - .oakum/gitleaks.yaml
allow:
  paths:
    - pattern: ^test/
      reason: Allowed in gitleaks.
`)
    expect(JSON.parse(textOf(repo, 'oakum.allow'))).toEqual({
      fingerprint: expect.stringMatching(/^oak1-/),
      paths: ['a.txt'],
      reason: 'In .gitleaksignore, for the rule github-pat.',
      author: 'Ada Author',
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    })
  })

  test('writes files that a scan uses: own rules find more, and an imported allow entry does not hide their findings', async () => {
    const repo = repository().write(
      '.gitleaks.toml',
      `${toml}
[[rules]]
id = "any-token"
regex = '''token: (\\S{30,60})'''
keywords = ["token"]
[[rules.allowlists]]
regexes = ["^gh"]
`,
    )
    const random = seededRandom(32)
    const acme = `acme_${Array.from({ length: 32 }, () => Math.floor(random() * 36).toString(36)).join('')}`
    repo
      .write('src/x.txt', `key ${acme}\n`)
      .write('test/x.txt', `key ${acme}\n`)
      .write('src/y.txt', `token: ${githubToken(33)}\n`)
      .write('.gitleaksignore', '')
    expect((await outcome(repo.path, 'gitleaks')).exitCode).toBe(0)
    const io = fakeIo({ argv: ['scan', '--format', 'json'], cwd: repo.path, env: isolatedEnv })
    expect(await run(io)).toBe(1)
    const { findings, suppressed } = JSON.parse(io.out()) as {
      findings: { rule: string; origins: { path: string }[] }[]
      suppressed: { total: number }
    }
    const found = findings.map(({ rule, origins: [first] }) => `${rule} ${first?.path ?? ''}`)
    expect(found.filter((one) => one.endsWith('.txt')).sort()).toEqual([
      'acme-token src/x.txt',
      'github-token a.txt',
      'github-token src/y.txt',
    ])
    expect(suppressed.total).toBeGreaterThan(0)
  })

  test('adds to existing files, keeps their comments, and adds nothing twice', async () => {
    const repo = repository().write(
      'oakum.yaml',
      '# ours\nversion: 1\nfailOn: high # for now\nallow:\n  paths:\n    - glob: docs/**\n      reason: Ours.\n',
    )
    repo.write(
      'oakum.allow',
      `{"fingerprint":"oak1-${'f'.repeat(32)}","reason":"Ours.","author":"A","date":"2026-01-01"}\n`,
    )
    await outcome(repo.path, 'gitleaks')
    const once = ['oakum.yaml', 'oakum.allow'].map((name) => textOf(repo, name))
    expect(once[0]).toContain('# ours')
    expect(once[0]).toContain('failOn: high # for now')
    expect(once[0]?.indexOf('docs/**')).toBeLessThan(once[0]?.indexOf('^test/') ?? 0)
    expect(once[1]?.split('\n')).toHaveLength(3)
    expect((await outcome(repo.path, 'gitleaks')).out).toContain('nothing to write')
    expect(['oakum.yaml', 'oakum.allow'].map((name) => textOf(repo, name))).toEqual(once)
  })

  test('does not overwrite rules, and then writes nothing at all', async () => {
    const repo = repository()
    mkdirSync(join(repo.path, '.oakum'))
    repo.write('.oakum/gitleaks.yaml', '# mine\n')
    const { exitCode, err } = await outcome(repo.path, 'gitleaks')
    expect(exitCode).toBe(2)
    expect(err).toMatch(/^oakum: .*gitleaks\.yaml exists and is different.*\n$/)
    expect(textOf(repo, '.oakum/gitleaks.yaml')).toBe('# mine\n')
    expect(existsSync(join(repo.path, 'oakum.yaml'))).toBe(false)
  })

  test('follows no symbolic link', async () => {
    const repo = repository()
    writeFileSync(join(repo.path, 'elsewhere'), 'version: 1\n')
    symlinkSync('elsewhere', join(repo.path, 'oakum.yaml'))
    const { exitCode, err } = await outcome(repo.path, 'gitleaks')
    expect(exitCode).toBe(2)
    expect(err).toContain('symbolic link')
    expect(textOf(repo, 'elsewhere')).toBe('version: 1\n')
  })

  test('writes nothing with --dry-run, and elsewhere with --output', async () => {
    const repo = repository()
    expect((await outcome(repo.path, 'gitleaks', '--dry-run')).out).toContain(
      'would write .oakum/gitleaks.yaml, oakum.allow, oakum.yaml',
    )
    expect(existsSync(join(repo.path, 'oakum.yaml'))).toBe(false)
    mkdirSync(join(repo.path, 'out'))
    await outcome(repo.path, 'gitleaks', '--output', 'out')
    expect(existsSync(join(repo.path, 'out/.oakum/gitleaks.yaml'))).toBe(true)
    expect((await outcome(repo.path, 'gitleaks', '--output', 'nowhere')).exitCode).toBe(2)
  })

  test.each([
    [['gitleeks'], 'did you mean gitleaks?'],
    [['gitleaks', 'gone.toml'], 'gone.toml does not exist'],
    [['gitleaks', '.'], 'is not a file'],
    [['trufflehog'], 'needs the names of its files'],
    [[], 'needs <tool>'],
  ])('refuses %j in one line', async (argv, message) => {
    const { exitCode, err } = await outcome(repository().path, ...argv)
    expect(exitCode).toBe(2)
    expect(err).toMatch(/^oakum: [^\n]*\n$/)
    expect(err).toContain(message)
  })

  test.each(['version: 1\nallow: []\n', 'x: [', '- a\n'])(
    'an oakum.yaml that cannot be added to is left as it is: %j',
    async (text) => {
      const repo = repository().write('oakum.yaml', text)
      expect((await outcome(repo.path, 'gitleaks')).err).toMatch(
        /^oakum: oakum\.yaml:\d+:\d+: [^\n]*\n$/,
      )
      expect(textOf(repo, 'oakum.yaml')).toBe(text)
      expect(existsSync(join(repo.path, '.oakum'))).toBe(false)
    },
  )

  test('escapes control characters of the file', async () => {
    const repo = repository().write(
      '.gitleaks.toml',
      toml.replace('acme-token', 'x\\u001b[2J\\u202e'),
    )
    expect((await outcome(repo.path, 'gitleaks')).out).not.toMatch(/[\u001b\u202e]/)
  })
})
