import { spawnSync } from 'node:child_process'
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { run } from '../../src/cli/process/main.ts'
import { formatNames, reportFormats } from '../../src/report/report-formats.ts'
import { reporters } from '../../src/report/reporters.ts'
import { fakeIo } from '../support/io.ts'
import { bounded, fakeScan, resultOf, secretText } from './results.ts'

let cwd = ''
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'oakum-'))
})

async function outcome(
  words: string,
  ioFields: Omit<Parameters<typeof fakeIo>[0], 'argv'> = {},
  result = resultOf(['high']),
) {
  const io = fakeIo({ argv: words.split(' '), cwd, ...ioFields })
  const overrides = fakeScan(result)
  const exitCode = await run(io, overrides)
  return { exitCode, out: io.out(), err: io.err(), scans: overrides.calls.length }
}

function read(name: string): string {
  return readFileSync(join(cwd, name), 'utf8')
}

describe('formats and outputs', () => {
  test('writes one format to stdout', async () => {
    const { out, err } = await outcome('scan --format json')
    expect(JSON.parse(out)).toMatchObject({ schema: 1, findings: [{ severity: 'high' }] })
    expect(err).toBe('')
  })

  test('writes text without --format', async () => {
    expect((await outcome('scan')).out).toContain('AWS access key')
  })

  test('pairs the nth output with the nth format, and writes the remaining one to stdout', async () => {
    const { out } = await outcome(
      'scan --format json --output a.json --format jsonl --output b.jsonl --format text',
    )
    expect(JSON.parse(read('a.json'))).toHaveProperty('schema', 1)
    expect(read('b.jsonl').trimEnd().split('\n')).toHaveLength(2)
    expect(out).toContain('AWS access key')
  })

  test('writes text to one --output without --format', async () => {
    const { out, err } = await outcome('scan --output report.txt')
    expect([out, err]).toEqual(['', `oakum: 1 finding; see ${join(cwd, 'report.txt')}\n`])
    expect(read('report.txt')).toContain('AWS access key')
  })

  test.each(formatNames)(
    '%s is written to a file, the time and the folder named where the format has them, and never a secret',
    async (format) => {
      await outcome(`scan --format ${format} --output report`)
      expect(read('report').length).toBeGreaterThan(50)
      expect(read('report')).not.toContain(secretText)
      if (format === 'junit') expect(read('report')).toContain(`of ${basename(cwd)}"`)
      if (format === 'gitlab')
        expect(
          Math.abs(Date.parse(`${JSON.parse(read('report')).scan.end_time}Z`) - Date.now()),
        ).toBeLessThan(60_000)
    },
  )

  test.each(formatNames)(
    '%s is the same in the library and when it is loaded by the command line',
    async (format) => {
      expect(await reportFormats[format].load()).toBe(reporters[format])
    },
  )

  test('writes to stdout with --output -', async () => {
    const { out } = await outcome('scan --format json --output - --format text', {}, resultOf())
    expect(out).toBe('')
    expect((await outcome('scan --format json --output -')).out).toContain('"schema": 1')
  })

  test('does not mention the files with --quiet', async () => {
    expect((await outcome('scan --output report.txt --quiet')).err).toBe('')
  })

  test('writes files without colours', async () => {
    await outcome('scan --output report.txt', { stdoutIsTTY: true })
    expect(read('report.txt')).not.toContain('\u001B')
  })

  test.each([
    ['a terminal', {}, true, true],
    ['a pipe', {}, false, false],
    ['NO_COLOR', { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR', { NO_COLOR: '' }, true, true],
    ['FORCE_COLOR', { FORCE_COLOR: '1' }, false, true],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
    ['NO_COLOR and FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['a dumb terminal', { TERM: 'dumb' }, true, false],
  ])('--color auto follows %s', async (_, env, stdoutIsTTY, expected) => {
    expect((await outcome('scan', { env, stdoutIsTTY })).out.includes('\u001B[')).toBe(expected)
  })

  test.each([
    ['always', { NO_COLOR: '1' }, true],
    ['never', { FORCE_COLOR: '1' }, false],
  ])('--color %s overrides the environment', async (choice, env, expected) => {
    expect((await outcome(`scan --color ${choice}`, { env })).out.includes('\u001B[')).toBe(
      expected,
    )
  })
})

describe('output files', () => {
  test.each([
    [
      'a symbolic link',
      () => symlinkSync(join(cwd, 'other'), join(cwd, 'out')),
      'out',
      'it is a symbolic link',
    ],
    ['a folder', () => mkdirSync(join(cwd, 'out')), 'out', 'it is a folder'],
    ['in a folder that is missing', () => undefined, 'no/out', 'its folder does not exist'],
    ['in a file', () => writeFileSync(join(cwd, 'no'), ''), 'no/out', 'its folder is not a folder'],
  ])('are refused before the scan: %s', async (_, prepare, name, reason) => {
    prepare()
    expect(await outcome(`scan --output ${name}`)).toEqual({
      exitCode: 2,
      out: '',
      err: `oakum: cannot write ${join(cwd, name)}: ${reason}\n`,
      scans: 0,
    })
  })

  test.runIf(process.platform === 'linux')('may be devices, stdout and FIFOs', async () => {
    const none = await outcome('scan --output /dev/null')
    expect([none.out, none.err]).toEqual(['', 'oakum: 1 finding; see /dev/null\n'])
    expect((await outcome('scan --output /dev/stdout')).out).toContain('1 secret found.')
    spawnSync('mkfifo', [join(cwd, 'out')])
    const fifo = openSync(join(cwd, 'out'), constants.O_RDWR)
    expect((await outcome('scan --output out')).err).toContain('1 finding; see')
    const bytes = Buffer.alloc(9999)
    expect(bytes.toString('utf8', 0, readSync(fifo, bytes))).toContain('1 secret found.')
    closeSync(fifo)
    expect((await outcome('scan --output /dev/full')).err).toContain('is not a regular file')
  })

  test('do not follow a link that appears during the scan', async () => {
    writeFileSync(join(cwd, 'victim'), 'untouched')
    const io = fakeIo({ argv: ['scan', '--output', 'out'], cwd })
    const exitCode = await run(io, {
      scan: async () => {
        symlinkSync(join(cwd, 'victim'), join(cwd, 'out'))
        return resultOf()
      },
    })
    expect([exitCode, read('victim')]).toEqual([2, 'untouched'])
  })

  test('replace an older report, and leave no temporary file', async () => {
    writeFileSync(join(cwd, 'out'), 'old')
    await outcome('scan --output out')
    expect(read('out')).toContain('AWS access key')
    expect(readdirSync(cwd)).toEqual(['out'])
  })

  test.skipIf(process.platform === 'win32')(
    'are for their owner only when they hold secrets',
    async () => {
      await outcome('scan --output open')
      await outcome('scan --output closed --show-secrets --force')
      expect(statSync(join(cwd, 'open')).mode & 0o600).toBe(0o600)
      expect(statSync(join(cwd, 'closed')).mode & 0o777).toBe(0o600)
      expect(read('closed')).toContain(secretText)
    },
  )
})

describe('--show-secrets', () => {
  test.each([
    ['a pipe', 'scan --show-secrets', {}, false],
    ['a terminal', 'scan --show-secrets', { stdoutIsTTY: true }, true],
    ['a terminal in CI', 'scan --show-secrets', { stdoutIsTTY: true, env: { CI: 'true' } }, false],
    [
      'a terminal with CI=false',
      'scan --show-secrets',
      { stdoutIsTTY: true, env: { CI: 'false' } },
      true,
    ],
    ['a pipe, forced', 'scan --show-secrets --force', {}, true],
    ['CI, forced', 'scan --show-secrets --force', { env: { CI: '1' } }, true],
  ])('on %s', async (_, words, ioFields, shown) => {
    const { exitCode, out, err, scans } = await outcome(words, ioFields)
    expect([exitCode, out.includes(secretText), scans]).toEqual(
      shown ? [1, true, 1] : [2, false, 0],
    )
    expect(err).not.toContain(secretText)
  })

  test.each([
    '',
    ' --format json',
    ' --format jsonl',
    ' --verbose --all-origins --show-suppressed',
    ' --force',
  ])('without it no report contains a secret:%s', async (more) => {
    const { out, err } = await outcome(`scan${more}`, { stdoutIsTTY: true, stderrIsTTY: true })
    expect(out + err).not.toContain(secretText)
  })
})

test('--show-secrets warns about formats that never show secrets', async () => {
  const { err } = await outcome(
    'scan --show-secrets --force --format sarif --output a --format html --output b --format text --quiet',
  )
  expect(err).toBe('oakum: secrets are shown in text, json, jsonl only, not in sarif, html\n')
  expect(read('a') + read('b')).not.toContain(secretText)
})

describe('--verbose', () => {
  test('lists on stderr what was read, with which tools, and each skip', async () => {
    const { err } = await outcome(
      'scan --verbose',
      {},
      resultOf([], { skipped: [bounded], bytes: 1234 }),
    )
    expect(err).toMatch(/^oakum: read 2 blobs, 0 trees, 0 commits, 0 tags: 1234 bytes in 12 ms\n/)
    expect(err).toContain('oakum: git 2.39.5, rules 00 (1)\n')
    expect(err).toContain('oakum: skipped (bounded) big.bin: too-large\n')
  })

  test('removes secrets and control characters from paths', async () => {
    const skip = { ...bounded, path: { text: `dumps/${secretText}\u001B[2J.sql` } }
    const { err } = await outcome('scan --verbose', {}, resultOf(['high'], { skipped: [skip] }))
    expect(err).toContain('skipped (bounded) dumps/')
    expect(err).not.toContain(secretText)
    expect(err).not.toContain('\u001B')
  })
})

test('a report that cannot be written does not prevent the one on stdout', async () => {
  const io = fakeIo({
    argv: ['scan', '--format', 'json', '--output', 'sub/a', '--format', 'text'],
    cwd,
  })
  mkdirSync(join(cwd, 'sub'))
  const exitCode = await run(io, {
    scan: async () => {
      mkdirSync(join(cwd, 'sub/a'))
      return resultOf(['high'])
    },
  })
  expect([exitCode, io.err()]).toEqual([
    2,
    `oakum: cannot write ${join(cwd, 'sub/a')}: it is a folder\n`,
  ])
  expect(io.out()).toContain('AWS access key')
  expect(existsSync(join(cwd, 'sub/a'))).toBe(true)
})
