import type { BaselineEntry } from '../model/policy.ts'
import { Fields, type Report } from '../rules/fields.ts'
import { decodeDate, fingerprintPattern } from './allow-file.ts'
import { readJsonLines } from './json-lines.ts'
import { configError } from './problem.ts'

const fields = ['fingerprint', 'rule', 'in', 'date'] as const

/**
 * The entries of `oakum.baseline`, one a fingerprint; a ConfigError with every line that is wrong.
 */
export function parseBaselineFile(text: string, file: string): readonly BaselineEntry[] {
  const read = readJsonLines({ file, text, decode: decodeEntry })
  if ('problems' in read) throw configError(read.problems)
  return unique(read.entries)
}

/**
 * A merge by lines may leave both of what two branches made of an entry: then the narrower is what
 * one of them saw last.
 */
function unique(entries: readonly BaselineEntry[]): readonly BaselineEntry[] {
  const byFingerprint = new Map<string, BaselineEntry>()
  for (const entry of entries) {
    if (byFingerprint.get(entry.fingerprint)?.in !== 'history')
      byFingerprint.set(entry.fingerprint, entry)
  }
  return [...byFingerprint.values()]
}

function decodeEntry(value: Readonly<Record<string, unknown>>, report: Report): BaselineEntry {
  const entry = new Fields(value, fields, report)
  return {
    fingerprint: entry.text(
      'fingerprint',
      'oak1- and 32 hexadecimal digits, as reports show it',
      fingerprintPattern,
    ),
    rule: entry.text('rule', 'the id of a rule', /^[a-z][a-z0-9]{0,99}(?:-[a-z0-9]{1,99}){0,20}$/),
    in: entry.choice('in', ['files', 'history']),
    date: decodeDate(entry, 'date', report),
  }
}
