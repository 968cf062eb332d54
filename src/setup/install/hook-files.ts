/** Hooks as files of a folder that git looks into. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { findBlock, withoutBlocks } from './block.ts'
import { type FileChange, type FileContent, isRealFolder, readRegularFile } from './changes.ts'
import type { HookName } from './hook-names.ts'
import {
  type EarlierHook,
  hookFile,
  hookLines,
  type HookRequest,
  BACKUP_SUFFIX,
} from './hook-text.ts'

/** What a hook is filled in with, whichever it is. */
export interface RecordedProgram {
  readonly root: string
  readonly node: string
  readonly bin: string
}

export interface HookInstallation {
  readonly folder: string
  readonly program: RecordedProgram
  /**
   * Does a hook of this folder stand for every repository, so that it has to run the repository's
   * own?
   */
  readonly global: boolean
}

/**
 * A script that can take lines of sh at its start: its interpreter reads them, and its lines end in
 * line feeds.
 */
const shellScript =
  /^#![ \t]*(?:\/\S*\/)?(?:env[ \t]+)?(?:ba|da|a|z|k)?sh(?:[ \t]+-[a-z]+)*[ \t]*\n/
const executable = 0o111

/**
 * The changes that put Oakum into a hook: a new file, lines in a shell script, or a new file beside
 * which the old one is kept.
 */
export function planHook(hook: HookName, plan: HookInstallation): readonly FileChange[] {
  isRealFolder(plan.folder)
  const path = join(plan.folder, hook)
  const before = readRegularFile(path)
  const request = (mark: HookRequest['origin'], earlier: EarlierHook): HookRequest => ({
    hook,
    origin: mark,
    earlierHook: earlier,
    ...plan.program,
  })
  const alone = plan.global ? 'repository' : 'none'
  if (before === undefined)
    return [
      written(
        path,
        undefined,
        { bytes: Buffer.from(hookFile(request('made', alone))), mode: 0o755 },
        'made',
      ),
    ]

  const text = before.bytes.toString('latin1')
  if (findBlock(text) !== undefined) return renewed(path, before, request)
  if (shellScript.test(text) && (before.mode & executable) !== 0) {
    const after = withLinesBehindFirst(text, latin1(hookLines(request('added', 'self'))))
    return [
      written(
        path,
        before,
        { bytes: Buffer.from(after, 'latin1'), mode: before.mode },
        'added to; what it did before goes first',
      ),
    ]
  }
  const kept = path + BACKUP_SUFFIX
  const there = readRegularFile(kept)
  // The same is there when an installation was ended between its two steps.
  if (there !== undefined && !there.bytes.equals(before.bytes))
    throw new UsageError(
      `${kept} is there from before, and ${hook} is not Oakum's any more: keep one of the two, and take the other away`,
    )
  return [
    ...(there === undefined
      ? [
          written(
            kept,
            undefined,
            before,
            `kept what was in ${hook}${(before.mode & executable) === 0 ? ', which is not executable and so never ran' : ''}`,
          ),
        ]
      : []),
    written(
      path,
      before,
      { bytes: Buffer.from(hookFile(request('made', 'kept'))), mode: 0o755 },
      `made; it runs ${hook}${BACKUP_SUFFIX} first`,
    ),
  ]
}

/** Writes Oakum's lines anew, such as after the program has moved. */
function renewed(
  path: string,
  before: FileContent,
  request: (mark: HookRequest['origin'], earlier: EarlierHook) => HookRequest,
): readonly FileChange[] {
  const text = before.bytes.toString('latin1')
  const rest = withoutBlocks(text)
  const block = findBlock(text)
  const lines = latin1(
    hookLines(request(block?.mark ?? 'added', earlierOf(path, block?.text ?? ''))),
  )
  const bytes = Buffer.from(withLinesBehindFirst(rest, lines), 'latin1')
  const mode = before.mode | executable
  return bytes.equals(before.bytes) && mode === before.mode
    ? []
    : [written(path, before, { bytes, mode }, 'renewed')]
}

function earlierOf(path: string, block: string): EarlierHook {
  if (block.includes('OAKUM_WITHIN')) return 'self'
  if (block.includes('--git-common-dir')) return 'repository'
  return existsSync(path + BACKUP_SUFFIX) ? 'kept' : 'none'
}

/** The changes that take Oakum out of a hook again; none where it is not in. */
export function planHookRemoval(path: string): readonly FileChange[] {
  const before = readRegularFile(path)
  const text = before?.bytes.toString('latin1') ?? ''
  const block = findBlock(text)
  const kept = readRegularFile(path + BACKUP_SUFFIX)
  const moved = written(path + BACKUP_SUFFIX, kept, undefined, 'moved back')
  if (before === undefined || block === undefined)
    return before !== undefined && kept?.bytes.equals(before.bytes) === true ? [moved] : []
  const rest = withoutBlocks(text)
  if (block.mark !== 'made' || rest.replace(/^#!\/bin\/sh\n/, '') !== '') {
    return [
      written(
        path,
        before,
        { bytes: Buffer.from(rest, 'latin1'), mode: before.mode },
        'as it was, without Oakum',
      ),
    ]
  }
  return kept === undefined
    ? [written(path, before, undefined, 'removed')]
    : [written(path, before, kept, 'as it was before'), moved]
}

/** Bytes are kept apart as characters, so that a script in any encoding comes through. */
function latin1(lines: readonly string[]): readonly string[] {
  return lines.map((line) => Buffer.from(line).toString('latin1'))
}

function withLinesBehindFirst(text: string, lines: readonly string[]): string {
  const at = text.indexOf('\n') + 1
  return `${text.slice(0, at)}${lines.join('\n')}\n${text.slice(at)}`
}

function written(
  path: string,
  before: FileContent | undefined,
  after: FileContent | undefined,
  said: string,
): FileChange {
  return { path, before, after, summary: said }
}
