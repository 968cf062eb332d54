import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from '../../../model/errors.ts'
import { findBlock, withoutBlocks } from '../block.ts'
import { type FileChange, type FileContent, isRealFolder, readRegularFile } from '../changes.ts'
import type { HookName, ManagerName } from '../hook-names.ts'
import type { HooksFolder } from '../hooks-folder.ts'

/** A work tree, and how its hooks start Oakum. */
export interface InstallTarget {
  readonly top: string
  readonly hooks: HooksFolder
  /** Starts Oakum in a file that others get too; `oakum`, or a path from the top. */
  readonly command: string
}

/** A program that runs hooks, and keeps them in a file of its own. */
export interface HookManager {
  readonly name: Exclude<ManagerName, 'git'>
  /** The file or folder by which it is known to be in use; undefined where it is not. */
  readonly findConfig: (site: InstallTarget) => string | undefined
  readonly install: (site: InstallTarget, hooks: readonly HookName[]) => readonly FileChange[]
  readonly remove: (site: InstallTarget) => readonly FileChange[]
  /** What the user has to run, so that it counts. */
  readonly afterInstall: (hooks: readonly HookName[]) => string
  /** The same, once Oakum is out. */
  readonly afterRemoval: string | undefined
}

export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}

export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}

/** The text of a small file; nothing where it cannot be read. */
export function readText(path: string): string {
  try {
    return isFile(path) ? readFileSync(path, 'utf8') : ''
  } catch {
    return ''
  }
}

/** `package.json` of the top, as it stands; empty where there is none. */
export function readManifest({ top }: Pick<InstallTarget, 'top'>): string {
  return readText(join(top, 'package.json'))
}

/** The change of a text file; none where it stays the same. */
export function planEdit(
  path: string,
  edit: (text: string) => string,
  said: string,
): readonly FileChange[] {
  isRealFolder(dirname(path))
  const before = readRegularFile(path)
  const text = before?.bytes.toString('utf8') ?? ''
  if (before !== undefined && !Buffer.from(text).equals(before.bytes))
    throw new UsageError(`${path} is not UTF-8, and is left alone`)
  const next = edit(text)
  if (before !== undefined && next === text) return []
  return [
    {
      path,
      before,
      after: { bytes: Buffer.from(next), mode: before?.mode ?? 0o644 },
      summary: said,
    },
  ]
}

/**
 * The change that takes Oakum's marked lines out of a file; the file itself where it was made for
 * them.
 */
export function planBlockRemoval(path: string): readonly FileChange[] {
  if (!isRealFolder(dirname(path))) return []
  const before = readRegularFile(path)
  const text = before?.bytes.toString('latin1') ?? ''
  const block = findBlock(text)
  if (before === undefined || block === undefined) return []
  const rest = withoutBlocks(text)
  const after: FileContent | undefined =
    block.mark === 'made' && rest === ''
      ? undefined
      : { bytes: Buffer.from(rest, 'latin1'), mode: before.mode }
  return [
    { path, before, after, summary: after === undefined ? 'removed' : 'as it was, without Oakum' },
  ]
}

/** Passes where Oakum is missing and may be; else starts it. */
export function guardedCommand(command: string, hook: HookName): string {
  return `[ "\${OAKUM_OPTIONAL-}" = 1 ] && ! command -v ${command} >/dev/null || ${command} hook ${hook} "$@"`
}
