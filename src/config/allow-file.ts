/** `oakum.allow`: reads, checks and orders the entries that allow single secrets to stay. */
import type { AllowEntry } from '../model/policy.ts'
import { Fields, type ReportProblem } from '../rules/fields.ts'
import { decodeGlob } from './glob.ts'
import { readJsonLines } from './json-lines.ts'
import { configError } from './problem.ts'

/** Matches a fingerprint: `oak1-` and 32 hexadecimal digits. */
export const fingerprintPattern = /^oak1-[0-9a-f]{32}$/

const entryFields = [
  'fingerprint',
  'paths',
  'reason',
  'author',
  'date',
  'expires',
  'ticket',
] as const

/** One printable line with at least one visible character. */
const line = /^(?=.*\S)[^\0-\x1f\x7f]{1,500}$/
const shortLine = /^(?=.*\S)[^\0-\x1f\x7f]{1,200}$/

/** Parses `oakum.allow`. Throws one ConfigError that lists every invalid line. */
export function parseAllowFile(text: string, file: string): readonly AllowEntry[] {
  const result = readJsonLines({ file, text, decode: decodeEntry })
  if ('problems' in result) throw configError(result.problems)
  return result.entries
}

/** Returns the entry with its fields in the documented order and without undefined values. */
export function entryToWrite({
  fingerprint,
  paths,
  reason,
  author,
  date,
  expires,
  ticket,
}: AllowEntry): AllowEntry {
  return {
    fingerprint,
    ...(paths && { paths }),
    reason,
    author,
    date,
    ...(expires !== undefined && { expires }),
    ...(ticket !== undefined && { ticket }),
  }
}

/** Returns the first invalid field of an entry and the expected value; undefined when valid. */
export function findEntryProblem(
  entry: AllowEntry,
): { readonly field: string; readonly expected: string } | undefined {
  const problems: { field: string; expected: string }[] = []
  decodeEntry({ ...entry }, (field, expected) => problems.push({ field, expected }))
  return problems[0]
}

/** True when the value is an existing calendar day in the form `2026-11-22`. */
export function isDate(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const time = Date.parse(`${value}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value)
}

function decodeEntry(value: Readonly<Record<string, unknown>>, report: ReportProblem): AllowEntry {
  const entry = new Fields(value, entryFields, report)
  return {
    fingerprint: entry.text(
      'fingerprint',
      'oak1- and 32 hexadecimal digits, as reports show it',
      fingerprintPattern,
    ),
    ...(entry.has('paths') && {
      paths: entry.list('paths', 1, (item, field) => decodeGlob(item, field, report)),
    }),
    reason: entry.text('reason', 'a reason in one line of at most 500 characters', line),
    author: entry.text('author', 'an author in one line of at most 200 characters', shortLine),
    date: decodeDate(entry, 'date', report),
    ...(entry.has('expires') && { expires: decodeDate(entry, 'expires', report) }),
    ...(entry.has('ticket') && {
      ticket: entry.text('ticket', 'one line of at most 500 characters', line),
    }),
  }
}

/** Reads a field that holds a date; reports any other value and returns an empty text for it. */
export function decodeDate(entry: Fields, field: string, report: ReportProblem): string {
  const value = entry.value(field)
  if (isDate(value)) return value
  report(field, 'a date such as 2026-11-22')
  return ''
}
