/** `oakum.baseline`: reads the secrets that were accepted when Oakum was introduced. */
import type { BaselineEntry } from '../model/policy.ts'
import { Fields, type ReportProblem } from '../rules/fields.ts'
import { decodeDate, fingerprintPattern } from './allow-file.ts'
import { readJsonLines } from './json-lines.ts'
import { configError } from './problem.ts'

const entryFields = ['fingerprint', 'rule', 'in', 'date'] as const

/**
 * Parses `oakum.baseline` into one entry per fingerprint. Throws one ConfigError that lists every
 * invalid line.
 */
export function parseBaselineFile(text: string, file: string): readonly BaselineEntry[] {
  const result = readJsonLines({ file, text, decode: decodeEntry })
  if ('problems' in result) throw configError(result.problems)
  return uniqueByFingerprint(result.entries)
}

/**
 * Keeps one entry per fingerprint. A merge by lines may leave the versions of both branches; the
 * narrower one, `"in":"history"`, wins, since one branch has already removed the secret from files.
 */
function uniqueByFingerprint(entries: readonly BaselineEntry[]): readonly BaselineEntry[] {
  const byFingerprint = new Map<string, BaselineEntry>()
  for (const entry of entries) {
    if (byFingerprint.get(entry.fingerprint)?.in !== 'history')
      byFingerprint.set(entry.fingerprint, entry)
  }
  return [...byFingerprint.values()]
}

function decodeEntry(
  value: Readonly<Record<string, unknown>>,
  report: ReportProblem,
): BaselineEntry {
  const entry = new Fields(value, entryFields, report)
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
