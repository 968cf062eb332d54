import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { sarifReport } from '../../src/report/sarif/report.ts'
import { hostileNamed } from '../support/hostile.ts'
import { manyFindings } from '../support/many.ts'
import { attribution, cleanResult, finding, hostileResult, place, rule } from '../support/result.ts'

const schema = JSON.parse(
  readFileSync(new URL('../support/schemas/sarif-2.1.0.json', import.meta.url), 'utf8'),
)
const ajv = new Ajv2020({ allErrors: true, strict: false })
addFormats.default(ajv)
const validate = ajv.compile(schema)
const options = { version: '0.1.0', endedAt: new Date('2026-11-22T12:00:00Z') }

interface Location {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string }
    readonly region: Record<string, number>
  }
}
interface SarifResult {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly Location[]
  readonly relatedLocations?: readonly Location[]
  readonly partialFingerprints?: Record<string, string>
  readonly suppressions?: readonly { readonly kind: string; readonly justification: string }[]
}
interface Run {
  readonly results: readonly SarifResult[]
  readonly tool: {
    readonly driver: {
      readonly rules: readonly {
        readonly id: string
        readonly name: string
        readonly fullDescription: { readonly text: string }
        readonly help: { readonly text: string; readonly markdown: string }
        readonly properties: {
          readonly tags: readonly string[]
          readonly 'security-severity': string
        }
      }[]
    }
  }
  readonly invocations: readonly {
    readonly executionSuccessful: boolean
    readonly startTimeUtc?: string
    readonly toolExecutionNotifications: readonly {
      readonly level: string
      readonly message: { readonly text: string }
    }[]
  }[]
}

function runOf(
  result: Parameters<typeof sarifReport>[0],
  more: Partial<Parameters<typeof sarifReport>[1]> = {},
): Run {
  return JSON.parse(sarifReport(result, { ...options, ...more })).runs[0]
}

