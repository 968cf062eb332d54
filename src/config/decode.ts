import { defaultLimits, type LimitOptions } from '../model/limits.ts'
import { durationOf, sizeOf } from '../model/quantity.ts'
import type { Level } from '../model/policy.ts'
import { severities } from '../model/rule.ts'
import { Fields, isMapping, type Report } from '../rules/fields.ts'
import { type Configuration, noConfiguration, type VerifyPolicy } from './configuration.ts'
import {
  type Context,
  decodeAllowedPath,
  decodeAllowedValue,
  decodeReason,
} from './decode-allow.ts'

/** The fields of `oakum.yaml`; docs/config.schema.json names the same. */
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
const levels = ['off', ...severities] as const

const maxPatternFiles = 100
const maxAllowed = 1000

/** Reads what was parsed; every problem is reported, and something harmless stands in its place. */
export function decodeConfiguration(value: unknown, context: Context): Configuration {
  const { report } = context
  if (!isMapping(value)) {
    report('', 'a mapping with version: 1')
    return noConfiguration
  }
  const fields = new Fields(value, fileFields, report)
  if (fields.value('version') !== 1) report('version', '1')
  return {
    levels: decodeLevels(fields, report),
    patterns: listOf(fields, 'patterns', maxPatternFiles, report).map((item, index) =>
      decodeFileName(item, `patterns[${index}]`, report),
    ),
    ...decodeAllow(fields, context),
    ...decodeLimits(fields, report),
    ...(fields.has('failOn') && { failOn: fields.choice('failOn', severities) }),
    markers: fields.choice('markers', ['accept', 'require-reason', 'ignore'], 'accept'),
    verify: decodeVerify(fields, report),
  }
}

function decodeLevels(fields: Fields, report: Report): ReadonlyMap<string, Level> {
  const entries = Object.entries(
    mappingOf(fields, 'rules', 'a mapping of rules to off or a severity', report) ?? {},
  )
  return new Map(
    entries.map(([name, value]) => [name, decodeLevel(value, `rules.${name}`, report)]),
  )
}

/** `off`, `high`, or `{ severity: off, reason: … }` */
function decodeLevel(value: unknown, place: string, report: Report): Level {
  if (!isMapping(value)) {
    const severity = levels.find((level) => level === value)
    if (severity === undefined)
      report(place, `one of ${levels.join(', ')}, or a mapping with severity and reason`)
    return { severity: severity ?? 'low' }
  }
  const inner: Report = (field, expected) => report(`${place}.${field}`, expected)
  const fields = new Fields(value, ['severity', 'reason'], inner)
  return {
    severity: fields.choice('severity', levels),
    ...(fields.has('reason') && { reason: decodeReason(fields, inner) }),
  }
}

function decodeAllow(
  fields: Fields,
  { report, onPattern }: Context,
): Pick<Configuration, 'allowedPaths' | 'allowedValues'> {
  const value = mappingOf(fields, 'allow', 'a mapping with paths and values', report) ?? {}
  const inner: Report = (field, expected) => report(`allow.${field}`, expected)
  const allow = new Fields(value, ['paths', 'values'], inner)
  const context: Context = {
    report: inner,
    onPattern: (field, pattern) => onPattern(`allow.${field}`, pattern),
  }
  return {
    allowedPaths: listOf(allow, 'paths', maxAllowed, inner).map((item, index) =>
      decodeAllowedPath(item, `paths[${index}]`, context),
    ),
    allowedValues: listOf(allow, 'values', maxAllowed, inner).map((item, index) =>
      decodeAllowedValue(item, `values[${index}]`, context),
    ),
  }
}

function decodeLimits(fields: Fields, report: Report): LimitOptions {
  const value =
    mappingOf(fields, 'limits', 'a mapping with maxBlobSize, archiveDepth and deadline', report) ??
    {}
  const limits = new Fields(value, ['maxBlobSize', 'archiveDepth', 'deadline'], (field, expected) =>
    report(`limits.${field}`, expected),
  )
  const read = (
    name: string,
    parse: (text: string) => number | undefined,
    expected: string,
  ): number | undefined => {
    const given = limits.value(name)
    if (given === undefined) return undefined
    const parsed =
      typeof given === 'string' || Number.isInteger(given) ? parse(String(given)) : undefined
    if (parsed === undefined) report(`limits.${name}`, expected)
    return parsed
  }
  const maxBlobBytes = read('maxBlobSize', sizeOf, 'a size such as 4096, 10k, 10m or 1g')
  const deadlineMs = read('deadline', durationOf, 'a time such as 90, 30s, 5m or 1h, up to 24 days')
  const archiveDepth = read(
    'archiveDepth',
    depthOf,
    `a number from 1 to ${defaultLimits.archiveDepth}`,
  )
  return {
    ...(maxBlobBytes !== undefined && { maxBlobBytes }),
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(archiveDepth !== undefined && { archiveDepth }),
  }
}

/**
 * Archives are opened so deep where nobody says otherwise: a configuration may only take away from
 * that.
 */
function depthOf(text: string): number | undefined {
  return /^[1-9]\d?$/.test(text) && Number(text) <= defaultLimits.archiveDepth
    ? Number(text)
    : undefined
}

function decodeVerify(fields: Fields, report: Report): VerifyPolicy {
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

/** `.oakum/acme.yaml`: relative, down from here, with `/`. */
function decodeFileName(value: unknown, place: string, report: Report): string {
  const isPlain =
    typeof value === 'string' &&
    /^[^/\\\0-\x1f\x7f][^\\\0-\x1f\x7f]{0,499}$/.test(value) &&
    !value.includes('://') &&
    !/^[A-Za-z]:/.test(value)
  if (isPlain && !value.split('/').includes('..')) return value
  report(place, 'the path of a file, relative to this one and not above it, with / between names')
  return ''
}

function mappingOf(
  fields: Fields,
  name: string,
  expected: string,
  report: Report,
): Readonly<Record<string, unknown>> | undefined {
  const value = fields.value(name)
  if (value === undefined || isMapping(value)) return value
  report(name, expected)
  return undefined
}

function listOf(fields: Fields, name: string, most: number, report: Report): readonly unknown[] {
  const value: unknown = fields.value(name)
  if (value === undefined) return []
  if (Array.isArray(value) && value.length <= most) return value
  report(name, Array.isArray(value) ? `at most ${most} of them` : 'a list')
  return []
}
