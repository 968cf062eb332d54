import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { gitlabReport } from '../../../src/report/formats/gitlab.ts'
import { hostileNamed } from '../../support/hostile.ts'
import {
  attribution,
  cleanResult,
  finding,
  hostileResult,
  place,
  rule,
} from '../../support/result.ts'

const validate = new Ajv({ allErrors: true }).compile(
  JSON.parse(
    readFileSync(
      new URL('../../support/schemas/gitlab-secret-detection.json', import.meta.url),
      'utf8',
    ),
  ),
)
const options = { version: '0.1.0', endedAt: new Date('2026-11-22T12:00:00Z') }
const reportOf = (result: Parameters<typeof gitlabReport>[0]) =>
  JSON.parse(gitlabReport(result, options))

describe('the report for GitLab', () => {
  test.each([
    ['a clean result', cleanResult],
    ['a hostile result', hostileResult],
    ['hostile names', hostileNamed(8)],
  ])('matches the schema of GitLab: %s', (_name, result) => {
    expect(validate(reportOf(result)) ? [] : validate.errors).toEqual([])
  })

  test('has timestamps in UTC, without a zone', () => {
    expect(reportOf(hostileResult).scan).toMatchObject({
      start_time: '2026-11-22T11:59:58',
      end_time: '2026-11-22T12:00:00',
      status: 'failure',
    })
    expect(reportOf(cleanResult).scan).toMatchObject({ status: 'success', messages: [] })
  })

  test('names the commit that introduced a credential, or a placeholder if there is none', () => {
    const report = reportOf({
      ...cleanResult,
      findings: [
        finding(),
        finding({
          attribution: attribution(),
          places: [place({ kind: 'commit', path: { text: 'a.ini' }, commit: '9'.repeat(40) })],
        }),
      ],
    })
    expect(report.vulnerabilities.map((one: { location: object }) => one.location)).toEqual([
      { file: 'config.ini', start_line: 3, end_line: 3, commit: { sha: '0000000' } },
      {
        file: 'a.ini',
        start_line: 3,
        end_line: 3,
        commit: {
          sha: '3f2a9c1d'.repeat(5),
          author: 'Ann Lee <ann@example.com>',
          date: '2023-02-11T09:30:00+01:00',
        },
      },
    ])
  })

  test('tracks a credential by its fingerprint', () => {
    const [one] = reportOf({ ...cleanResult, findings: [finding()] }).vulnerabilities
    expect([one.id, one.tracking.items[0].signatures[0].value]).toEqual([
      'f1a2b3c4d5e6f7a8',
      'f1a2b3c4d5e6f7a8',
    ])
  })

  test('cuts names, and escapes markdown', () => {
    const [one] = reportOf({
      ...cleanResult,
      findings: [
        finding({
          rule: rule({
            description: `[x](javascript:y) ${'z'.repeat(300)}`,
            remedy: '![i](https://example.com) @all',
          }),
        }),
      ],
    }).vulnerabilities
    expect(one.name).toHaveLength(255)
    expect(one.description).toContain(String.raw`\[x\]\(javascript\:y\)`)
    expect(one.solution).toContain(String.raw`\!\[i\]\(https\://example.com\) \@all`)
  })
})
