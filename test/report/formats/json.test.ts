import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { jsonlReport, jsonReport } from '../../../src/report/formats/json.ts'
import {
  attribution,
  cleanResult,
  finding,
  forbidden,
  hostileResult,
  secrets,
} from '../../support/result.ts'

const schema = JSON.parse(
  readFileSync(new URL('../../../docs/report.schema.json', import.meta.url), 'utf8'),
)
const ajv = new Ajv2020({ allErrors: true, strictTypes: false }).addSchema(schema)
const validator = (reference: string): ValidateFunction =>
  ajv.getSchema(`urn:oakum:report:1${reference}`)!

function errorsOf(value: unknown, reference = ''): unknown {
  const validate = validator(reference)
  return validate(value) ? [] : validate.errors
}

const version = '0.1.0'
const everything = { version, allOrigins: true, showSuppressed: true }

describe('the JSON report', () => {
  test.each([
    ['a hostile result', jsonReport(hostileResult, { version })],
    ['all optional content', jsonReport(hostileResult, { ...everything, showSecrets: true })],
    ['a clean result', jsonReport(cleanResult, everything)],
  ])('matches its schema for %s', (_name, json) => {
    expect(errorsOf(JSON.parse(json))).toEqual([])
  })

  test('with an extra or a missing field does not match its schema', () => {
    const report = JSON.parse(jsonReport(hostileResult, { version }))
    expect(errorsOf({ ...report, extra: 1 })).not.toEqual([])
    report.findings[0].origins[0].line = 0
    expect(errorsOf(report)).not.toEqual([])
    delete report.findings[0].origins[0].line
    expect(errorsOf(report)).not.toEqual([])
  })

  test('contains exactly the fields of a plain finding', () => {
    expect(JSON.parse(jsonReport({ ...cleanResult, findings: [finding()] }, { version }))).toEqual({
      oakum: version,
      schema: 1,
      findings: [
        {
          fingerprint: 'f1a2b3c4d5e6f7a8',
          rule: 'aws-access-key',
          severity: 'high',
          title: 'AWS access key',
          parts: [
            { role: 'secret', redacted: `${secrets.key.slice(0, 4)}…${secrets.key.slice(-4)}` },
          ],
          facts: {},
          count: 1,
          origins: [
            {
              kind: 'file',
              path: 'config.ini',
              blob: null,
              commit: null,
              line: 3,
              column: 19,
              endLine: 3,
              endColumn: 59,
              role: 'secret',
            },
          ],
          attribution: null,
          verification: { status: 'not-tried' },
          explanation: [],
          nextSteps: [
            {
              text: 'Move the value to an environment variable, or to a .env file listed in .gitignore.',
            },
            { text: 'Deactivate the key in IAM.' },
            { text: 'If it was ever pushed or shared, rotate it: removing it is not enough.' },
          ],
        },
      ],
      suppressed: { total: 0, by: {} },
      receipt: cleanResult.receipt,
    })
  })

  test('lists a hundred refs and counts the others, or lists all with all origins', () => {
    const refs = Array.from({ length: 250 }, (_, n) => `refs/pull/${n}/head`)
    const result = {
      ...cleanResult,
      findings: [finding({ attribution: { ...attribution(), refs } })],
    }
    const shown = JSON.parse(jsonReport(result, { version })).findings[0].attribution
    expect({ refs: shown.refs, more: shown.moreRefs }).toEqual({
      refs: refs.slice(0, 100),
      more: 150,
    })
    const all = JSON.parse(jsonReport(result, everything))
    expect(all.findings[0].attribution).toMatchObject({ refs })
    expect(errorsOf(all)).toEqual([])
    expect(errorsOf(JSON.parse(jsonReport(result, { version })))).toEqual([])
  })

  test('contains the verification, and the commit that removed the secret', () => {
    const identity = {
      account: '123456789012',
      arn: 'arn:aws:iam::123456789012:user/deploy',
      userId: 'AIDA',
      kind: 'user',
    } as const
    const removed = {
      commit: 'c'.repeat(40),
      author: 'Bo <bo@example.com>',
      date: '2025-01-01T00:00:00Z',
    }
    const one = finding({
      verification: { status: 'live', reason: 'GetCallerIdentity', identity },
      attribution: attribution({ removed }),
    })
    const report = JSON.parse(jsonReport({ ...cleanResult, findings: [one] }, { version }))
    expect(errorsOf(report)).toEqual([])
    expect(report.findings[0].verification).toEqual({
      status: 'live',
      reason: 'GetCallerIdentity',
      identity,
    })
    expect(report.findings[0].attribution.removed).toEqual({ ...removed, path: null })
  })

  test('contains the first and the last of forty places, or all', () => {
    const [short] = JSON.parse(jsonReport(hostileResult, { version })).findings
    const [long] = JSON.parse(jsonReport(hostileResult, everything)).findings
    expect([short.count, short.origins.length, long.count, long.origins.length]).toEqual([
      40, 4, 40, 80,
    ])
  })

  test('contains the bytes of a name that is not UTF-8', () => {
    const report = JSON.parse(jsonReport(hostileResult, { version }))
    expect(Buffer.from(report.findings[2].origins[0].pathBytes, 'base64')).toEqual(
      Buffer.from('caf\u00E9/.env', 'latin1'),
    )
  })

  test('counts suppressed candidates, and lists them on request', () => {
    const short = JSON.parse(jsonReport(hostileResult, { version })).suppressed
    const long = JSON.parse(jsonReport(hostileResult, everything)).suppressed
    expect(short).toEqual({ total: 3, by: { placeholder: 2, inline: 1 } })
    expect(long.items.map((item: { by: string }) => item.by)).toEqual([
      'placeholder',
      'inline',
      'placeholder',
    ])
  })

  test('contains values only when secrets are shown', () => {
    const hidden = jsonReport(hostileResult, everything)
    for (const secret of forbidden) expect(hidden).not.toContain(secret)
    expect(hidden).not.toContain('"value"')
    const shown = JSON.parse(jsonReport(hostileResult, { version, showSecrets: true }))
    expect(shown.findings[0].parts.map((part: { value: string }) => part.value)).toEqual([
      secrets.key,
      secrets.id,
    ])
    expect(shown.findings[1].origins[0].path).toBe(`keys/${secrets.token}.txt`)
  })

  test('contains no unsafe characters except the line feeds between fields', () => {
    expect(jsonReport(hostileResult, everything).replaceAll('\n', '')).not.toMatch(
      /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u,
    )
  })
})

describe('the JSON lines report', () => {
  const lines = jsonlReport(hostileResult, everything)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

  test('has one finding per line, then the receipt', () => {
    expect(lines).toHaveLength(hostileResult.findings.length + 1)
    for (const line of lines.slice(0, -1)) expect(errorsOf(line, '#/$defs/finding')).toEqual([])
    expect(errorsOf(lines.at(-1), '#/$defs/lastLine')).toEqual([])
  })

  test('contains the same as the JSON report', () => {
    const report = JSON.parse(jsonReport(hostileResult, everything))
    expect(lines).toEqual([
      ...report.findings,
      { receipt: report.receipt, suppressed: report.suppressed },
    ])
  })

  test('ends with a receipt even without findings', () => {
    expect(jsonlReport(cleanResult, { version })).toMatch(/^\{"receipt":\{"complete":true.*\}\n$/)
  })
})
