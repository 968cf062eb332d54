/**
 * What there is to be done about env files, worked out before anything is touched. Paths have a
 * byte in each character.
 */
import { lstatSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { envFamilyOf } from '../../scan/env-files/family.ts'
import { UsageError } from '../../model/errors.ts'
import { zFields } from '../../git/commands/path.ts'
import { type GitCall, readGit } from '../../git/commands/run.ts'
import { type EnvFile, findEnvFiles } from './env-files.ts'
import { ignoredByRepository, ignoreFileFor, ignoreLine, withLines } from './ignore.ts'
import { type IsHarmless, templateOf } from './template.ts'

/** A file that is written or added to. */
export interface FileChange {
  readonly path: string
  /** Undefined where there is none yet. */
  readonly before: Buffer | undefined
  readonly after: Buffer
}

/** All of it. */
export interface Fix {
  readonly changes: readonly FileChange[]
  /** Tracked env files: they leave the index and stay on disk. */
  readonly untrack: readonly string[]
  /** Env files that have to be ignored when all is done, and templates that must not. */
  readonly ignored: readonly string[]
  readonly notIgnored: readonly string[]
  /** In words: what is left alone and why. */
  readonly remarks: readonly string[]
}

export interface FixRequest {
  readonly call: GitCall & { readonly top: string }
  /** From the top; none for the whole work tree. */
  readonly paths: readonly string[]
  readonly isHarmless: IsHarmless
}

/**
 * Looks at everything and writes nothing. UsageError where a file that would have to be written is
 * none to write to.
 */
export async function planFix({ call, paths, isHarmless }: FixRequest): Promise<Fix> {
  const found = await findEnvFiles(call, paths)
  const here = { ...call, cwd: call.top }
  const ignored = await ignoredByRepository(
    here,
    found.files.map(({ path }) => path),
  )
  const toFix = found.files.filter(({ path, tracked }) => tracked || !ignored.has(path))
  await refuseLosing(
    here,
    toFix.flatMap(({ path, tracked }) => (tracked ? [path] : [])),
  )
  const remarks = [...found.skipped]
  const templates =
    toFix.length === 0 ? [] : planTemplates(call.top, toFix, { isHarmless, remarks })
  const mustStay = [...new Set([...templates.map(({ path }) => path), ...found.templates])]
  const hidden = await ignoredByRepository(
    here,
    templates.map(({ path }) => path),
  )
  const ignores = await planIgnores(call.top, {
    all: found.files,
    lacking: toFix.filter(({ path }) => !ignored.has(path)).map(({ path }) => path),
    hidden: [...hidden],
  })
  return {
    changes: [...ignores, ...templates].filter(
      ({ before, after }) => before === undefined || !before.equals(after),
    ),
    untrack: toFix.flatMap(({ path, tracked }) => (tracked ? [path] : [])),
    ignored: toFix.map(({ path }) => path),
    notIgnored: mustStay.filter((path) => templates.some((template) => template.path === path)),
    remarks,
  }
}

/**
 * What is staged and neither on disk nor in the last commit would be nowhere any more; so says `git
 * rm --cached`, too.
 */
async function refuseLosing(call: GitCall, tracked: readonly string[]): Promise<void> {
  if (tracked.length === 0) return
  const onDisk = await readGit({
    ...call,
    args: ['diff-files', '--name-only', '--diff-filter=M', '-z'],
  })
  const changed = new Set(Array.from(zFields(onDisk), (field) => field.toString('latin1')))
  const doubtful = tracked.filter((path) => changed.has(path))
  if (doubtful.length === 0) return
  // Before the first commit all that is staged is new.
  const staged = await readGit({
    ...call,
    args: ['diff-index', '--cached', '--name-only', '-z', 'HEAD'],
  }).catch(() => undefined)
  const isStaged = (path: string): boolean =>
    staged === undefined ||
    Array.from(zFields(staged)).some((field) => field.toString('latin1') === path)
  const lost = doubtful.find(isStaged)
  if (lost !== undefined)
    throw new UsageError(
      `what is staged of ${Buffer.from(lost, 'latin1').toString('utf8')} is neither on disk nor in the last commit, and would be lost: stage it as it is now, then fix`,
    )
}

interface IgnoreRequest {
  readonly all: readonly EnvFile[]
  readonly lacking: readonly string[]
  /** Templates that a line there is would hide. */
  readonly hidden: readonly string[]
}

async function planIgnores(
  top: string,
  { all, lacking, hidden }: IgnoreRequest,
): Promise<readonly FileChange[]> {
  const lines = new Map<string, Set<string>>()
  const isThere = (path: string): boolean =>
    lstatSync(diskPath(top, path), { throwIfNoEntry: false }) !== undefined
  const addTo = (file: string, line: string): void =>
    void lines.set(file, (lines.get(file) ?? new Set()).add(line))
  for (const path of lacking) {
    const file = ignoreFileFor(path, isThere)
    const namesakes = all.filter(
      (one) => posix.basename(one.path) === posix.basename(path) && one.path !== path,
    )
    addTo(
      file,
      ignoreLine(
        path,
        file,
        namesakes.every((one) => !one.tracked || lacking.includes(one.path)),
      ),
    )
  }
  for (const path of hidden) {
    const file = ignoreFileFor(path, isThere)
    addTo(file, `!${ignoreLine(path, file, true).replace(/^\\(?=[#!])/, '')}`)
  }
  return Array.from(lines, ([path, added]) => {
    const before = readPlainFile(top, path)
    return {
      path,
      before,
      after: Buffer.from(withLines(before?.toString('latin1') ?? '', [...added]), 'latin1'),
    }
  })
}

/**
 * One template a folder for `.env` and its kin, which are read together; `prod.env` has its own.
 */
function planTemplates(
  top: string,
  files: readonly EnvFile[],
  { isHarmless, remarks }: { readonly isHarmless: IsHarmless; readonly remarks: string[] },
): readonly FileChange[] {
  const texts = new Map<string, string[]>()
  for (const { path, text } of files.toSorted(
    (a, b) => a.path.length - b.path.length || (a.path < b.path ? -1 : 1),
  )) {
    const template = templateFor(top, path)
    texts.set(template, [...(texts.get(template) ?? []), text])
  }
  return Array.from(texts, ([path, sources]) => {
    const before = readPlainFile(top, path)
    const { text, comments } = templateOf(sources, before?.toString('latin1'), isHarmless)
    if (comments > 0)
      remarks.push(`${path}: ${comments} of the comments left out, as they may hold a secret`)
    return { path, before, after: Buffer.from(text, 'latin1') }
  })
}

/** Templates people have beside a `.env`, the usual one first. */
const usual = [
  '.env.example',
  '.env.sample',
  '.env.template',
  '.env.dist',
  '.env-example',
  '.env.defaults',
]

function templateFor(top: string, path: string): string {
  const [folder, name] = [posix.dirname(path), posix.basename(path)]
  const names = name.startsWith('.env') ? usual : [`${name}.example`]
  const at = (one: string): string => posix.join(folder, one)
  const there = names.find(
    (one) =>
      envFamilyOf(one) === 'template' &&
      lstatSync(diskPath(top, at(one)), { throwIfNoEntry: false }) !== undefined,
  )
  return at(there ?? names[0] ?? '.env.example')
}

/** The place of a path on disk. */
export function diskPath(top: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${top}/`), Buffer.from(path, 'latin1')])
}

function readPlainFile(top: string, path: string): Buffer | undefined {
  const place = diskPath(top, path)
  const found = lstatSync(place, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  if (!found.isFile())
    throw new UsageError(
      `${Buffer.from(path, 'latin1').toString('utf8')} is ${found.isSymbolicLink() ? 'a symbolic link, which is not followed' : 'no regular file'}: make it one, then fix`,
    )
  return readFileSync(place)
}
