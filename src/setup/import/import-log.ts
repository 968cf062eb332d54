import type { ImportLogEntry, Outcome } from './model.ts'

const words: Readonly<Record<Outcome, string>> = {
  imported: 'imported',
  narrower: 'narrower',
  'left-out': 'left out',
}

/**
 * What became of each entry, file by file, a line each; and the sum in words. Text of the files, so
 * not yet fit for a terminal.
 */
export function importLogLines(account: readonly ImportLogEntry[]): readonly string[] {
  const files = [...new Set(account.map((entry) => entry.file))]
  return files.flatMap((file) => [
    file,
    ...account
      .filter((entry) => entry.file === file)
      .map(({ line, entry, outcome, notes }) => {
        const place = line === undefined ? '' : `line ${line}, `
        return `  ${words[outcome].padEnd(9)} ${place}${entry}${notes.length === 0 ? '' : `: ${notes.join('; ')}`}`
      }),
  ])
}

/** `37 imported, 4 narrower, 2 left out` */
export function importLogSummary(account: readonly ImportLogEntry[]): string {
  const outcomes: readonly Outcome[] = ['imported', 'narrower', 'left-out']
  return outcomes
    .map(
      (outcome) =>
        `${account.filter((entry) => entry.outcome === outcome).length} ${words[outcome]}`,
    )
    .join(', ')
}
