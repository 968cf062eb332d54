/**
 * Secrets that no finding names, in every place that Oakum quotes, through every command, format and
 * message. The search of all output (`runOf` of `oakum.ts`) fails a run that writes one of them.
 */
import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commandSpecs } from '../../src/cli/arguments/commands.ts'
import { optionSpecs } from '../../src/cli/arguments/options.ts'
import { formatNames } from '../../src/report/report-formats.ts'
import { zipOf } from '../support/archives.ts'
import { awsPairWithoutSlash, githubToken, password } from '../support/credentials.ts'
import { oakumHere } from '../support/in-process.ts'
import { runOf } from '../support/oakum.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'

let seed = 2500
/** Another password that no rule recognizes where it stands. */
const anyPassword = (): string => password((seed += 1))
const anyToken = (): string => githubToken((seed += 1))
const anyKey = (): string => awsPairWithoutSlash((seed += 1)).secret

/** A line with a secret that is found, beside two that are not, between lines with one more each. */
const lines = (): string =>
  [
    `# before ${anyPassword()} and ${anyKey()}`,
    `use ${anyPassword()} "${anyKey()}" token = ${anyToken()} // ${anyKey()} ${anyPassword()}`,
    `behind: ${anyPassword()}, ${anyKey()}`,
    '',
  ].join('\n')

/** Short values: nothing but the file says that they are secret. */
const weak = ['hunter2x', 'tr0ub4dor', 'k33pOut9']

const repo = Repo.create()
repo.git('config', 'user.name', `Eve ${anyPassword()}`)
const base = repo.commit('first', { 'a.txt': 'a\n', 'oakum.yaml': 'version: 1\n' })
repo.git('checkout', '-q', '-b', `feature/${anyToken()}-${anyPassword()}`)
repo.write('line.txt', lines())
repo.write(`${anyPassword()}/${anyToken()}.txt`, lines())
repo.write(`folder/${anyKey()}.ini`, lines())
repo.write('box.zip', zipOf([{ name: `${anyPassword()}/m.txt`, data: Buffer.from(lines()) }]))
repo.write('broken.zip', Buffer.from('PK\x03\x04broken'))
repo.write(
  '.env',
  `A=${weak[0]}\nB=production\nAPI_TOKEN=${anyToken()}\nOTHER='${weak[1]}'\nNOTE_1=postgres://u:${weak[2]}@h/db\n`,
)
repo.git('add', '-A')
repo.tryGit(['commit', '-q', '-m', `say ${anyPassword()} ${anyKey()}\n\n${lines()}`], {
  env: {
    GIT_AUTHOR_NAME: `Ann ${anyPassword()}`,
    GIT_AUTHOR_EMAIL: `${anyPassword()}@example.com`,
  },
})
const branch = repo.git('rev-parse', '--abbrev-ref', 'HEAD')
repo.git('tag', `v1-${anyPassword()}`)
repo.git('tag', '-a', `v2-${anyToken()}`, '-m', anyPassword())
repo.git('remote', 'add', 'origin', `https://ci:${anyPassword()}@example.com/x.git`)
repo.git('remote', 'add', `up-${anyPassword()}`, `https://${anyToken()}@example.com/y.git`)

const clean = Repo.create()
clean.commit('first', { 'a.txt': 'a\n' })

/** The rest of a run: what it wrote to files is searched, too. */
function searchFiles(folder: string): void {
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'utf8')
    runOf(0, text, '')
    for (const value of weak) expect(text).not.toContain(value)
  }
}

async function run(
  args: readonly string[],
  { cwd = repo.path, stdin }: { readonly cwd?: string; readonly stdin?: string } = {},
): Promise<{ readonly code: number | null; readonly text: string }> {
  const { code, stdout, stderr } = await oakumHere(args, {
    cwd,
    ...(stdin !== undefined && { stdin }),
  })
  const text = stdout + stderr
  for (const value of weak) expect(text).not.toContain(value)
  expect(text).not.toContain('is a bug')
  return { code, text }
}

const allReports = (formats: readonly string[], folder: string): readonly string[] =>
  formats.flatMap((format) => ['--format', format, '--output', join(folder, format)])

