import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../../src/cli/process/main.ts'
import { ScanError, UsageError } from '../../../src/model/errors.ts'
import type { Target } from '../../../src/model/target.ts'
import { fakeIo } from '../../support/io.ts'
import { bounded, failed, fakeScan, resultOf, secretText } from '../results.ts'

async function outcome(
  argv: readonly string[],
  given: Omit<Parameters<typeof fakeIo>[0], 'argv'> = {},
  doors = fakeScan(),
) {
  const io = fakeIo({ argv, ...given })
  const exitCode = await run(io, doors)
  return { exitCode, out: io.out(), err: io.err(), calls: doors.calls }
}

const failing = (error: unknown) => ({ calls: [], scan: () => Promise.reject(error) })

describe('commands', () => {
  test.each<[string, Target]>([
    ['scan', { name: 'scan' }],
    ['scan a b', { name: 'scan', paths: ['a', 'b'] }],
    [
      'scan 12 1e3 help completion true -',
      { name: 'scan', paths: ['12', '1e3', 'help', 'completion', 'true', '-'] },
    ],
    ['scan --quiet true', { name: 'scan', paths: ['true'] }],
    ['--quiet scan a', { name: 'scan', paths: ['a'] }],
    ['scan a -- -b --quiet', { name: 'scan', paths: ['a', '-b', '--quiet'] }],
    ['scan --no-git', { name: 'scan', git: false }],
    ['staged', { name: 'staged' }],
    ['range main..HEAD', { name: 'range', range: 'main..HEAD' }],
    ['history', { name: 'history' }],
    ['history ../other', { name: 'history', path: '../other' }],
    [
      'history --reachable --since yesterday --allow-shallow',
      { name: 'history', reachable: true, since: 'yesterday', allowShallow: true },
    ],
  ])('oakum %s scans its target', async (words, target) => {
    const { exitCode, err, calls } = await outcome(words.split(' '))
    expect({ exitCode, err, targets: calls.map((call) => call.target) }).toEqual({
      exitCode: 0,
      err: '',
      targets: [target],
    })
  })

  test('oakum stdin scans what comes through the pipe', async () => {
    const { calls } = await outcome(['stdin'], { stdin: [new Uint8Array([1, 2])] })
    const target = calls[0]!.target
    expect(target.name).toBe('stdin')
    const chunks: Uint8Array[] = []
    if (target.name === 'stdin') for await (const chunk of target.stream) chunks.push(chunk)
    expect(chunks).toEqual([new Uint8Array([1, 2])])
  })

  test('a scan gets the folder, the environment and the signal of its process, and the limits that were given', async () => {
    const signal = new AbortController().signal
    const env = { HOME: '/home/me' }
    const { calls } = await outcome(
      [
        'scan',
        '--jobs',
        '3',
        '--max-blob-size',
        '10k',
        '--deadline',
        '5m',
        '--rules',
        'aws, dotenv',
        '--rules=slack',
      ],
      { cwd: '/somewhere', env, signal },
    )
    expect(calls[0]!.options).toEqual({
      cwd: '/somewhere',
      env,
      signal,
      cache: true,
      jobs: 3,
      maxBlobBytes: 10_240,
      deadlineMs: 300_000,
      rules: ['aws', 'dotenv', 'slack'],
    })
  })

  test('without limits a scan gets none', async () => {
    const { calls } = await outcome(['scan'])
    expect(Object.keys(calls[0]!.options).sort()).toEqual(['cache', 'cwd', 'env', 'signal'])
  })

  test('of an option given twice the last counts', async () => {
    const { calls } = await outcome(['scan', '--jobs', '3', '--jobs', '4'])
    expect(calls[0]!.options.jobs).toBe(4)
  })
})

