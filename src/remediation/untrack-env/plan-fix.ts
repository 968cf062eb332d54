/**
 * Plans the changes that keep env files out of git, without writing anything. Paths have one byte
 * in each character.
 */
import { isUtf8 } from 'node:buffer'
import { lstatSync } from 'node:fs'
import { posix } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import { envFamilyOf } from '../../scan/env-files/family.ts'
import { countOf } from '../../report/terminal/units.ts'
import { UsageError } from '../../model/errors.ts'
import { zFields } from '../../git/commands/path.ts'
import { type GitCall, readGit } from '../../git/commands/run.ts'
import { diskPath, latin1ToUtf8 } from './byte-paths.ts'
import { type EnvFile, findEnvFiles } from './env-files.ts'
import { ignoredByRepository, ignoreFileFor, ignoreLine, withLines } from './ignore.ts'
import { type IsHarmless, templateOf } from './template.ts'

/** A file to create or to append to. */
export interface FileChange {
  readonly path: string
  /** Undefined for a new file. */
  readonly before: Buffer | undefined
  readonly after: Buffer
}

export interface Fix {
  readonly changes: readonly FileChange[]
  /** Tracked env files to remove from the index; they stay on disk. */
  readonly untrack: readonly string[]
  /** Env files that git must ignore after the fix. */
  readonly ignored: readonly string[]
  /** Templates that git must not ignore after the fix. */
  readonly notIgnored: readonly string[]
  /** Texts that say what the fix skips, and why. */
  readonly remarks: readonly string[]
}

export interface FixRequest {
  readonly call: GitCall & { readonly top: string }
  /** Paths from the top; empty for the whole work tree. */
  readonly paths: readonly string[]
  readonly isHarmless: IsHarmless
}

/** Plans the fix. Throws a UsageError for a file that would have to be written but cannot be. */
export async function planFix({ call, paths, isHarmless }: FixRequest): Promise<Fix> {
  const topCall = { ...call, cwd: call.top }
  const { files, templates: existingTemplates, skipped } = await findEnvFiles(call, paths)
  const ignored = await ignoredByRepository(
    topCall,
    files.map(({ path }) => path),
  )
  const toFix = files.filter(({ path, tracked }) => tracked || !ignored.has(path))
  const untrack = toFix.filter(({ tracked }) => tracked).map(({ path }) => path)
  await refuseLosingContent(topCall, untrack)
  const remarks = [...skipped]
  const templates =
    toFix.length === 0 ? [] : planTemplates(call.top, toFix, { isHarmless, remarks })
  const templatePaths = templates.map(({ path }) => path)
  const allTemplates = [...new Set([...templatePaths, ...existingTemplates])]
  const hiddenTemplates = await ignoredByRepository(topCall, templatePaths)
  const ignoreChanges = planIgnoreChanges(call.top, {
    files,
    missing: toFix.filter(({ path }) => !ignored.has(path)).map(({ path }) => path),
    hiddenTemplates: [...hiddenTemplates],
  })
  return {
    changes: [...ignoreChanges, ...templates].filter(
      ({ before, after }) => before === undefined || !before.equals(after),
    ),
    untrack,
    ignored: toFix.map(({ path }) => path),
    notIgnored: allTemplates.filter((path) => templatePaths.includes(path)),
    remarks,
  }
}

/**
 * Throws a UsageError for a tracked file whose staged content is neither on disk nor in the last
 * commit: removing it from the index would lose that content. `git rm --cached` refuses it too.
 */
async function refuseLosingContent(call: GitCall, tracked: readonly string[]): Promise<void> {
  if (tracked.length === 0) return
  const differingFromDisk = pathsIn(
    await readGit({ ...call, args: ['diff-files', '--name-only', '--diff-filter=M', '-z'] }),
  )
  const candidates = tracked.filter((path) => differingFromDisk.has(path))
  if (candidates.length === 0) return
  // Without paths git visits all of HEAD, which can have 10^10. Node cannot pass a path that is not
  // UTF-8. The command fails before the first commit, when everything staged is new.
  const differingFromHead = await readGit({
    ...call,
    args: ['diff-index', '--cached', '--name-only', '-z', 'HEAD', ...literalPathspecs(candidates)],
  }).then(pathsIn, () => undefined)
  const lost = candidates.find((path) => differingFromHead?.has(path) ?? true)
  if (lost !== undefined)
    throw new UsageError(
      `the staged content of ${latin1ToUtf8(lost)} is neither on disk nor in the last commit, ` +
        'and would be lost: stage the file as it is now, then run fix',
    )
}

/**
 * Returns arguments that limit a command to some paths, which GIT_LITERAL_PATHSPECS makes literal;
 * none when one of the paths is not UTF-8.
 */
