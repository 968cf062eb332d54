/** Decodes the parsed `oakum.yaml` into a Configuration. */
import { defaultLimits, type LimitOptions } from '../model/limits.ts'
import { durationOf, sizeOf } from '../model/quantity.ts'
import type { Level } from '../model/policy.ts'
import { severities } from '../model/rule.ts'
import { Fields, isMapping, type ReportProblem } from '../rules/fields.ts'
import { type Configuration, noConfiguration, type VerifyPolicy } from './configuration.ts'
import {
  type DecodeContext,
  decodeAllowedPath,
  decodeAllowedValue,
  decodeReason,
} from './decode-allow.ts'

/** Fields of `oakum.yaml`. docs/config.schema.json lists the same fields; a test compares them. */
const fileFields = [
  'version',
  'rules',
  'patterns',
  'allow',
  'limits',
  'failOn',
  'markers',
  'verify',
] as const
const levelNames = ['off', ...severities] as const

const MAX_PATTERN_FILES = 100
const MAX_ALLOW_ITEMS = 1000

/**
 * Decodes the parsed YAML. Reports every invalid field and puts a harmless value in its place, so
 * that one run finds all problems.
 */
export function decodeConfiguration(value: unknown, context: DecodeContext): Configuration {
  const { report } = context
  if (!isMapping(value)) {
    report('', 'a mapping with version: 1')
    return noConfiguration
  }
  const fields = new Fields(value, fileFields, report)
  if (fields.value('version') !== 1) report('version', '1')
  return {
    levels: decodeLevels(fields, report),
    patterns: readList(fields, 'patterns', MAX_PATTERN_FILES, report).map((item, index) =>
      decodeFileName(item, `patterns[${index}]`, report),
    ),
    ...decodeAllow(fields, context),
    ...decodeLimits(fields, report),
    ...(fields.has('failOn') && { failOn: fields.choice('failOn', severities) }),
    markers: fields.choice('markers', ['accept', 'require-reason', 'ignore'], 'accept'),
    verify: decodeVerify(fields, report),
  }
}

function decodeLevels(fields: Fields, report: ReportProblem): ReadonlyMap<string, Level> {
  const entries = Object.entries(
    readMapping(fields, 'rules', 'a mapping of rules to off or a severity', report) ?? {},
  )
  return new Map(
    entries.map(([name, value]) => [name, decodeLevel(value, `rules.${name}`, report)]),
  )
}

/** Decodes `off`, `high`, or `{ severity: off, reason: … }`. */
function decodeLevel(value: unknown, fieldPath: string, report: ReportProblem): Level {
  if (!isMapping(value)) {
    const severity = levelNames.find((level) => level === value)
    if (severity === undefined)
      report(fieldPath, `one of ${levelNames.join(', ')}, or a mapping with severity and reason`)
    return { severity: severity ?? 'low' }
  }
  const reportInside: ReportProblem = (field, expected) => report(`${fieldPath}.${field}`, expected)
  const fields = new Fields(value, ['severity', 'reason'], reportInside)
  return {
    severity: fields.choice('severity', levelNames),
    ...(fields.has('reason') && { reason: decodeReason(fields, reportInside) }),
  }
}

function decodeAllow(
  fields: Fields,
  { report, analysePattern: onPattern }: DecodeContext,
): Pick<Configuration, 'allowedPaths' | 'allowedValues'> {
  const value = readMapping(fields, 'allow', 'a mapping with paths and values', report) ?? {}
  const reportInside: ReportProblem = (field, expected) => report(`allow.${field}`, expected)
  const allow = new Fields(value, ['paths', 'values'], reportInside)
  const context: DecodeContext = {
    report: reportInside,
    analysePattern: (field, pattern) => onPattern(`allow.${field}`, pattern),
  }
  return {
    allowedPaths: readList(allow, 'paths', MAX_ALLOW_ITEMS, reportInside).map((item, index) =>
      decodeAllowedPath(item, `paths[${index}]`, context),
    ),
    allowedValues: readList(allow, 'values', MAX_ALLOW_ITEMS, reportInside).map((item, index) =>
      decodeAllowedValue(item, `values[${index}]`, context),
    ),
  }
}

function decodeLimits(fields: Fields, report: ReportProblem): LimitOptions {
  const mapping =
    readMapping(
      fields,
      'limits',
      'a mapping with maxBlobSize, archiveDepth and deadline',
      report,
    ) ?? {}
  const limits = new Fields(
    mapping,
    ['maxBlobSize', 'archiveDepth', 'deadline'],
    (field, expected) => report(`limits.${field}`, expected),
  )
  const read = (
    name: string,
    parse: (text: string) => number | undefined,
    expected: string,
  ): number | undefined => {
    const value = limits.value(name)
    if (value === undefined) return undefined
    const parsed =
      typeof value === 'string' || Number.isInteger(value) ? parse(String(value)) : undefined
    if (parsed === undefined) report(`limits.${name}`, expected)
    return parsed
  }
  const maxBlobBytes = read('maxBlobSize', sizeOf, 'a size such as 4096, 10k, 10m or 1g')
  const deadlineMs = read('deadline', durationOf, 'a time such as 90, 30s, 5m or 1h, up to 24 days')
  const archiveDepth = read(
    'archiveDepth',
    parseDepth,
    `a number from 1 to ${defaultLimits.archiveDepth}`,
  )
  return {
    ...(maxBlobBytes !== undefined && { maxBlobBytes }),
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(archiveDepth !== undefined && { archiveDepth }),
  }
}

/** Parses an archive depth. A configuration may lower the default depth, and never raise it. */
function parseDepth(text: string): number | undefined {
  return /^[1-9]\d?$/.test(text) && Number(text) <= defaultLimits.archiveDepth
    ? Number(text)
    : undefined
}

function decodeVerify(fields: Fields, report: ReportProblem): VerifyPolicy {
  const value = fields.value('verify')
  if (value === undefined || value === 'ask') return 'ask'
  if (value === 'off') return 'off'
  const accounts = Array.isArray(value)
    ? value.filter(
        (item: unknown): item is string => typeof item === 'string' && /^\d{12}$/.test(item),
      )
    : []
  if (!Array.isArray(value) || accounts.length === 0 || accounts.length < value.length)
    report('verify', "off, ask, or a list of AWS account numbers such as '123456789012', in quotes")
  return accounts
}

/** Decodes the path of a pattern file, such as `.oakum/acme.yaml`: relative, without `..`. */
function decodeFileName(value: unknown, fieldPath: string, report: ReportProblem): string {
  const isPlain =
    typeof value === 'string' &&
    /^[^/\\\0-\x1f\x7f][^\\\0-\x1f\x7f]{0,499}$/.test(value) &&
    !value.includes('://') &&
    !/^[A-Za-z]:/.test(value)
  if (isPlain && !value.split('/').includes('..')) return value
  report(
    fieldPath,
    'the path of a file, relative to this one and not above it, with / between names',
  )
  return ''
}

function readMapping(
  fields: Fields,
  name: string,
  expected: string,
  report: ReportProblem,
): Readonly<Record<string, unknown>> | undefined {
  const value = fields.value(name)
  if (value === undefined || isMapping(value)) return value
  report(name, expected)
  return undefined
}

function readList(
  fields: Fields,
  name: string,
  maxItems: number,
  report: ReportProblem,
): readonly unknown[] {
  const value: unknown = fields.value(name)
  if (value === undefined) return []
  if (Array.isArray(value) && value.length <= maxItems) return value
  report(name, Array.isArray(value) ? `at most ${maxItems} items` : 'a list')
  return []
}
