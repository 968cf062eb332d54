import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from '../../../model/errors.ts'
import { blockIn, withoutBlocks } from '../block.ts'
import { type FileChange, type FileContent, isPlainFolder, readPlain } from '../changes.ts'
import type { HookName, ManagerName } from '../hook-names.ts'
import type { HooksFolder } from '../hooks-folder.ts'

/** A work tree, and how its hooks start Oakum. */
export interface Site {
  readonly top: string
  readonly hooks: HooksFolder
  /** Starts Oakum in a file that others get too; `oakum`, or a path from the top. */
  readonly command: string
}

/** A program that runs hooks, and keeps them in a file of its own. */
export interface Manager {
  readonly name: Exclude<ManagerName, 'git'>
  /** The file or folder by which it is known to be in use; undefined where it is not. */
  readonly evidence: (site: Site) => string | undefined
  readonly install: (site: Site, hooks: readonly HookName[]) => readonly FileChange[]
  readonly remove: (site: Site) => readonly FileChange[]
  /** What the user has to run, so that it counts. */
  readonly next: (hooks: readonly HookName[]) => string
  /** The same, once Oakum is out. */
  readonly last: string | undefined
}

export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}

export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}

/** The text of a small file; nothing where it cannot be read. */
export function textOf(path: string): string {
  try {
    return isFile(path) ? readFileSync(path, 'utf8') : ''
  } catch {
    return ''
  }
}

/** `package.json` of the top, as it stands; empty where there is none. */
export function manifestText({ top }: Pick<Site, 'top'>): string {
  return textOf(join(top, 'package.json'))
}

/** The change of a text file; none where it stays the same. */
export function edited(
  path: string,
  edit: (text: string) => string,
  said: string,
): readonly FileChange[] {
  isPlainFolder(dirname(path))
  const before = readPlain(path)
  const text = before?.bytes.toString('utf8') ?? ''
  if (before !== undefined && !Buffer.from(text).equals(before.bytes))
    throw new UsageError(`${path} is not UTF-8, and is left alone`)
  const next = edit(text)
  if (before !== undefined && next === text) return []
  return [{ path, before, after: { bytes: Buffer.from(next), mode: before?.mode ?? 0o644 }, said }]
}

/**
 * The change that takes Oakum's marked lines out of a file; the file itself where it was made for
 * them.
 */
export function unmarked(path: string): readonly FileChange[] {
  if (!isPlainFolder(dirname(path))) return []
  const before = readPlain(path)
  const text = before?.bytes.toString('latin1') ?? ''
  const block = blockIn(text)
  if (before === undefined || block === undefined) return []
  const rest = withoutBlocks(text)
  const after: FileContent | undefined =
    block.mark === 'made' && rest === ''
      ? undefined
      : { bytes: Buffer.from(rest, 'latin1'), mode: before.mode }
  return [
    { path, before, after, said: after === undefined ? 'removed' : 'as it was, without Oakum' },
  ]
}

/** Passes where Oakum is missing and may be; else starts it. */
export function guarded(command: string, hook: HookName): string {
  return `[ "\${OAKUM_OPTIONAL-}" = 1 ] && ! command -v ${command} >/dev/null || ${command} hook ${hook} "$@"`
}
