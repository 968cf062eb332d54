/** The interface of hook managers, and the file edits that they have in common. */
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from '../../../model/errors.ts'
import { findBlock, withoutBlocks } from '../block.ts'
import { readRegularFile } from '../../../model/regular-file.ts'
import { type FileChange, type FileContent, isRealFolder, readFileContent } from '../changes.ts'
import type { HookName, ManagerName } from '../hook-names.ts'
import type { HooksFolder } from '../hooks-folder.ts'

/** A repository that hooks are installed into, and the command with which they start Oakum. */
export interface InstallTarget {
  /** Top of the work tree, or the bare repository. */
  readonly top: string
  readonly hooks: HooksFolder
  /** Starts Oakum from a file that is shared with others: `oakum`, or a path from the top. */
  readonly command: string
}

/** A program that runs hooks and configures them in a file of its own. */
export interface HookManager {
  readonly name: Exclude<ManagerName, 'git'>
  /** Returns the file or folder that shows the manager is in use; undefined where it is not. */
  readonly findConfig: (target: InstallTarget) => string | undefined
  readonly install: (target: InstallTarget, hooks: readonly HookName[]) => readonly FileChange[]
  readonly remove: (target: InstallTarget) => readonly FileChange[]
  /** Returns the note about what the user has to do after an installation. */
  readonly afterInstall: (hooks: readonly HookName[]) => string
  /** The note about what the user has to do after a removal, if anything. */
  readonly afterRemoval: string | undefined
}

export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}

export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}

/** Returns the text of a small file; empty where it cannot be read. */
export function readText(path: string): string {
  try {
    return isFile(path) ? readRegularFile(path).toString('utf8') : ''
  } catch {
    return ''
  }
}

/** Returns the text of the repository's `package.json`; empty where there is none. */
export function readManifest({ top }: Pick<InstallTarget, 'top'>): string {
  return readText(join(top, 'package.json'))
}

/** Plans an edit of a text file; no change when the edit leaves the text as it is. */
export function planEdit(
  path: string,
  edit: (text: string) => string,
  summary: string,
): readonly FileChange[] {
  isRealFolder(dirname(path))
  const before = readFileContent(path)
  const text = before?.bytes.toString('utf8') ?? ''
  if (before !== undefined && !Buffer.from(text).equals(before.bytes))
    throw new UsageError(`${path} is not UTF-8, and is left alone`)
  const next = edit(text)
  if (before !== undefined && next === text) return []
  const after = { bytes: Buffer.from(next), mode: before?.mode ?? 0o644 }
  return [{ path, before, after, summary }]
}

/** Plans the removal of Oakum's block from a file, or of a file that Oakum created for it. */
export function planBlockRemoval(path: string): readonly FileChange[] {
  if (!isRealFolder(dirname(path))) return []
  const before = readFileContent(path)
  const text = before?.bytes.toString('latin1') ?? ''
  const block = findBlock(text)
  if (before === undefined || block === undefined) return []
  const rest = withoutBlocks(text)
  const after: FileContent | undefined =
    block.origin === 'made' && rest === ''
      ? undefined
      : { bytes: Buffer.from(rest, 'latin1'), mode: before.mode }
  const summary = after === undefined ? 'removed' : 'restored, without Oakum'
  return [{ path, before, after, summary }]
}

/**
 * Returns a shell command that starts Oakum for a hook, and succeeds without Oakum when
 * OAKUM_OPTIONAL is 1.
 */
export function guardedCommand(command: string, hook: HookName): string {
  const skip = `[ "\${OAKUM_OPTIONAL-}" = 1 ] && ! command -v ${command} >/dev/null`
  return `${skip} || ${command} hook ${hook} "$@"`
}
