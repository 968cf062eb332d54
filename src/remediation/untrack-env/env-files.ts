/** Finds the env files of a work tree that should not be committed, and whether git tracks them. */
import { lstatSync } from 'node:fs'
import { readRegularFile } from '../../model/regular-file.ts'
import { isPrivateEnv } from '../../scan/env-files/classify-file.ts'
import { envFamilyOf } from '../../scan/env-files/family.ts'
import { UsageError } from '../../model/errors.ts'
import { zFields } from '../../git/commands/path.ts'
import { type GitCall, readGit } from '../../git/commands/run.ts'
import { diskPath, latin1ToUtf8 } from './byte-paths.ts'

/** Limit for the size of an env file; nobody writes larger ones by hand. */
const MAX_BYTES = 1 << 20

/** A private env file. */
export interface EnvFile {
  /** Path from the top of the work tree, with one byte in each character. */
  readonly path: string
  readonly tracked: boolean
  /** Content in the work tree, or without a file there in the index; one byte in each character. */
  readonly text: string
}

export interface EnvFiles {
  readonly files: readonly EnvFile[]
  /** Paths of templates such as `.env.example`. */
  readonly templates: readonly string[]
  /** Paths of env files that need no fix or cannot be fixed, each with the reason. */
  readonly skipped: readonly string[]
}

interface EnvFileEntry {
  readonly path: string
  /** Index entry of a tracked file. */
  readonly tracked?: { readonly mode: string; readonly id: string }
}

/**
 * Finds all env files, or those at `paths` (from the top). A file that only the user's own ignore
 * files cover counts as not ignored: other clones do not have those files.
 */
export async function findEnvFiles(
  call: GitCall & { readonly top: string },
  paths: readonly string[],
): Promise<EnvFiles> {
  const topCall = { ...call, cwd: call.top }
  const files: EnvFile[] = []
  const skipped: string[] = []
  const templates: string[] = []
  for (const entry of await listFiles(topCall, paths)) {
    const family = envFamilyOf(latin1ToUtf8(entry.path))
    if (family === 'template') templates.push(entry.path)
    if (family !== 'env') continue
    const reading = await readEntry(topCall, entry)
    if (reading.problem !== undefined) skipped.push(`${entry.path}: ${reading.problem}`)
    else if (isPrivateEnv(entry.path, reading.text))
      files.push({ path: entry.path, tracked: entry.tracked !== undefined, text: reading.text })
    else skipped.push(`${entry.path}: it has no values in clear text, or is meant to be committed`)
  }
  return { files, templates, skipped }
}

/** Lists tracked files, and untracked ones that no `.gitignore` covers. */
async function listFiles(
  call: GitCall,
  paths: readonly string[],
): Promise<readonly EnvFileEntry[]> {
  const pathspec = paths.length === 0 ? [] : ['--', ...paths]
  const tracked = await readGit({ ...call, args: ['ls-files', '-z', '--stage', ...pathspec] })
  const untracked = await readGit({
    ...call,
    args: ['ls-files', '-z', '--others', '--exclude-per-directory=.gitignore', ...pathspec],
  })
  return [
    ...Array.from(zFields(tracked), parseIndexEntry),
    ...Array.from(zFields(untracked), (name) => ({ path: name.toString('latin1') })),
  ]
}

/** Parses `100644 3b18e51… 0\t.env`. */
function parseIndexEntry(field: Buffer): EnvFileEntry {
  const tab = field.indexOf(9)
  const [mode = '', id = '', stage = ''] = field.toString('latin1', 0, tab).split(' ')
  const path = field.toString('latin1', tab + 1)
  if (stage !== '0')
    throw new UsageError(`${latin1ToUtf8(path)} has a merge conflict: resolve it, then run fix`)
  return { path, tracked: { mode, id } }
}

type EnvFileReading =
  | { readonly text: string; readonly problem?: undefined }
  | { readonly problem: string }

async function readEntry(call: GitCall, { path, tracked }: EnvFileEntry): Promise<EnvFileReading> {
  const place = diskPath(call.cwd, path)
  const stat = lstatSync(place, { throwIfNoEntry: false })
  if (stat?.isSymbolicLink() || tracked?.mode === '120000')
    return { problem: 'it is a symbolic link, which is not followed' }
  if (tracked?.mode === '160000' || stat?.isDirectory())
    return { problem: 'it is a separate repository' }
  if (stat === undefined && tracked !== undefined) {
    return { text: decode(await readGit({ ...call, args: ['cat-file', 'blob', tracked.id] })) }
  }
  if (stat === undefined || !stat.isFile()) return { problem: 'it is not a regular file' }
  if (stat.size > MAX_BYTES) return { problem: 'it is too large for an env file' }
  return { text: decode(readRegularFile(place)) }
}

/** Decodes a file with one byte in each character; UTF-16 loses its zero bytes, as keys are ASCII. */
function decode(bytes: Buffer): string {
  const text = bytes.toString('latin1')
  return /^(?:\u00ff\u00fe|\u00fe\u00ff)/.test(text) ? text.slice(2).replaceAll('\0', '') : text
}
