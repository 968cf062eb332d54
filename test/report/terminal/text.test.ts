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

describe('the text report', () => {
  test('matches the reviewed snapshot for a hostile result at 80 columns', async () => {
    await expect(text).toMatchFileSnapshot('../../snapshots/report.txt')
  })

  test('stays within 80 columns, except for commands', () => {
    const long = textReport(hostileResult, everything)
      .split('\n')
      .filter((line) => widthOf(line) > 80)
    for (const line of long) expect(line).toMatch(/`(aws|git) [^`]+`/)
  })

  test('lists findings with their severities, worst first', () => {
    expect(
      lines.filter((line) => /^[A-Z]+ {2}/.test(line)).map((line) => line.split(' ')[0]),
    ).toEqual(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'LOW'])
  })

  test('shows places, their count, and the first and last commit', () => {
    expect(text).toMatch(
      /where +<\/script>.*\.env:3:19 in 1ccccccc\n +in 40 places, last .*:3:19 in 28cccccc\n +first +3f2a9c1d 2023-02-11 .*<ann@example.com>\n +last +9be01c22 2024-05-01 Bo/,
    )
  })

  test('lists every place on request', () => {
    expect(textReport(hostileResult, everything).match(/:3:19 in \w{8} secret$/gm)).toHaveLength(40)
  })

  test('takes the path of a blob from the commit that introduced it', () => {
    const one = finding({
      places: [place({ kind: 'commit', object: 'a'.repeat(40) })],
      attribution: attribution({ first: { ...attribution().first!, path: { text: 'src/a.ts' } } }),
    })
    expect(reportOf({ findings: [one] })).toContain('src/a.ts:3:19')
  })

  test('contains the verification, and the commit that removed the secret', () => {
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

  test('contains the explanation only when verbose', () => {
    expect(text).not.toContain('joined to the id')
    expect(textReport(hostileResult, everything)).toContain(
      'explanation  pattern of aws-access-key',
    )
  })
})

describe('its exposure texts', () => {
  test.each([
    ['published', true, 'published: assume it has leaked, and rotate it. It is in HEAD.'],
    [
      'published',
      false,
      'published: assume it has leaked, and rotate it. It is not in HEAD, but it is in history.',
    ],
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

  test('of a staged file, which has no attribution', () => {
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
    ['clean despite bounded skips', { receipt: bounded }, 'No secrets found.'],
    [
      'clean, but says that limits cut archives',
      {
        receipt: {
          ...cleanResult.receipt,
          skipped: [
            { outcome: 'bounded', reason: 'archive-ratio' },
            { outcome: 'bounded', reason: 'archive-encrypted' },
            { outcome: 'bounded', reason: 'archive-size', count: 2 },
          ] as const,
        },
      },
      'No secrets found. 3 archives exceeded a limit and were not unpacked whole.',
    ],
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

  test('is omitted when quiet, unless the scan is incomplete', () => {
    expect(reportOf({}, { quiet: true })).toBe('')
    expect(reportOf({ receipt: failed }, { quiet: true })).toMatch(/^Incomplete: .*\n$/)
    expect(reportOf({ findings: [finding()] }, { quiet: true })).not.toContain('found')
  })
})

describe('its summary', () => {
  test('contains the amount scanned and the rate', () => {
    expect(text).toContain('1,234 blobs, 56 trees, 12 commits, 1 tag in\n')
    expect(text.replaceAll(/\s+/g, ' ')).toContain('12.3 MB, in 1.2 s (10.0 MB/s, with cat-file)')
  })

  test('says that nothing is staged', () => {
    expect(reportOf({ receipt: { ...cleanResult.receipt, blobs: 0, bytes: 0 } })).toContain(
      'nothing is staged',
    )
  })

  test('counts failed skips and lists ten of them, or all when verbose', () => {
    expect(lines.filter((line) => line.includes('missing: object'))).toHaveLength(10)
    expect(text).toMatch(
      /not read +25: 23 missing, 1 git error, 1 unreadable\n(.*\n){10} +and 15 more\n/,
    )
    expect(textReport(hostileResult, everything).match(/missing: object/g)).toHaveLength(11)
  })

  test('counts suppressed candidates, and lists them on request', () => {
    expect(text).toContain('3: 2 placeholder, 1 inline (--show-suppressed lists them)')
    expect(text).not.toContain('says that it is to be changed')
    expect(textReport(hostileResult, everything)).toContain(
      'placeholder: says that it is to be changed',
    )
  })
})

describe('every report', () => {
  test.each(Object.entries(reporters))('contains no secret: %s', (_format, report) => {
    for (const options of [{ version }, everything, { ...everything, colour: true, columns: 40 }]) {
      const shown = report(hostileResult, options)
      for (const secret of forbidden) expect(shown).not.toContain(secret)
    }
  })

  test('contains whole secrets on request', () => {
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
  test.each([false, true])(
    'no text of a repository is executed, secrets shown: %s',
    (showSecrets) => {
      expect(
        textReport(hostileResult, { ...everything, showSecrets }).replaceAll('\n', ''),
      ).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
    },
  )

  test('colours change nothing else', () => {
    const coloured = textReport(hostileResult, { ...everything, colour: true })
    expect(coloured).not.toBe(stripVTControlCharacters(coloured))
    expect(stripVTControlCharacters(coloured)).toMatch(/^CRITICAL/)
    const trimmed = stripVTControlCharacters(coloured).replaceAll(/ +$/gm, '')
    expect(trimmed).toBe(textReport(hostileResult, everything))
    expect(coloured.replaceAll(/\u001B\[\d+m/g, '').replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })

  test('no file name makes a line a workflow command of GitHub Actions', () => {
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