describe('exit codes', () => {
  test.each([
    ['nothing was found', resultOf(), '', 0],
    ['a finding is at the default of --fail-on', resultOf(['medium']), '', 1],
    ['a finding is under the default of --fail-on', resultOf(['low']), '', 0],
    ['a finding is above --fail-on', resultOf(['critical']), '--fail-on high', 1],
    ['a finding is under --fail-on', resultOf(['high']), '--fail-on critical', 0],
    ['a low finding counts', resultOf(['low']), '--fail-on low', 1],
    ['something failed', resultOf([], { complete: false, skipped: [failed] }), '', 3],
    [
      'something failed, and a finding counts',
      resultOf(['high'], { complete: false, skipped: [failed] }),
      '',
      1,
    ],
    ['a limit was met', resultOf([], { skipped: [bounded] }), '', 0],
    [
      'a limit was met, with --strict-coverage',
      resultOf([], { skipped: [bounded] }),
      '--strict-coverage',
      3,
    ],
  ])('when %s', async (_, result, words, expected) => {
    const { exitCode } = await outcome(
      ['scan', ...words.split(' ').filter(Boolean)],
      {},
      fakeScan(result),
    )
    expect(exitCode).toBe(expected)
  })

  test.each([0, 1, 3])('--output does not change exit code %i', async (expected) => {
    const result = [resultOf(), resultOf(['high']), null, resultOf([], { complete: false })][
      expected
    ]!
    const cwd = mkdtempSync(join(tmpdir(), 'oakum-'))
    const { exitCode } = await outcome(
      ['scan', '--output', 'report.txt'],
      { cwd },
      fakeScan(result),
    )
    expect(exitCode).toBe(expected)
  })

  test('130 when it was interrupted, and what was found until then is reported', async () => {
    const stop = new AbortController()
    const io = fakeIo({ argv: ['history'], signal: stop.signal })
    const exitCode = await run(io, {
      scan: async () => {
        stop.abort()
        return resultOf(['high'], {
          complete: false,
          skipped: [{ outcome: 'failed', reason: 'interrupted' }],
        })
      },
    })
    expect(exitCode).toBe(130)
    expect(io.out()).toContain('config/prod.env')
    expect(io.err()).toBe('oakum: interrupted: the report covers only what was read until then\n')
  })

  test('130 when the interruption made the scan throw', async () => {
    const stop = new AbortController()
    const io = fakeIo({ argv: ['history'], signal: stop.signal })
    const exitCode = await run(io, {
      scan: () => {
        stop.abort()
        return Promise.reject(new DOMException('stopped', 'AbortError'))
      },
    })
    expect([exitCode, io.err()]).toEqual([130, 'oakum: interrupted\n'])
  })
})

describe('errors', () => {
  test.each([
    ['the command line', new UsageError('no rule is called x'), 2, 'oakum: no rule is called x\n'],
    ['the target', new ScanError('not a repository: /tmp'), 3, 'oakum: not a repository: /tmp\n'],
    [
      'text that acts on a terminal',
      new ScanError('no ref \u001B[2J\nhere'),
      3,
      String.raw`oakum: no ref \x1b[2J\nhere` + '\n',
    ],
  ])('an expected one is one line: %s', async (_, error, code, text) => {
    const { exitCode, err } = await outcome(['scan'], {}, failing(error))
    expect({ exitCode, err }).toEqual({ exitCode: code, err: text })
  })

  test.each([[[]], [['--verbose']]])(
    'a bug never shows its message, which may quote a secret: %j',
    async (more) => {
      const { exitCode, err } = await outcome(
        ['scan', ...more],
        {},
        failing(new TypeError(`${secretText} is not\n    at ${secretText} all`)),
      )
      expect(exitCode).toBe(3)
      expect(err).toContain('oakum: TypeError: this is a bug in oakum')
      expect(err).not.toContain(secretText)
      expect(err.includes('\n    at ')).toBe(more.length > 0)
    },
  )

  test('what is thrown and no error is a bug too', async () => {
    const { exitCode, err } = await outcome(['scan', '--verbose'], {}, failing(secretText))
    expect([exitCode, err]).toEqual([3, 'oakum: string: this is a bug in oakum\n'])
  })
})

describe('help and version', () => {
  test('oakum alone shows its help, and that nothing was done', async () => {
    const { exitCode, out, err } = await outcome([])
    expect([exitCode, out]).toEqual([2, ''])
    expect(err).toContain('Usage: oakum <command>')
  })

  test.each([
    '--help',
    '-h',
    'help',
    'scan --help',
    'scan -h',
    'help scan',
    'range --help',
    'rules --help',
  ])('oakum %s shows help of at most 80 columns', async (words) => {
    const { exitCode, out, err, calls } = await outcome(words.split(' '))
    expect([exitCode, err, calls]).toEqual([0, '', []])
    expect(out).toContain(`Usage: oakum ${words.match(/scan|range|rules/)?.[0] ?? '<command>'}`)
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  test('the help of a command does not show the options of others', async () => {
    expect((await outcome(['staged', '--help'])).out).not.toMatch(
      /--(since|reachable|no-git|allow-shallow)\b/,
    )
    expect((await outcome(['history', '--help'])).out).toContain('--since')
  })

  test('oakum --version says the version of package.json', async () => {
    const { exitCode, out } = await outcome(['--version'])
    const manifest = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'),
    )
    expect([exitCode, out]).toEqual([0, `${manifest.version}\n`])
  })
})
