/**
 * The env files of a work tree that are meant to stay with their owner, and what git does with
 * them.
 */
import { lstatSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { isPrivateEnv } from '../../scan/env-files/classify-file.ts'
import { envFamilyOf } from '../../scan/env-files/family.ts'
import { UsageError } from '../../model/errors.ts'
import { zFields } from '../../git/commands/path.ts'
import { type GitCall, readGit } from '../../git/commands/run.ts'

/** More than anybody writes by hand. */
const MAX_BYTES = 1 << 20

/** One of them. Paths are from the top of the work tree, with a byte in each character. */
export interface EnvFile {
  readonly path: string
  readonly tracked: boolean
  /** What the work tree has, or where that has none, the index; a byte in each character. */
  readonly text: string
}

/** What is in a work tree, as far as this is about env files. */
export interface EnvFiles {
  readonly files: readonly EnvFile[]
  /** Files whose names say that they are to be copied and filled in. */
  readonly templates: readonly string[]
  /** Names of env files that are left alone, with why. */
  readonly skipped: readonly string[]
}

interface EnvFileEntry {
  readonly path: string
  readonly tracked?: { readonly mode: string; readonly id: string }
}

/**
 * All of them, or those at `paths` (from the top). What only the user's own ignore files cover
 * counts as not ignored: others who clone do not have those.
 */
export async function findEnvFiles(
  call: GitCall & { readonly top: string },
  paths: readonly string[],
): Promise<EnvFiles> {
  const here = { ...call, cwd: call.top }
  const limits = paths.length === 0 ? [] : ['--', ...paths]
  const staged = await readGit({ ...here, args: ['ls-files', '-z', '--stage', ...limits] })
  const others = await readGit({
    ...here,
    args: ['ls-files', '-z', '--others', '--exclude-per-directory=.gitignore', ...limits],
  })
  const entries: readonly EnvFileEntry[] = [
    ...Array.from(zFields(staged), trackedEntry),
    ...Array.from(zFields(others), (name) => ({ path: name.toString('latin1') })),
  ]
  const files: EnvFile[] = []
  const left: string[] = []
  const templates: string[] = []
  for (const entry of entries) {
    const family = envFamilyOf(posix.basename(Buffer.from(entry.path, 'latin1').toString('utf8')))
    if (family === 'template') templates.push(entry.path)
    if (family !== 'env') continue
    const read = await readEntry(here, entry)
    if (read.why !== undefined) left.push(`${entry.path}: ${read.why}`)
    else if (isPrivateEnv(entry.path, read.text))
      files.push({ path: entry.path, tracked: entry.tracked !== undefined, text: read.text })
    else left.push(`${entry.path}: it holds nothing in clear, or is made to be committed`)
  }
  return { files, templates, skipped: left }
}

/** `100644 3b18e51… 0\t.env` */
function trackedEntry(field: Buffer): EnvFileEntry {
  const tab = field.indexOf(9)
  const [mode = '', id = '', stage = ''] = field.toString('latin1', 0, tab).split(' ')
  const path = field.toString('latin1', tab + 1)
  if (stage !== '0')
    throw new UsageError(
      `${Buffer.from(path, 'latin1').toString('utf8')} has a conflict: resolve it, then fix`,
    )
  return { path, tracked: { mode, id } }
}

type EnvFileReading = { readonly text: string; readonly why?: undefined } | { readonly why: string }

async function readEntry(call: GitCall, { path, tracked }: EnvFileEntry): Promise<EnvFileReading> {
  const place = Buffer.concat([Buffer.from(`${call.cwd}/`), Buffer.from(path, 'latin1')])
  const found = lstatSync(place, { throwIfNoEntry: false })
  if (found?.isSymbolicLink() || tracked?.mode === '120000')
    return { why: 'it is a symbolic link, which is not followed' }
  if (tracked?.mode === '160000' || found?.isDirectory())
    return { why: 'it is a repository of its own' }
  if (found === undefined && tracked !== undefined) {
    return { text: textOf(await readGit({ ...call, args: ['cat-file', 'blob', tracked.id] })) }
  }
  if (found === undefined || !found.isFile()) return { why: 'it is no regular file' }
  if (found.size > MAX_BYTES) return { why: 'it is too large for an env file' }
  return { text: textOf(readFileSync(place)) }
}

/** UTF-16 without its zeros, since what counts is ASCII. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString('latin1')
  return /^(?:\u00ff\u00fe|\u00fe\u00ff)/.test(text) ? text.slice(2).replaceAll('\0', '') : text
}