function literalPathspecs(paths: readonly string[]): readonly string[] {
  const bytes = paths.map((path) => Buffer.from(path, 'latin1'))
  return bytes.every((path) => isUtf8(path))
    ? ['--', ...bytes.map((path) => path.toString('utf8'))]
    : []
}

function pathsIn(output: Buffer): ReadonlySet<string> {
  return new Set(Array.from(zFields(output), (field) => field.toString('latin1')))
}

interface IgnoreRequest {
  readonly files: readonly EnvFile[]
  /** Files that need a line in a `.gitignore`. */
  readonly missing: readonly string[]
  /** Templates that an existing line ignores. */
  readonly hiddenTemplates: readonly string[]
}

function planIgnoreChanges(
  top: string,
  { files, missing, hiddenTemplates }: IgnoreRequest,
): readonly FileChange[] {
  const linesByFile = new Map<string, Set<string>>()
  const exists = (path: string): boolean =>
    lstatSync(diskPath(top, path), { throwIfNoEntry: false }) !== undefined
  const addLine = (file: string, line: string): void =>
    void linesByFile.set(file, (linesByFile.get(file) ?? new Set()).add(line))
  for (const path of missing) {
    const ignoreFile = ignoreFileFor(path, exists)
    const namesakes = files.filter(
      (file) => posix.basename(file.path) === posix.basename(path) && file.path !== path,
    )
    const isNameEnough = namesakes.every((file) => !file.tracked || missing.includes(file.path))
    addLine(ignoreFile, ignoreLine(path, ignoreFile, isNameEnough))
  }
  for (const path of hiddenTemplates) {
    const ignoreFile = ignoreFileFor(path, exists)
    // Behind `!` a leading `#` or `!` of the name needs no backslash.
    addLine(ignoreFile, `!${ignoreLine(path, ignoreFile, true).replace(/^\\(?=[#!])/, '')}`)
  }
  return Array.from(linesByFile, ([path, lines]) => {
    const before = readUnlinkedFile(top, path)
    return {
      path,
      before,
      after: Buffer.from(withLines(before?.toString('latin1') ?? '', [...lines]), 'latin1'),
    }
  })
}

/**
 * Plans the templates. All files named `.env…` of a folder share one, since programs read them
 * together; a file such as `prod.env` has its own.
 */
function planTemplates(
  top: string,
  files: readonly EnvFile[],
  { isHarmless, remarks }: { readonly isHarmless: IsHarmless; readonly remarks: string[] },
): readonly FileChange[] {
  const textsByTemplate = new Map<string, string[]>()
  for (const { path, text } of files.toSorted(
    (a, b) => a.path.length - b.path.length || (a.path < b.path ? -1 : 1),
  )) {
    const template = templateFor(top, path)
    textsByTemplate.set(template, [...(textsByTemplate.get(template) ?? []), text])
  }
  return Array.from(textsByTemplate, ([path, texts]) => {
    const before = readUnlinkedFile(top, path)
    const { text, skippedComments } = templateOf(texts, before?.toString('latin1'), isHarmless)
    if (skippedComments > 0)
      remarks.push(
        `${path}: skipped ${countOf(skippedComments, 'comment')} that may contain a secret`,
      )
    return { path, before, after: Buffer.from(text, 'latin1') }
  })
}

/** Names of templates beside a `.env`, the most common first. */
const templateNames = [
  '.env.example',
  '.env.sample',
  '.env.template',
  '.env.dist',
  '.env-example',
  '.env.defaults',
]

/** Returns the existing template of an env file, or the path for a new one. */
function templateFor(top: string, path: string): string {
  const [folder, name] = [posix.dirname(path), posix.basename(path)]
  const names = name.startsWith('.env') ? templateNames : [`${name}.example`]
  const existing = names.find(
    (candidate) =>
      envFamilyOf(candidate) === 'template' &&
      lstatSync(diskPath(top, posix.join(folder, candidate)), { throwIfNoEntry: false }) !==
        undefined,
  )
  return posix.join(folder, existing ?? names[0] ?? '.env.example')
}

function readUnlinkedFile(top: string, path: string): Buffer | undefined {
  const place = diskPath(top, path)
  const stat = lstatSync(place, { throwIfNoEntry: false })
  if (stat === undefined) return undefined
  if (!stat.isFile()) {
    const kind = stat.isSymbolicLink()
      ? 'a symbolic link, which is not followed'
      : 'not a regular file'
    throw new UsageError(`${latin1ToUtf8(path)} is ${kind}: make it a regular file, then run fix`)
  }
  return readRegularFile(place)
}
