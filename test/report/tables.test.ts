/** Contents and size limits of the CSV, markdown and GitHub reports. */
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/model/model.ts'
import { csvReport } from '../../src/report/formats/csv.ts'
import { githubReport } from '../../src/report/formats/github.ts'
import { markdownReport } from '../../src/report/formats/markdown.ts'
import { manyFindings } from '../support/many.ts'
import { attribution, cleanResult, finding, hostileResult, place } from '../support/result.ts'

const version = '0.1.0'
const live = {
  status: 'live',
  reason: 'GetCallerIdentity',
  identity: {
    account: '123456789012',
    arn: 'arn:aws:iam::123456789012:user/deploy',
    userId: 'AIDA',
    kind: 'user',
  },
} as const
const one = finding({ verification: live, attribution: attribution({ inHead: true }) })

describe('the CSV report', () => {
  test('starts with a byte order mark and a header line, and ends lines as RFC 4180 requires', () => {
    const csv = csvReport({ ...cleanResult, findings: [one] }, { version })
    expect(csv).toMatch(/^\u{FEFF}severity,rule,title,/u)
    expect(csv.split('\r\n').map((line) => line.length > 0)).toEqual([true, true, false])
    expect(csv).toContain('"high","aws-access-key","AWS access key"')
    expect(csv).toContain('"live","GetCallerIdentity","arn:aws:iam::123456789012:user/deploy"')
  })

  test('is only a header line without findings, and marks an incomplete scan', () => {
    expect(csvReport(cleanResult, { version }).split('\r\n')).toHaveLength(2)
    expect(
      csvReport(
        { ...cleanResult, receipt: { ...cleanResult.receipt, complete: false } },
        { version },
      ),
    ).toMatch(
      /\r\n"incomplete","","Incomplete: not everything could be read; no secrets found in the rest\."/,
    )
  })
})

describe('markdown', () => {
  test('contains the rule, place, exposure, verification and steps of a finding', () => {
    const text = markdownReport({ ...cleanResult, findings: [one] }, { version })
    for (const words of [
      '## Oakum: 1 secret found.',
      '<code>config.ini:3</code>',
      '| published |',
      'arn:aws:iam::123456789012:user/deploy',
      '1. Rotate it first;',
      '### Receipt',
    ])
      expect(text).toContain(words)
  })

  test('stays within GitHub’s size limit, and counts the findings that do not fit', () => {
    const text = markdownReport(manyFindings(3500), { version })
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000)
    const rows = text.match(/^\| (\*\*critical|\*\*high|medium|low)/gm)?.length ?? 0
    expect(text).toContain(`**… and ${(3500 - rows).toLocaleString('en-US')} more findings`)
    expect(text).toContain('### Receipt')
  })

  test('warns if the scan is incomplete', () => {
    expect(markdownReport(hostileResult, { version })).toContain('> [!WARNING]')
    expect(markdownReport(cleanResult, { version })).toMatch(
      /^## Oakum: No secrets found\.\n\n### Receipt/,
    )
  })
})

/** Returns the level of each annotation, and other lines unchanged. */
function levels(text: string): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => /^::(\w+) /.exec(line)?.[1] ?? line)
}

function annotationOf(fields: Partial<Finding>): string | undefined {
  return githubReport({ ...cleanResult, findings: [finding(fields)] }, { version }).split('::')[1]
}

describe('annotations of GitHub', () => {
  test('are errors from the severity that fails the build, and warnings below', () => {
    expect(levels(githubReport(hostileResult, { version }))).toEqual([
      'error',
      'error',
      'error',
      'warning',
      'warning',
      'error',
      'Incomplete: 25 items could not be read; 5 secrets found in the rest.',
    ])
    expect(
      levels(githubReport(hostileResult, { version, failOn: 'critical' })).filter(
        (level) => level === 'error',
      ),
    ).toHaveLength(2)
  })

  test('are at most ten of a level, worst first, and one line counts the others', () => {
    const text = githubReport(manyFindings(300), { version, failOn: 'high' })
    expect(levels(text)).toEqual([
      ...Array.from({ length: 10 }, () => 'error'),
      ...Array.from({ length: 10 }, () => 'warning'),
      'notice',
      '300 secrets found.',
    ])
    expect(text.match(/title=critical%3A/g)).toHaveLength(10)
    expect(text).toContain('280 more findings')
    const incomplete = {
      ...manyFindings(100),
      receipt: { ...cleanResult.receipt, complete: false },
    }
    expect(
      levels(githubReport(incomplete, { version, failOn: 'low' })).filter(
        (level) => level === 'error',
      ),
    ).toHaveLength(10)
  })

  test('have a line only if the file still contains the secret', () => {
    expect(annotationOf({})).toMatch(
      /^error file=config\.ini,line=3,endLine=3,col=19,endColumn=59,title=/,
    )
    expect(annotationOf({ attribution: attribution({ inHead: false }) })).toMatch(/^error title=/)
    expect(
      annotationOf({
        places: [place({ kind: 'file', path: { text: 'a,b:c%.zip' }, member: 'x.ini' })],
      }),
    ).toMatch(/^error file=a%2Cb%3Ac%25\.zip,title=/)
  })
})
