import { describe, expect, test } from 'vitest'
import { run } from '../../src/cli/process/main.ts'
import { fakeIo } from '../support/io.ts'
import { fakeScan } from './results.ts'

async function refusal(argv: readonly string[], env: Record<string, string> = {}) {
  const io = fakeIo({ argv, env })
  const overrides = fakeScan()
  const exitCode = await run(io, overrides)
  return { exitCode, err: io.err(), out: io.out(), scans: overrides.calls.length }
}

describe('a usage error is one line, exits 2 and scans nothing', () => {
  test.each<[string, string]>([
    ['stagd', 'unknown command stagd; did you mean staged?'],
    ['hsitory', 'unknown command hsitory; did you mean history?'],
    ['frobnicate', 'unknown command frobnicate; see oakum --help'],
    ['help stagd', 'unknown command stagd; did you mean staged?'],
    ['--quiet', 'no command given; see oakum --help'],
    ['--fromat json', 'unknown option --fromat; did you mean --format?'],
    ['scan --fromat json', 'unknown option --fromat; did you mean --format?'],
    ['scan --fromat=json', 'unknown option --fromat; did you mean --format?'],
    ['scan --failon high', 'unknown option --failon; did you mean --fail-on?'],
    ['scan --colour never', 'unknown option --colour; did you mean --color?'],
    ['scan --frobnicate', 'unknown option --frobnicate; see oakum --help'],
    ['scan --no-quiet', 'unknown option --no-quiet; did you mean --quiet?'],
    ['scan --paths x', 'unknown option --paths; did you mean --path?'],
    ['scan --path x', 'scan does not take --path; allow does'],
    ['scan -z', 'unknown option -z; see oakum --help'],
    ['scan -5', 'unknown option -5; see oakum --help'],
    ['scan --__proto__ x', 'unknown option --___proto___; see oakum --help'],
    ['scan --constructor x', 'unknown option --constructor; see oakum --help'],
    ['staged --since yesterday', 'staged does not take --since; history does'],
    ['history --no-git', 'history does not take --no-git; scan, verify do'],
    ['history --shard 5/4', '--shard takes i/n, such as 1/4 to 4/4 with n up to 1024, not "5/4"'],
    [
      'history --shard 1/4 --verify=yes',
      'a shard cannot be verified: merge the reports of all shards, then run oakum verify on the result',
    ],
    ['merge', 'merge needs <report..>'],
    [
      'completion --output x',
      'completion does not take --output; scan, staged, range, history, stdin, verify, merge, audit, import, plan do',
    ],
    ['staged a', 'staged takes no arguments; unexpected "a"'],
    ['history a b', 'history takes [repo]; unexpected "b"'],
    ['range', 'range needs <base>..<head>, or --stdin'],
    ['range a..b --stdin', 'range takes a..b or --stdin, not both'],
    ['hook', 'hook needs <hook>'],
    [
      'hook post-commit',
      'hook takes pre-commit, pre-merge-commit, commit-msg, pre-push, pre-receive, not "post-commit"',
    ],
    ['range main', 'range takes <base>..<head>, not "main"'],
    ['range a..b c', 'range takes [base..head]; unexpected "c"'],
    ['scan --quiet=yes', '--quiet takes no value'],
    ['scan --format', '--format needs a value'],
    ['scan --since= x', 'scan does not take --since; history does'],
    ['history --since=', '--since needs a value'],
    ['scan --output=', '--output needs a value'],
    [
      'scan --format xml',
      '--format cannot be "xml"; it takes "text", "json", "jsonl", "sarif", "html", "markdown", "csv", "junit", "gitlab", "github"',
    ],
    [
      'scan --fail-on none',
      '--fail-on cannot be "none"; it takes "low", "medium", "high", "critical"',
    ],
    ['scan --color yes', '--color cannot be "yes"; it takes "auto", "always", "never"'],
    ['scan --rules a,,b', '--rules takes comma-separated ids, families or providers'],
    ['scan --jobs 0', '--jobs takes a whole number from 1 to 256, not "0"'],
    ['scan --jobs many', '--jobs takes a whole number from 1 to 256, not "many"'],
    [
      'scan --max-blob-size 10q',
      '--max-blob-size takes a size such as 4096, 10k, 10m or 1g, not "10q"',
    ],
    [
      'scan --deadline 1d',
      '--deadline takes a time such as 90, 30s, 5m or 1h, up to 24 days, not "1d"',
    ],
    ['scan --output a --output b', '2 --output, but 1 --format: each output needs a format'],
    [
      'scan --format json --format text',
      'only one report can go to stdout: give the others --output FILE',
    ],
    ['scan --format json --format text --output a --output ./a', '--output /a is given twice'],
    [
      'scan --show-secrets',
      '--show-secrets is refused when stdout is not a terminal; add --force if you mean it',
    ],
    ['rules', 'rules needs an action: list, show ID, check [FILE..] or explain FILE'],
    ['rules shwo', 'rules does not know shwo; did you mean show?'],
    [
      'rules frobnicate',
      'rules does not know frobnicate; it takes list, show ID, check [FILE..] or explain FILE',
    ],
    ['rules show', 'rules show needs a rule id; see oakum rules list'],
    ['rules list a', 'rules list takes no id; did you mean oakum rules show a?'],
    ['rules list --format jsonl', 'rules writes text or json, not jsonl'],
    ['completion tcsh', 'no completion for tcsh; supported are bash, zsh and fish'],
    ['completion bsh', 'no completion for bsh; did you mean bash?'],
    ['completion', 'completion needs a shell: bash, zsh or fish'],
  ])('oakum %s', async (words, message) => {
    expect(await refusal(words.split(' '))).toEqual({
      exitCode: 2,
      err: `oakum: ${message}\n`,
      out: '',
      scans: 0,
    })
  })

  test('for an empty argument, which could mean everything', async () => {
    expect((await refusal(['scan', ''])).err).toBe('oakum: scan was given an empty argument\n')
  })

  test('with control characters escaped', async () => {
    expect((await refusal(['sc\u001Ban'])).err).toBe(
      `oakum: ${String.raw`unknown command sc\x1ban`}; did you mean scan?\n`,
    )
  })

  test('in English, whatever the language of the environment', async () => {
    const before = process.env['LC_ALL']
    process.env['LC_ALL'] = 'fr_FR.UTF-8'
    try {
      expect((await refusal(['scan', '--frobnicate'])).err).toContain('unknown option')
      expect((await refusal(['scan', '--format', 'x'])).err).toContain('cannot be')
    } finally {
      if (before === undefined) delete process.env['LC_ALL']
      else process.env['LC_ALL'] = before
    }
  })
})
