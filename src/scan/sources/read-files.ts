import {
  createReadStream,
  lstatSync,
  promises,
  readFileSync,
  readlinkSync,
  type Stats,
} from 'node:fs'
import pLimit from 'p-limit'
import { pathKey } from '../../git/commands/path.ts'
import { WINDOW_BYTES, windowsOf } from '../../git/objects/windows.ts'
import type { Batch, Origin, RepoPath, Skip, SkipReason } from '../../model/model.ts'
import { nameBlob } from './name.ts'

/** A file to read: what it is called in reports, and where it is. */
export interface FileToRead {
  readonly path: RepoPath
  readonly file: string | Buffer
  /** It is known already that it cannot be read, and why. */
  readonly unreadable?: string
  /** What its origin says beside that. */
  readonly status?: Pick<Origin, 'state' | 'isEnvFile'> | undefined
}

export interface ReadOptions {
  readonly jobs: number
  readonly maxBytes: number | undefined
  /** May a file that was listed be gone? Then it is not worth a word. */
  readonly mayBeGone: (path: RepoPath) => boolean
}

interface FileAccess {
  readonly lstat: (file: string | Buffer) => Stats | Promise<Stats>
  readonly readlink: (
    file: string | Buffer,
    options: { readonly encoding: 'buffer' },
  ) => Buffer | Promise<Buffer>
  readonly readFile: (file: string | Buffer) => Buffer | Promise<Buffer>
}

/**
 * Where one file is read at a time nothing goes on meanwhile, and the threads with which node reads
 * are not worth starting.
 */
const atOnce: FileAccess = { lstat: lstatSync, readlink: readlinkSync, readFile: readFileSync }

type FileContent = { readonly bytes: Uint8Array } | 'large' | Skip | undefined

/**
 * Reads files on disk, several at a time, and gives them in order. Links are not followed: as in
 * git, their content is the target they name. Files over a window are streamed.
 */
export async function* readFiles(
  files: AsyncIterable<FileToRead> | Iterable<FileToRead>,
  options: ReadOptions,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const limit = pLimit(options.jobs)
  const disk = options.jobs === 1 ? atOnce : promises
  const ahead: PendingFile[] = []
  for await (const named of files) {
    if (signal.aborted) return
    ahead.push({ ...named, loaded: limit(load, named, options, disk) })
    if (ahead.length >= options.jobs * 2) yield* give(ahead.shift(), signal)
  }
  while (ahead.length > 0 && !signal.aborted) yield* give(ahead.shift(), signal)
}

interface PendingFile extends FileToRead {
  readonly loaded: Promise<FileContent>
}

async function load(
  { path, file, unreadable }: FileToRead,
  options: ReadOptions,
  disk: FileAccess,
): Promise<FileContent> {
  if (unreadable !== undefined) return skip('failed', 'unreadable', path, unreadable)
  try {
    const stat = await disk.lstat(file)
    if (stat.isSymbolicLink()) return { bytes: await disk.readlink(file, { encoding: 'buffer' }) }
    if (stat.isDirectory()) return skip('bounded', 'submodule', path, 'a repository of its own')
    if (!stat.isFile()) return skip('bounded', 'special-file', path)
    if (options.maxBytes !== undefined && stat.size > options.maxBytes)
      return skip('bounded', 'too-large', path, `${stat.size} bytes`)
    return stat.size > WINDOW_BYTES ? 'large' : { bytes: await disk.readFile(file) }
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' && options.mayBeGone(path)) return undefined
    return skip('failed', 'unreadable', path, code)
  }
}

async function* give(item: PendingFile | undefined, signal: AbortSignal): AsyncGenerator<Batch> {
  const loaded = await item?.loaded
  if (item === undefined || loaded === undefined) return
  yield [nameBlob(item.path, { kind: 'file' })]
  if (loaded !== 'large' && 'outcome' in loaded) {
    yield [loaded]
    return
  }
  const blob = {
    id: pathKey(item.path),
    kind: 'blob',
    origins: [{ kind: 'file', path: item.path, ...item.status }],
  } as const
  if (loaded !== 'large') {
    yield [{ ...blob, start: 0, bytes: loaded.bytes, last: true }]
    return
  }
  try {
    for await (const window of windowsOf(
      createReadStream(item.file, { highWaterMark: 1 << 20, signal }),
    ))
      yield [{ ...blob, ...window }]
  } catch (error) {
    if (!signal.aborted)
      yield [
        skip(
          'failed',
          'unreadable',
          item.path,
          error instanceof Error ? error.message : String(error),
        ),
      ]
  }
}

/** `ENOENT`, `EACCES`: what the system says. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

function skip(outcome: Skip['outcome'], reason: SkipReason, path: RepoPath, detail?: string): Skip {
  return { outcome, reason, path, ...(detail === undefined ? {} : { detail }) }
}
