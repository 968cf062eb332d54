/**
 * Reads and writes `.git/oakum/audit.json`: the marks set on the audit screen, and its last sort
 * order, filter and selection.
 */
import { randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRegularFile } from '../model/regular-file.ts'
import type { Mark } from '../model/shown.ts'

/** Sort order, filter and selected finding of the list. */
interface SavedView {
  readonly sort: string
  readonly filter: string
  readonly selected: string
}

/** Content of the file: marks by fingerprint. */
export interface SavedMarks {
  readonly marks: ReadonlyMap<string, Mark>
  readonly view?: SavedView
}

/** Size over which the file is not read. */
const MAX_BYTES = 16 << 20
const DRAFT_PREFIX = 'audit.json.'

/** Age from which a draft counts as left behind by a killed process. */
const MIN_ABANDONED_MS = 60_000
const FINGERPRINT_FORM = /^oak1-[0-9a-f]{32}$/

/**
 * Reads the marks of a repository from its common git folder. A missing, unreadable or malformed
 * file gives no marks.
 */
export function readMarks(commonDir: string): SavedMarks {
  const path = join(commonDir, 'oakum', 'audit.json')
  try {
    const stat = lstatSync(path)
    if (
      !stat.isFile() ||
      stat.size > MAX_BYTES ||
      !lstatSync(join(commonDir, 'oakum')).isDirectory()
    )
      return { marks: new Map() }
    return parseMarks(JSON.parse(readRegularFile(path).toString('utf8')))
  } catch {
    return { marks: new Map() }
  }
}

/**
 * Writes the marks atomically and flushes them to disk, without following a symbolic link. Throws
 * errors of the file system.
 */
export function writeMarks(commonDir: string, { marks, view }: SavedMarks): void {
  const folder = join(commonDir, 'oakum')
  mkdirSync(folder, { mode: 0o700, recursive: true })
  if (!lstatSync(folder).isDirectory()) throw new Error('oakum is not a folder')
  removeOldDrafts(folder)
  const draft = join(folder, `${DRAFT_PREFIX}${randomBytes(6).toString('hex')}`)
  try {
    writeFileSync(
      draft,
      `${JSON.stringify({ version: 1, marks: Object.fromEntries(marks), view })}\n`,
      { flag: 'wx', mode: 0o600, flush: true },
    )
    renameSync(draft, join(folder, 'audit.json'))
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Removes drafts of killed processes. Recent drafts stay: another audit may be writing one. */
function removeOldDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const age = name.startsWith(DRAFT_PREFIX)
      ? Date.now() - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity)
      : 0
    if (age > MIN_ABANDONED_MS) rmSync(path, { force: true })
  }
}

function parseMarks(value: unknown): SavedMarks {
  if (!isRecord(value) || value['version'] !== 1) return { marks: new Map() }
  const marks = isRecord(value['marks']) ? Object.entries(value['marks']) : []
  const view = isRecord(value['view']) ? value['view'] : {}
  const { sort, filter, selected } = view
  return {
    marks: new Map(
      marks.flatMap(([fingerprint, mark]) =>
        FINGERPRINT_FORM.test(fingerprint) && (mark === 'rotate' || mark === 'rewrite')
          ? [[fingerprint, mark] as const]
          : [],
      ),
    ),
    ...(typeof sort === 'string' &&
      typeof filter === 'string' &&
      typeof selected === 'string' && { view: { sort, filter: filter.slice(0, 200), selected } }),
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
