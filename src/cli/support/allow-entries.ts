/**
 * Changes to `oakum.allow`: one at a time, on what is in the file at that moment, so that none is
 * lost.
 */
import { isUtf8 } from 'node:buffer'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { entryToWrite, parseAllowFile } from '../../config/allow-file.ts'
import { diskFiles } from '../../config/disk.ts'
import { allowName, MAX_FILE_BYTES } from '../../config/files.ts'
import { writeJsonLines } from '../../config/json-lines.ts'
import type { AllowEntry } from '../../model/policy.ts'
import { withLock } from './lock.ts'
import { writeOutputFile } from './output-file.ts'

/** What a change came to. */
export interface AllowChange {
  readonly path: string
  readonly before: readonly AllowEntry[]
  readonly after: readonly AllowEntry[]
  /** `.gitattributes` was told that branches with entries of their own merge. */
  readonly merges: boolean
}

/** Reads the entries of a folder, changes them and writes them, while no other Oakum does. */
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
    // What is written can be read: it is read once, before.
    parseAllowFile(lines, path)
    writeOutputFile(path, lines, false)
    return { path, before, after, merges: text === undefined && letMerge(folder) }
  })
}

/** Equal for entries of which the later takes the place of the earlier. */
function keyOf({ fingerprint, paths }: AllowEntry): string {
  return JSON.stringify([fingerprint, paths])
}

/** With these entries in the place of those that allow the same. */
export function withEntries(
  entries: readonly AllowEntry[],
  added: readonly AllowEntry[],
): readonly AllowEntry[] {
  const keys = new Set(added.map(keyOf))
  return [...entries.filter((one) => !keys.has(keyOf(one))), ...added]
}

/**
 * Entries stand in the order of their text, so two branches that add some often write at the same
 * line. Git takes the lines of both where it is told to. False where a file already says how, or is
 * none to write to.
 */
function letMerge(folder: string): boolean {
  const path = join(folder, '.gitattributes')
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (!existsSync(join(folder, '.git')) || (stat !== undefined && !stat.isFile())) return false
  const bytes = stat === undefined ? Buffer.alloc(0) : readFileSync(path)
  const text = bytes.toString('utf8')
  if (text.includes(allowName) || !isUtf8(bytes)) return false
  try {
    writeOutputFile(
      path,
      `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${allowName} merge=union\n`,
      false,
    )
    return true
  } catch {
    return false
  }
}
