/** Plans Oakum's hook files in a folder from which git runs hooks, and their removal. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { findBlock, withoutBlocks } from './block.ts'
import { type FileChange, type FileContent, isRealFolder, readFileContent } from './changes.ts'
import type { HookName } from './hook-names.ts'
import {
  BACKUP_SUFFIX,
  type EarlierHook,
  hookFile,
  hookLines,
  type HookRequest,
} from './hook-text.ts'

/** The paths that a hook records; `node` and `bin` are empty in a hook that others use too. */
export interface RecordedProgram {
  readonly root: string
  readonly node: string
  readonly bin: string
}

/** The folder that gets hooks, and how they are filled in. */
export interface HookInstallation {
  readonly folder: string
  readonly program: RecordedProgram
  /**
   * True for a folder that serves all repositories, whose hooks have to run the repository's own
   * hooks.
   */
  readonly global: boolean
}

/**
 * Matches a shell script with LF line endings: its interpreter can read lines of sh that are added
 * at its start.
 */
const shellScript =
  /^#![ \t]*(?:\/\S*\/)?(?:env[ \t]+)?(?:ba|da|a|z|k)?sh(?:[ \t]+-[a-z]+)*[ \t]*\n/
const executableBits = 0o111

type RequestFactory = (origin: HookRequest['origin'], earlierHook: EarlierHook) => HookRequest

/**
 * Plans the changes that put Oakum into a hook: a new file, lines in an existing shell script, or a
 * new file and a backup of the existing hook.
 */
export function planHook(hook: HookName, installation: HookInstallation): readonly FileChange[] {
  isRealFolder(installation.folder)
  const path = join(installation.folder, hook)
  const before = readFileContent(path)
  const request: RequestFactory = (origin, earlierHook) => ({
    hook,
    origin,
    earlierHook,
    ...installation.program,
  })
  if (before === undefined) {
    const earlierHook = installation.global ? 'repository' : 'none'
    return [fileChange(path, undefined, newHook(request('made', earlierHook)), 'created')]
  }
  const text = before.bytes.toString('latin1')
  if (findBlock(text) !== undefined) return planUpdate(path, before, request)
  if (shellScript.test(text) && (before.mode & executableBits) !== 0) {
    const after = insertAfterFirstLine(text, toLatin1(hookLines(request('added', 'same-file'))))
    return [
      fileChange(
        path,
        before,
        { bytes: Buffer.from(after, 'latin1'), mode: before.mode },
        'added to; the existing lines run first',
      ),
    ]
  }
  return planReplacement(path, before, { hook, request })
}

/** Plans a new hook file and a backup of the existing hook, which is no shell script. */
function planReplacement(
  path: string,
  before: FileContent,
  { hook, request }: { readonly hook: HookName; readonly request: RequestFactory },
): readonly FileChange[] {
  const backupPath = path + BACKUP_SUFFIX
  const backup = readFileContent(backupPath)
  // An equal backup exists when an installation was interrupted between its two changes.
  if (backup !== undefined && !backup.bytes.equals(before.bytes))
    throw new UsageError(
      `${backupPath} is an older backup, and ${hook} is no longer Oakum's: ` +
        'keep one of the two, and remove the other',
    )
  const neverRan =
    (before.mode & executableBits) === 0 ? ', which is not executable and so never ran' : ''
  return [
    ...(backup === undefined
      ? [fileChange(backupPath, undefined, before, `backup of ${hook}${neverRan}`)]
      : []),
    fileChange(
      path,
      before,
      newHook(request('made', 'backup')),
      `created; it runs ${hook}${BACKUP_SUFFIX} first`,
    ),
  ]
}

function newHook(request: HookRequest): FileContent {
  return { bytes: Buffer.from(hookFile(request)), mode: 0o755 }
}

/** Plans new lines in place of Oakum's old ones, such as after the program has moved. */
function planUpdate(
  path: string,
  before: FileContent,
  request: RequestFactory,
): readonly FileChange[] {
  const text = before.bytes.toString('latin1')
  const block = findBlock(text)
  const lines = toLatin1(
    hookLines(request(block?.origin ?? 'added', earlierHookOf(path, block?.text ?? ''))),
  )
  const bytes = Buffer.from(insertAfterFirstLine(withoutBlocks(text), lines), 'latin1')
  const mode = before.mode | executableBits
  return bytes.equals(before.bytes) && mode === before.mode
    ? []
    : [fileChange(path, before, { bytes, mode }, 'updated')]
}

/** Returns the earlier hook that an existing block of Oakum runs. */
function earlierHookOf(path: string, block: string): EarlierHook {
  if (block.includes('OAKUM_WITHIN')) return 'same-file'
  if (block.includes('--git-common-dir')) return 'repository'
  return existsSync(path + BACKUP_SUFFIX) ? 'backup' : 'none'
}

/** Plans the changes that remove Oakum from a hook; none where the hook has no lines of Oakum. */
export function planHookRemoval(path: string): readonly FileChange[] {
  const before = readFileContent(path)
  const text = before?.bytes.toString('latin1') ?? ''
  const block = findBlock(text)
  const backup = readFileContent(path + BACKUP_SUFFIX)
  const backupRemoval = fileChange(path + BACKUP_SUFFIX, backup, undefined, 'moved back')
  if (before === undefined || block === undefined)
    return before !== undefined && backup?.bytes.equals(before.bytes) === true
      ? [backupRemoval]
      : []
  const rest = withoutBlocks(text)
  if (block.origin !== 'made' || rest.replace(/^#!\/bin\/sh\n/, '') !== '') {
    return [
      fileChange(
        path,
        before,
        { bytes: Buffer.from(rest, 'latin1'), mode: before.mode },
        'restored, without Oakum',
      ),
    ]
  }
  return backup === undefined
    ? [fileChange(path, before, undefined, 'removed')]
    : [fileChange(path, before, backup, 'restored'), backupRemoval]
}

/**
 * Recodes lines of UTF-8 to one character per byte. Existing hooks are read as latin1 and written
 * back as latin1, so that their bytes survive whatever their encoding is.
 */
function toLatin1(lines: readonly string[]): readonly string[] {
  return lines.map((line) => Buffer.from(line).toString('latin1'))
}

function insertAfterFirstLine(text: string, lines: readonly string[]): string {
  const at = text.indexOf('\n') + 1
  return `${text.slice(0, at)}${lines.join('\n')}\n${text.slice(at)}`
}

function fileChange(
  path: string,
  before: FileContent | undefined,
  after: FileContent | undefined,
  summary: string,
): FileChange {
  return { path, before, after, summary }
}
