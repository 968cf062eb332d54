/**
 * Changes entries of `oakum.allow`. A lock serializes changes by several processes, and each change
 * starts from the file's current content, so that no entry is lost.
 */
import { isUtf8 } from 'node:buffer'
import { existsSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import { entryToWrite, parseAllowFile } from '../../config/allow-file.ts'
import { diskFiles } from '../../config/disk.ts'
import { allowName, MAX_FILE_BYTES } from '../../config/files.ts'
import { writeJsonLines } from '../../config/json-lines.ts'
import type { AllowEntry } from '../../model/policy.ts'
import { withLock } from './lock.ts'
import { writeOutputFile } from './output-file.ts'

/** Result of a change to `oakum.allow`. */
export interface AllowChange {
  readonly path: string
  readonly before: readonly AllowEntry[]
  readonly after: readonly AllowEntry[]
  /** True when the change added `merge=union` for `oakum.allow` to `.gitattributes`. */
  readonly setsMergeDriver: boolean
}

/** Reads the entries in `folder`, applies `change` and writes them, under a lock. */
export async function changeAllowFile(
  folder: string,
  change: (entries: readonly AllowEntry[]) => readonly AllowEntry[],
): Promise<AllowChange> {
  const path = join(folder, allowName)
  return withLock(path, async () => {
    const text = await diskFiles(folder, '').read(allowName, MAX_FILE_BYTES.lines)
    const before = text === undefined ? [] : parseAllowFile(text, path)
    const after = change(before)
    const lines = writeJsonLines(after.map(entryToWrite))
    // Parsing the new text before writing it proves that later runs can read the file.
    parseAllowFile(lines, path)
    writeOutputFile(path, lines, false)
    return { path, before, after, setsMergeDriver: text === undefined && setMergeDriver(folder) }
  })
}

/** Returns `entries` with `added` in place of those that allow the same secret in the same paths. */
export function withEntries(
  entries: readonly AllowEntry[],
  added: readonly AllowEntry[],
): readonly AllowEntry[] {
  const keys = new Set(added.map(keyOf))
  return [...entries.filter((entry) => !keys.has(keyOf(entry))), ...added]
}

/** Identifies what an entry allows: two entries with one key replace each other. */
function keyOf({ fingerprint, paths }: AllowEntry): string {
  return JSON.stringify([fingerprint, paths])
}

/**
 * Adds `oakum.allow merge=union` to `.gitattributes`. Entries are sorted by their text, so two
 * branches that add entries often change the same line; with `merge=union` git takes both. Returns
 * false where `.gitattributes` already names the file or cannot be written.
 */
function setMergeDriver(folder: string): boolean {
  const path = join(folder, '.gitattributes')
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (!existsSync(join(folder, '.git')) || (stat !== undefined && !stat.isFile())) return false
  const bytes = stat === undefined ? Buffer.alloc(0) : readRegularFile(path)
  const text = bytes.toString('utf8')
  if (text.includes(allowName) || !isUtf8(bytes)) return false
  const start = text === '' || text.endsWith('\n') ? text : `${text}\n`
  try {
    writeOutputFile(path, `${start}${allowName} merge=union\n`, false)
    return true
  } catch {
    return false
  }
}
