import { describe, expect, test } from 'vitest'
import { runQuickly } from '../../../src/cli/process/quick.ts'
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
  main: typeof runQuickly,
  argv: readonly string[],
  { path }: Repo,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const io = fakeIo({ argv, cwd: path, env: { ...isolatedEnv, ...env } })
  const code = await main(io)
  // Times and readers differ.
  return {
    code,
    out: io.out().replace(/in [\d.]+ m?s\b[^\n]*(\n +[^\n]*)?/g, 'in so many ms'),
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
  ] as const)('%s is told the same quickly and wholly', async (_what, files) => {
    const repo = Repo.staged({ 'src/app.ts': "const password = read('secret')\n", ...files })
    expect(await outcomeOf(runQuickly, ['staged'], repo)).toEqual(
      await outcomeOf(run, ['staged'], repo),
    )
    expect(await outcomeOf(runQuickly, ['hook', 'pre-commit'], repo)).toEqual({
      code: 0,
      out: '',
      err: '',
    })
    expect(await outcomeOf(runQuickly, ['hook', 'pre-merge-commit'], repo)).toEqual({
      code: 0,
      out: '',
      err: '',
    })
  })

  test.each([
    ['options', ['staged', '--verbose'], {}, {}],
    ['a word too many', ['hook', 'pre-commit', 'x'], {}, {}],
    ['another hook', ['hook', 'commit-msg'], {}, {}],
    ['another command', ['scan'], {}, {}],
    ['no command', [], {}, {}],
    ['a configuration', ['staged'], { 'oakum.yaml': 'version: 1\n' }, {}],
    ['a configuration that a variable names', ['staged'], {}, { OAKUM_CONFIG: 'other.yaml' }],
    ['entries that are wrong', ['staged'], { 'oakum.allow': 'not JSON\n' }, {}],
    ['a finding', ['staged'], { 'a.ini': `aws_secret_access_key = ${awsPair(2800).secret}\n` }, {}],
  ] as const)('is left to the whole program with %s', async (_what, argv, files, env) => {
    const repo = Repo.staged({ 'src/app.ts': 'export {}\n', ...files })
    expect(await outcomeOf(runQuickly, argv, repo, env)).toEqual({
      code: undefined,
      out: '',
      err: '',
    })
  })
})
