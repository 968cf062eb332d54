/** The log of an import: records the outcome of each entry, and formats the log as text. */
import type { ImportLogEntry, Outcome } from './model.ts'
import { Untranslatable } from './regexp/syntax.ts'

/** The file and name of an entry, before its outcome is known. */
export type EntryLocation = Pick<ImportLogEntry, 'file' | 'line' | 'entry'>

/** Whether an imported entry covers less than the original, and notes about the differences. */
export type ImportResult = readonly [isNarrower: boolean, notes: readonly string[]]

/**
 * Runs the import of one entry and returns its log entry. An `Untranslatable` error makes the entry
 * skipped, with the error's message as the note.
 */
export function tryImport(
  location: EntryLocation,
  importEntry: () => ImportResult,
): ImportLogEntry {
  try {
    const [isNarrower, notes] = importEntry()
    const outcome = isNarrower ? 'narrower' : 'imported'
    return { ...location, outcome, notes: [...new Set(notes)] }
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error
    return skipped(location, error.message)
  }
}

/** Returns the log entry of an entry that is not imported. */
export function skipped(location: EntryLocation, note: string): ImportLogEntry {
  return { ...location, outcome: 'skipped', notes: [note] }
}

/**
 * Formats a log, file by file, one line per entry. The lines contain text of the files, so they need
 * escaping before a terminal shows them.
 */
export function importLogLines(log: readonly ImportLogEntry[]): readonly string[] {
  const files = [...new Set(log.map(({ file }) => file))]
  return files.flatMap((file) => [
    file,
    ...log
      .filter((logEntry) => logEntry.file === file)
      .map(({ line, entry, outcome, notes }) => {
        const lineNumber = line === undefined ? '' : `line ${line}, `
        const details = notes.length === 0 ? '' : `: ${notes.join('; ')}`
        return `  ${outcome.padEnd(9)} ${lineNumber}${entry}${details}`
      }),
  ])
}

/** Formats the counts of a log: `37 imported, 4 narrower, 2 skipped`. */
export function importLogSummary(log: readonly ImportLogEntry[]): string {
  const outcomes: readonly Outcome[] = ['imported', 'narrower', 'skipped']
  return outcomes
    .map((outcome) => `${log.filter((entry) => entry.outcome === outcome).length} ${outcome}`)
    .join(', ')
}
