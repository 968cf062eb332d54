import type { AllowEntry } from '../model/policy.ts'
import { Fields, type Report } from '../rules/fields.ts'
import { decodeGlob } from './glob-field.ts'
import { readJsonLines } from './json-lines.ts'
import { configError } from './problem.ts'

/** `oak1-` and 32 hexadecimal digits. */
export const fingerprintPattern = /^oak1-[0-9a-f]{32}$/

const fields = ['fingerprint', 'paths', 'reason', 'author', 'date', 'expires', 'ticket'] as const

/** One line that shows something. */
const line = /^(?=.*\S)[^\0-\x1f\x7f]{1,500}$/
const shortLine = /^(?=.*\S)[^\0-\x1f\x7f]{1,200}$/

/** The entries of `oakum.allow`; a ConfigError with every line that is wrong. */
export function parseAllowFile(text: string, file: string): readonly AllowEntry[] {
  const read = readJsonLines({ file, text, decode: decodeEntry })
  if ('problems' in read) throw configError(read.problems)
  return read.entries
}

/**
 * An entry as it is written: its fields in the order of the documentation, those without a value
 * left out.
 */
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

/**
 * Why an entry cannot be: the first problem of it, as `field: expected …`; undefined when it can.
 */
export function findEntryProblem(
  entry: AllowEntry,
): { readonly field: string; readonly expected: string } | undefined {
  const flaws: { field: string; expected: string }[] = []
  decodeEntry({ ...entry }, (field, expected) => flaws.push({ field, expected }))
  return flaws[0]
}

/** `2026-11-22`, and a day that there is. */
export function isDate(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const time = Date.parse(`${value}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value)
}

function decodeEntry(value: Readonly<Record<string, unknown>>, report: Report): AllowEntry {
  const entry = new Fields(value, fields, report)
  return {
    fingerprint: entry.text(
      'fingerprint',
      'oak1- and 32 hexadecimal digits, as reports show it',
      fingerprintPattern,
    ),
    ...(entry.has('paths') && {
      paths: entry.list('paths', 1, (item, field) => decodeGlob(item, field, report)),
    }),
    reason: entry.text('reason', 'why, in one line of at most 500 characters', line),
    author: entry.text('author', 'who, in one line of at most 200 characters', shortLine),
    date: decodeDate(entry, 'date', report),
    ...(entry.has('expires') && { expires: decodeDate(entry, 'expires', report) }),
    ...(entry.has('ticket') && {
      ticket: entry.text('ticket', 'one line of at most 500 characters', line),
    }),
  }
}

/** Reads a day. */
export function decodeDate(entry: Fields, field: string, report: Report): string {
  const value = entry.value(field)
  if (isDate(value)) return value
  report(field, 'a day such as 2026-11-22')
  return ''
}
