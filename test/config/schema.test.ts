/** docs/config.schema.json, which editors use, accepts exactly the files that Oakum accepts. */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parseAllowFile } from '../../src/config/allow-file.ts'
import { parseBaselineFile } from '../../src/config/baseline-file.ts'
import { decodeConfiguration } from '../../src/config/decode.ts'
import { parseYaml } from '../../src/rules/yaml/yaml.ts'
import { broken } from '../e2e/policy-files.ts'

const root = new URL('../../', import.meta.url)
const page = readFileSync(new URL('docs/config.md', root), 'utf8')
const ajv = new Ajv2020({ allErrors: true, strictTypes: false, formats: { date: true } }).addSchema(
  JSON.parse(readFileSync(new URL('docs/config.schema.json', root), 'utf8')),
)
const lines = (text: string): readonly unknown[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown)
const accepts = (value: unknown, reference = ''): boolean =>
  ajv.validate(`urn:oakum:config:1${reference}`, value) === true

/**
 * Messages about what no JSON schema can check: which rules exist, what a pattern means, how many
 * days a month has.
 */
const beyondSchemas = new RegExp(
  [
    'no such rule',
    'exponential',
    'regular expression of JavaScript',
    'pattern file does not exist',
    'expected a time',
    'expected a size',
    'expected the path',
    'a date such as',
  ].join('|'),
)

const configurations = broken.flatMap(({ name, files, says }) => {
  const text = files['oakum.yaml']
  const parsed =
    typeof text === 'string' && says.some((message) => !beyondSchemas.test(message))
      ? parseYaml(text.replace(/^\ufeff/, ''))
      : { flaws: [] }
  return 'flaws' in parsed ? [] : [{ name, value: parsed.value }]
})

describe('docs/config.schema.json', () => {
  test('refuses the configurations that Oakum refuses', () => {
    const refused = configurations.filter(({ value }) => {
      const problems: string[] = []
      decodeConfiguration(value, {
        report: (field) => problems.push(field),
        analysePattern: () => {},
      })
      return problems.length > 0
    })
    expect(refused.length).toBeGreaterThan(40)
    expect(refused.filter(({ value }) => accepts(value)).map(({ name }) => name)).toEqual([])
  })

  test('accepts the example of docs/config.md, as Oakum does', () => {
    const example = /```yaml\n([^`]+)```/.exec(page)?.[1] ?? ''
    const parsed = parseYaml(example)
    if ('flaws' in parsed) throw new Error('the example is no YAML')
    const problems: string[] = []
    const configuration = decodeConfiguration(parsed.value, {
      report: (field, expected) => problems.push(`${field} ${expected}`),
      analysePattern: () => {},
    })
    expect(problems).toEqual([])
    expect(accepts(parsed.value)).toBe(true)
    expect(configuration).toMatchObject({
      failOn: 'medium',
      markers: 'require-reason',
      verify: 'ask',
      maxBlobBytes: 50 << 20,
      deadlineMs: 600_000,
      patterns: ['.oakum/acme.yaml'],
    })
    expect(Object.fromEntries(configuration.levels)).toEqual({
      'slack-webhook': { severity: 'off' },
      github: { severity: 'critical' },
      'npm-token': { severity: 'off', reason: 'We publish no packages.' },
    })
  })

  test('accepts the JSON lines of docs/config.md, as Oakum does', () => {
    const [allow = '', baseline = ''] = [...page.matchAll(/```jsonl\n([^`]+)```/g)].map(
      (match) => match[1],
    )
    expect(parseAllowFile(allow, 'page')).toHaveLength(2)
    expect(parseBaselineFile(baseline, 'page')).toHaveLength(2)
    expect(lines(allow).filter((line) => !accepts(line, '#/$defs/allowEntry'))).toEqual([])
    expect(lines(baseline).filter((line) => !accepts(line, '#/$defs/baselineEntry'))).toEqual([])
  })

  test('refuses the JSON lines that Oakum refuses', () => {
    const wrong = broken.flatMap(({ files, says }) => {
      const [text, kind] = [
        files['oakum.allow'] ?? files['oakum.baseline'],
        'oakum.allow' in files ? 'allowEntry' : 'baselineEntry',
      ]
      return typeof text === 'string' &&
        text.startsWith('{"') &&
        !says.some(
          (message) =>
            beyondSchemas.test(message) ||
            message.includes('longer') ||
            message.includes('conflict'),
        )
        ? [{ kind, text }]
        : []
    })
    expect(wrong.length).toBeGreaterThan(8)
    expect(wrong.filter(({ kind, text }) => accepts(JSON.parse(text), `#/$defs/${kind}`))).toEqual(
      [],
    )
  })
})
