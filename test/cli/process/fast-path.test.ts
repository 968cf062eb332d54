import { describe, expect, test } from 'vitest'
import { runFastPath } from '../../../src/cli/process/fast-path.ts'
import { run } from '../../../src/cli/process/main.ts'
import { awsPair } from '../../support/credentials.ts'
import { fakeIo } from '../../support/io.ts'
import { isolatedEnv, Repo } from '../../support/repo.ts'

interface Outcome {
  readonly code: number | undefined
  readonly out: string
  readonly err: string
}

async function outcomeOf(
  main: typeof runFastPath,
  argv: readonly string[],
  { path }: Repo,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const io = fakeIo({ argv, cwd: path, env: { ...isolatedEnv, ...env } })
  const code = await main(io)
  // Durations and readers differ.
  return {
    code,
    out: io.out().replace(/in [\d.]+ m?s\b[^\n]*(\n +[^\n]*)?/g, 'in … ms'),
    err: io.err(),
  }
}

const entry = JSON.stringify({
  fingerprint: `oak1-${'0'.repeat(32)}`,
  reason: 'made up',
  author: 'Ada',
  date: '2026-01-01',
})

describe('a clean commit', () => {
  test.each([
    ['without configuration', {}],
    ['with allow entries', { 'oakum.allow': `${entry}\n` }],
    ['with an empty baseline', { 'oakum.baseline': '' }],
  ] as const)(
    '%s is reported alike by the fast path and the whole program',
    async (_name, files) => {
      const repo = Repo.staged({ 'src/app.ts': "const password = read('secret')\n", ...files })
      expect(await outcomeOf(runFastPath, ['staged'], repo)).toEqual(
        await outcomeOf(run, ['staged'], repo),
      )
      expect(await outcomeOf(runFastPath, ['hook', 'pre-commit'], repo)).toEqual({
        code: 0,
        out: '',
        err: '',
      })
      expect(await outcomeOf(runFastPath, ['hook', 'pre-merge-commit'], repo)).toEqual({
        code: 0,
        out: '',
        err: '',
      })
    },
  )

  test.each([
    ['other options', ['staged', '--quiet'], {}, {}],
    ['--verbose', ['staged', '--verbose'], {}, {}],
    ['an extra word', ['hook', 'pre-commit', 'x'], {}, {}],
    ['another hook', ['hook', 'commit-msg'], {}, {}],
    ['another command', ['scan'], {}, {}],
    ['no command', [], {}, {}],
    ['a configuration', ['staged'], { 'oakum.yaml': 'version: 1\n' }, {}],
    ['a configuration that a variable names', ['staged'], {}, { OAKUM_CONFIG: 'other.yaml' }],
    ['invalid entries', ['staged'], { 'oakum.allow': 'not JSON\n' }, {}],
    ['a finding', ['staged'], { 'a.ini': `aws_secret_access_key = ${awsPair(2800).secret}\n` }, {}],
  ] as const)('is left to the whole program with %s', async (_name, argv, files, env) => {
    const repo = Repo.staged({ 'src/app.ts': 'export {}\n', ...files })
    const { code, out, err } = await outcomeOf(runFastPath, argv, repo, env)
    expect({ code, out }).toEqual({ code: undefined, out: '' })
    if (!argv.some((word) => word === '--verbose')) expect(err).toBe('')
  })
})

describe('--verbose', () => {
  test.each([
    [['staged'], {}, {}, '--verbose reports more than the fast path, which found nothing'],
    [['staged', '--quiet'], {}, {}, 'the command line has further options or arguments'],
    [['hook', 'pre-commit', 'x'], {}, {}, 'the command line has further options or arguments'],
    [['staged'], { 'oakum.yaml': 'version: 1\n' }, {}, 'the repository has an oakum.yaml'],
    [['staged'], {}, { OAKUM_CONFIG: 'other.yaml' }, 'OAKUM_CONFIG is set'],
    [
      ['staged'],
      { 'oakum.allow': 'not JSON\n' },
      {},
      'oakum.allow or oakum.baseline cannot be used as it is',
    ],
    [
      ['hook', 'pre-commit'],
      { 'a.ini': `aws_secret_access_key = ${awsPair(2801).secret}\n` },
      {},
      'a rule matches a staged file',
    ],
  ] as const)('of %j says on stderr why a full scan runs', async (words, files, env, reason) => {
    const repo = Repo.staged({ 'src/app.ts': 'export {}\n', ...files })
    const command = words.slice(0, words[0] === 'hook' ? 2 : 1).join(' ')
    expect(await outcomeOf(runFastPath, [...words, '--verbose'], repo, env)).toEqual({
      code: undefined,
      out: '',
      err: `oakum: ${command}: full scan, because ${reason}\n`,
    })
  })

  test.each([
    [['scan', '--verbose']],
    [['hook', 'commit-msg', '--verbose']],
    [['staged', '--verbose', '--help']],
  ])('of %j says nothing, as no fast path exists for it', async (argv) => {
    const repo = Repo.staged({ 'src/app.ts': 'export {}\n' })
    expect(await outcomeOf(runFastPath, argv, repo)).toEqual({ code: undefined, out: '', err: '' })
  })
})