describe('the SARIF report', () => {
  test.each([
    ['a clean result', cleanResult, {}],
    ['a hostile result', hostileResult, {}],
    ['all optional content', hostileResult, { allOrigins: true, showSuppressed: true }],
    ['hostile names', hostileNamed(7), { allOrigins: true, showSuppressed: true }],
    ['many findings', manyFindings(300), {}],
  ])('matches the schema of SARIF 2.1.0 for %s', (_name, result, more) => {
    const log = JSON.parse(sarifReport(result, { ...options, ...more }))
    expect(validate(log) ? [] : validate.errors).toEqual([])
  })

  test('with an extra field does not match that schema', () => {
    const log = JSON.parse(sarifReport(hostileResult, options))
    log.runs[0].results[0].extra = 1
    expect(validate(log)).toBe(false)
  })

  test('identifies a finding by its fingerprint, wherever it is', () => {
    const [moved] = [
      finding(),
      finding({ places: [place({ kind: 'file', path: { text: 'elsewhere.ini' } }, 'secret', 77)] }),
    ].map((one) => runOf({ ...cleanResult, findings: [one] }).results[0]?.partialFingerprints)
    expect(moved).toEqual({ primaryLocationLineHash: 'f1a2b3c4d5e6f7a8:1' })
  })

  test('describes a rule with tags, help, a score, and texts within the limits of code scanning', () => {
    const long = rule({ description: 'x'.repeat(2000), references: ['https://example.com/a'] })
    const [descriptor] = runOf({ ...cleanResult, findings: [finding({ rule: long })] }).tool.driver
      .rules
    expect(descriptor?.properties).toMatchObject({
      'security-severity': '8.0',
      tags: ['security', 'secret', 'external/cwe/cwe-798', 'aws'],
    })
    expect([descriptor?.name.length, descriptor?.fullDescription.text.length]).toEqual([255, 1024])
    expect(descriptor?.help.markdown).toContain('<https://example.com/a>')
  })

  test('has a separate rule for a severity other than the default', () => {
    const run = runOf({
      ...cleanResult,
      findings: [
        finding({ severity: 'critical' }),
        finding(),
        finding({ severity: 'low' }),
        finding(),
      ],
    })
    expect(run.results.map(({ ruleId, ruleIndex, level }) => [ruleId, ruleIndex, level])).toEqual([
      ['aws-access-key/critical', 0, 'error'],
      ['aws-access-key', 1, 'error'],
      ['aws-access-key/low', 2, 'note'],
      ['aws-access-key', 1, 'error'],
    ])
    expect(run.tool.driver.rules.map((one) => one.properties['security-severity'])).toEqual([
      '9.5',
      '8.0',
      '2.0',
    ])
  })

  test.each([
    [
      'a name with special characters',
      { text: 'a b/ä#?%:[x]\\.env' },
      'a%20b/%C3%A4%23%3F%25%3A%5Bx%5D%5C.env',
    ],
    [
      'bytes that are no UTF-8',
      { text: String.raw`caf\xe9`, bytes: Buffer.from('caf\u00E9', 'latin1') },
      'caf%E9',
    ],
    [
      'a name that looks like a URI scheme',
      { text: 'javascript:alert(1)' },
      'javascript%3Aalert%281%29',
    ],
  ])('writes %s as a relative address', (_name, path, uri) => {
    const [one] = runOf({
      ...cleanResult,
      findings: [finding({ places: [place({ kind: 'file', path })] })],
    }).results
    expect(one?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(uri)
  })

  test('locates a secret in HEAD at its last introduction, and a removed one at its first', () => {
    const places = [
      place({ kind: 'commit', path: { text: 'old.ini' }, commit: 'a'.repeat(40) }),
      place({ kind: 'commit', path: { text: 'new.ini' }, commit: 'b'.repeat(40) }),
    ] as const
    const uris = [false, true].map(
      (inHead) =>
        runOf({
          ...cleanResult,
          findings: [finding({ places, attribution: attribution({ inHead }) })],
        }).results[0]?.locations[0]?.physicalLocation.artifactLocation.uri,
    )
    expect(uris).toEqual(['old.ini', 'new.ini'])
  })

  test.each([
    ['a message', { kind: 'message', commit: 'd'.repeat(40) }, `git-message/${'d'.repeat(40)}`],
    ['standard input', { kind: 'stdin' }, 'standard-input'],
    [
      'an object without a name',
      { kind: 'commit', object: 'e'.repeat(40) },
      `git-object/${'e'.repeat(40)}`,
    ],
    ['a member of an archive', { kind: 'file', path: { text: 'a.zip' }, member: 'x.ini' }, 'a.zip'],
  ] as const)('gives %s a location, too', (_name, origin, uri) => {
    const [one] = runOf({
      ...cleanResult,
      findings: [finding({ places: [place(origin)] })],
    }).results
    expect(one?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(uri)
    expect(one?.locations[0]?.physicalLocation.region).toHaveProperty('endColumn')
  })

  test('stays within the limits of code scanning: results, locations', () => {
    const many = Array.from({ length: 25_010 }, (_, number) =>
      finding({ fingerprint: String(number) }),
    )
    const run = runOf({ ...cleanResult, findings: many })
    expect(run.results).toHaveLength(25_000)
    expect(run.invocations[0]?.toolExecutionNotifications.at(-1)?.message.text).toMatch(
      /^10 more results omitted/,
    )
    const spread = finding({
      places: Array.from({ length: 1500 }, (_, number) =>
        place({ kind: 'file', path: { text: `${number}.ini` } }),
      ) as never,
    })
    expect(
      runOf({ ...cleanResult, findings: [spread] }, { allOrigins: true }).results[0]
        ?.relatedLocations,
    ).toHaveLength(999)
    expect(runOf({ ...cleanResult, findings: [spread] }).results[0]?.relatedLocations).toHaveLength(
      99,
    )
  })

  test('reports an incomplete scan, with each skip', () => {
    const [invocation] = runOf(hostileResult).invocations
    expect(invocation?.executionSuccessful).toBe(false)
    expect(invocation?.startTimeUtc).toBe('2026-11-22T11:59:58.766Z')
    expect(
      invocation?.toolExecutionNotifications
        .map(({ level }) => level)
        .filter((level) => level === 'note'),
    ).toHaveLength(2)
    expect(invocation?.toolExecutionNotifications).toHaveLength(
      1 + hostileResult.receipt.skipped.length,
    )
    expect(runOf(cleanResult).invocations[0]).toMatchObject({
      executionSuccessful: true,
      toolExecutionNotifications: [],
    })
  })

  test('contains suppressed candidates on request', () => {
    expect(runOf(hostileResult).results.filter(({ suppressions }) => suppressions)).toEqual([])
    const suppressed = runOf(hostileResult, { showSuppressed: true }).results.flatMap(
      ({ suppressions = [] }) => suppressions,
    )
    expect(suppressed.map(({ kind }) => kind)).toEqual(['external', 'inSource', 'external'])
    expect(suppressed[1]?.justification).toMatch(/^inline: marked in its line: /)
  })

  test('escapes links and placeholders in messages', () => {
    const [one] = runOf({
      ...cleanResult,
      findings: [finding({ rule: rule({ description: '[x](javascript:y) {0}' }) })],
    }).results
    expect(one?.message.text).toContain(String.raw`\[x\](javascript:y) {{0}}`)
  })
})
