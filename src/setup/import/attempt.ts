import type { ImportLogEntry } from './model.ts'
import { Untranslatable } from './regexp/untranslatable.ts'

/**
 * What became of an entry that `make` imports: it says whether it is narrower now, and why; or
 * throws `Untranslatable`.
 */
export function tryImport(
  entry: Pick<ImportLogEntry, 'file' | 'line' | 'entry'>,
  make: () => readonly [narrower: boolean, notes: readonly string[]],
): ImportLogEntry {
  try {
    const [narrower, notes] = make()
    return { ...entry, outcome: narrower ? 'narrower' : 'imported', notes: [...new Set(notes)] }
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error
    return { ...entry, outcome: 'left-out', notes: [error.message] }
  }
}
