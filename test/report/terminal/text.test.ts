import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { ScanResult } from '../../../src/model/outcome.ts'
import { widthOf } from '../../../src/report/terminal/fit.ts'
import { reporters } from '../../../src/report/reporters.ts'
import { textReport } from '../../../src/report/terminal/text.ts'
import {
  attribution,
  cleanResult,
  finding,
  forbidden,
  hostileResult,
  place,
  secrets,
} from '../../support/result.ts'

const version = '0.1.0'
const everything = { version, allOrigins: true, showSuppressed: true, verbose: true }
const text = textReport(hostileResult, { version })
const lines = text.split('\n')

function reportOf(fields: Partial<ScanResult>, options = {}): string {
  return textReport({ ...cleanResult, ...fields }, { version, ...options })
}

describe('the report for people', () => {
  test('is, of a hostile result at 80 columns, what was read in review', async () => {
    await expect(text).toMatchFileSnapshot('../../snapshots/report.txt')
  })

  test('stays within 80 columns but for commands', () => {
    const long = textReport(hostileResult, everything)
      .split('\n')
      .filter((line) => widthOf(line) > 80)
    for (const line of long) expect(line).toMatch(/`(aws|git) [^`]+`/)
  })

  test('names each severity in words, worst first', () => {
    expect(
      lines.filter((line) => /^[A-Z]+ {2}/.test(line)).map((line) => line.split(' ')[0]),
    ).toEqual(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'LOW'])
  })

  test('says where, how often, since when and by whom', () => {
    expect(text).toMatch(
      /where +<\/script>.*\.env:3:19 in 1ccccccc\n +in 40 places, last .*:3:19 in 28cccccc\n +first +3f2a9c1d 2023-02-11 .*<ann@example.com>\n +last +9be01c22 2024-05-01 Bo/,
    )
  })

  test('lists every place when asked to', () => {
    expect(textReport(hostileResult, everything).match(/:3:19 in \w{8} secret$/gm)).toHaveLength(40)
  })

  test('names a blob by the commit that brought it in', () => {
    const one = finding({
      places: [place({ kind: 'commit', object: 'a'.repeat(40) })],
      attribution: attribution({ first: { ...attribution().first!, path: { text: 'src/a.ts' } } }),
    })
    expect(reportOf({ findings: [one] })).toContain('src/a.ts:3:19')
  })

  test('says what the provider answered, and which commit took it out', () => {
    const identity = {
      account: '123456789012',
      arn: 'arn:aws:iam::123456789012:user/deploy',
      userId: 'AIDA',
      kind: 'user',
    } as const
    const removed = { commit: 'c'.repeat(40), author: 'Bo', date: '2025-01-01T00:00:00Z' }
    const report = reportOf({
      findings: [
        finding({
          verification: { status: 'live', identity },
          attribution: attribution({ removed }),
        }),
      ],
    })
    expect(report).toMatch(/removed +cccccccc 2025-01-01 Bo\n/)
    expect(report).toMatch(/verified +live, user arn:aws:iam::123456789012:user\/deploy\n/)
    expect(text).not.toContain('verified')
  })

  test('explains when verbose, and not otherwise', () => {
    expect(text).not.toContain('joined to the id')
    expect(textReport(hostileResult, everything)).toContain(
      'explanation  pattern of aws-access-key',
    )
  })
})

describe('what it says of exposure', () => {
  test.each([
    ['published', true, 'published: assume it has leaked, and rotate it. It is in HEAD.'],
    ['published', false, 'published: assume it has leaked, and rotate it. It is not in HEAD, but it is in history.'],
    ['pending', true, 'pending: your next push would publish it. It is in HEAD.'],
    ['local', false, 'local: only in this clone. It is not in HEAD.'],
  ] as const)('of %s, in HEAD %s', (exposure, inHead, words) => {
    expect(
      reportOf(
        { findings: [finding({ attribution: attribution({ exposure, inHead }) })] },
        { columns: 200 },
      ),
    ).toContain(words)
  })

  test('of a staged file, which history does not know', () => {
    expect(
      reportOf({
        findings: [finding({ places: [place({ kind: 'index', path: { text: 'a' } })] })],
      }),
    ).toContain('staged: your next commit would include it')
  })
})

describe('its verdict', () => {
  const failed = {
    ...cleanResult.receipt,
    complete: false,
    skipped: [{ outcome: 'failed', reason: 'missing' }] as const,
  }
  const bounded = {
    ...cleanResult.receipt,
    skipped: [{ outcome: 'bounded', reason: 'submodule', path: { text: 'vendor' } }] as const,
  }

  test.each([
    ['clean only when everything was read', {}, 'No secrets found.'],
    ['clean though something agreed on was left out', { receipt: bounded }, 'No secrets found.'],
    [
      'incomplete though nothing was found',
      { receipt: failed },
      'Incomplete: 1 item could not be read; no secrets found in the rest.',
    ],
    [
      'incomplete and with findings',
      { receipt: failed, findings: [finding()] },
      'Incomplete: 1 item could not be read; 1 secret found in the rest.',
    ],
    ['the number of findings', { findings: [finding(), finding()] }, '2 secrets found.'],
  ])('is %s', (_name, fields, verdict) => {
    expect(reportOf(fields).trimEnd().split('\n').at(-1)).toBe(verdict)
  })

  test('is left out when quiet, unless the scan is incomplete', () => {
    expect(reportOf({}, { quiet: true })).toBe('')
    expect(reportOf({ receipt: failed }, { quiet: true })).toMatch(/^Incomplete: .*\n$/)
    expect(reportOf({ findings: [finding()] }, { quiet: true })).not.toContain('found')
  })
})

describe('its summary', () => {
  test('tells what was read, at which rate', () => {
    expect(text).toContain('1,234 blobs, 56 trees, 12 commits, 1 tag in\n')
    expect(text.replaceAll(/\s+/g, ' ')).toContain('12.3 MB, in 1.2 s (10.0 MB/s, with cat-file)')
  })

  test('says when there was nothing to read', () => {
    expect(reportOf({ receipt: { ...cleanResult.receipt, blobs: 0, bytes: 0 } })).toContain(
      'nothing is staged',
    )
  })

  test('lists ten of the skips that failed and counts all, and all when verbose', () => {
    expect(lines.filter((line) => line.includes('missing: object'))).toHaveLength(10)
    expect(text).toMatch(
      /not read +25: 23 missing, 1 git error, 1 unreadable\n(.*\n){10} +and 15 more\n/,
    )
    expect(textReport(hostileResult, everything).match(/missing: object/g)).toHaveLength(11)
  })

  test('counts what was suppressed, and lists it when asked to', () => {
    expect(text).toContain('3: 2 placeholder, 1 inline (--show-suppressed lists them)')
    expect(text).not.toContain('says that it is to be changed')
    expect(textReport(hostileResult, everything)).toContain(
      'placeholder: says that it is to be changed',
    )
  })
})

describe('every report', () => {
  test.each(Object.entries(reporters))('in %s tells no secret', (_format, report) => {
    for (const options of [{ version }, everything, { ...everything, colour: true, columns: 40 }]) {
      const shown = report(hostileResult, options)
      for (const secret of forbidden) expect(shown).not.toContain(secret)
    }
  })

  test('tells them whole when asked to', () => {
    const shown = textReport(hostileResult, { version, showSecrets: true })
    for (const secret of [
      secrets.id,
      secrets.key,
      secrets.token,
      secrets.temporaryId,
      secrets.lone,
    ])
      expect(shown).toContain(secret)
  })
})

describe('on a terminal', () => {
  test.each([false, true])('nothing of a repository acts, secrets shown: %s', (showSecrets) => {
    expect(
      textReport(hostileResult, { ...everything, showSecrets }).replaceAll('\n', ''),
    ).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
  })

  test('colours change nothing but colours', () => {
    const coloured = textReport(hostileResult, { ...everything, colour: true })
    expect(coloured).not.toBe(stripVTControlCharacters(coloured))
    expect(stripVTControlCharacters(coloured)).toMatch(/^CRITICAL/)
    const trimmed = stripVTControlCharacters(coloured).replaceAll(/ +$/gm, '')
    expect(trimmed).toBe(textReport(hostileResult, everything))
    expect(coloured.replaceAll(/\u001B\[\d+m/g, '').replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })

  test('no line is a command of GitHub Actions, whatever a file is called', () => {
    const places = ['a', '::error::x', '##[group]y'].map((name) =>
      place({ kind: 'file', path: { text: name } }),
    )
    const report = reportOf(
      { findings: [finding({ places: places as never })] },
      { allOrigins: true },
    )
    expect(report).toContain(String.raw`\x3a:error::x:3:19`)
    expect(report).not.toMatch(/^\s*::|##\[/m)
  })
})