describe('a secret that no finding names is in no report', () => {
  test.each([
    ['scan', []],
    ['staged', []],
    ['range', [`${base}..${branch}`]],
    ['history', []],
    ['history', ['--shard', '1/2']],
  ])('of %s', async (command, more) => {
    const args = [command, ...more]
    const folder = temporaryFolder()
    const options = ['--show-suppressed', '--all-origins', '--verbose']
    if (command === 'staged') {
      repo.append('line.txt', lines())
      repo.git('add', '-A')
    }
    const { code } = await run([...args, ...options, ...allReports(formatNames, folder)])
    expect([1, 3]).toContain(code)
    searchFiles(folder)
  })

  test('of stdin, or of rules explain', async () => {
    expect((await run(['stdin'], { stdin: lines() })).code).toBe(1)
    for (const format of ['text', 'json'])
      await run(['rules', 'explain', 'line.txt', '--format', format])
    await run(['rules', 'explain', '-'], { stdin: lines() })
  })

  test('of audit, with its context lines', async () => {
    const folder = temporaryFolder()
    const { text } = await run(['audit', '--plain'])
    expect(text).toMatch(/│ # before … and …$/m)
    expect(text).toMatch(/│ B=production$/m)
    await run(['audit', '--verdict', ...allReports(['text', 'json', 'markdown', 'html'], folder)])
    searchFiles(folder)
  })

  test('of a plan', async () => {
    const folder = temporaryFolder()
    await run(['plan'])
    await run(['plan', '--format', 'json', '--output', folder])
    runOf(0, readFileSync(join(folder, 'plan.md'), 'utf8'), '')
    expect((await run(['merge', join(folder, 'plan.md')])).code).toBe(2)
  })

  test('of fix, doctor, baseline and install', async () => {
    expect((await run(['fix', '--dry-run'])).text).toContain('+API_TOKEN=')
    for (const format of ['text', 'json']) await run(['doctor', '--format', format])
    await run(['install', '--dry-run'])
    await run(['baseline', '--check', '--config-from', branch])
  })

  test('of a hook', async () => {
    repo.write('.git/MESSAGE', lines())
    expect((await run(['hook', 'commit-msg', '.git/MESSAGE'])).text).toContain('ghp_')
    await run(['hook', 'pre-commit'])
    const head = repo.git('rev-parse', 'HEAD')
    const name = `refs/heads/${branch}`
    expect(
      (await run(['hook', 'pre-push'], { stdin: `${name} ${head} ${name} ${'0'.repeat(40)}\n` }))
        .code,
    ).not.toBe(0)
  })
})

describe('a secret in an argument is in no message', () => {
  test.each(commandSpecs.map(({ name }) => name))('of %s', async (name) => {
    for (const secret of [anyToken(), anyKey(), anyPassword()]) {
      for (const args of [[secret, secret, secret, secret], [`--${secret}`], [`-${secret}`]])
        expect((await run([name, ...args], { cwd: clean.path, stdin: '' })).code).not.toBe(1)
    }
  })

  test.each(optionSpecs.map(({ name, commands }) => [name, commands] as const))(
    'of --%s',
    async (option, commands) => {
      const command = commands[0] ?? 'scan'
      const secret = [anyToken(), anyKey(), anyPassword()][seed % 3] ?? ''
      for (const args of [
        [command, `--${option}`, secret],
        [command, `--${option}=${secret}`],
      ])
        expect((await run(args, { cwd: clean.path, stdin: '' })).text).not.toContain(secret)
    },
  )
})

test.each([
  ['oakum.yaml', (secret: string) => `version: 1\n${secret}: 1\n`],
  ['oakum.yaml', (secret: string) => `version: ${secret}\n`],
  ['oakum.yaml', (secret: string) => `version: 1\nfail-on: ${secret}\nrules: [${secret}\n`],
  ['oakum.yaml', (secret: string) => `version: 1\npatterns: ["${secret}.yaml"]\n`],
  ['oakum.allow', (secret: string) => `{"fingerprint":"${secret}"}\n`],
  ['oakum.baseline', (secret: string) => `${secret}\n`],
])('a secret in a broken %s is in no message', async (file, content) => {
  for (const secret of [anyToken(), anyKey(), anyPassword()]) {
    const folder = new Repo(realpathSync(temporaryFolder()))
    folder.write(file, content(secret)).write('a.txt', 'a\n')
    const { code } = await run(['scan', '--no-git'], { cwd: folder.path })
    expect(code).toBe(2)
  }
})
