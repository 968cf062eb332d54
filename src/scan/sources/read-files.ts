/** Reads files from disk, several at a time, in order. */
import { createReadStream, lstatSync, promises, readlinkSync, type Stats } from 'node:fs'
import pLimit from 'p-limit'
import { pathKey } from '../../git/commands/path.ts'
import { WINDOW_BYTES, windowsOf } from '../../git/objects/windows.ts'
import { type Limits, sizeSkip } from '../../model/limits.ts'
import type { Batch, RepoPath, Skip, SkipReason } from '../../model/model.ts'
import {
  OPEN_FLAGS_WITHOUT_LINKS,
  openRegularFile,
  readRegularFile,
} from '../../model/regular-file.ts'
import type { FileStatus } from './file-status.ts'
import { nameBlob } from './source-blobs.ts'

export interface FileToRead {
  /** Path as reports show it. */
  readonly path: RepoPath
  /** Path on disk. */
  readonly file: string | Buffer
  /** Error code, when it is known in advance that reading fails. */
  readonly unreadable?: string
  readonly status?: FileStatus | undefined
}

export interface ReadOptions {
  readonly limits: Limits
  /** True when a listed file may be missing on disk, which is then not reported. */
  readonly mayBeMissing: (path: RepoPath) => boolean
}

interface FileAccess {
  readonly lstat: (file: string | Buffer) => Stats | Promise<Stats>
  readonly readlink: (
    file: string | Buffer,
    options: { readonly encoding: 'buffer' },
  ) => Buffer | Promise<Buffer>
  /** Reads a file that `lstat` called regular. */
  readonly readFile: (file: string | Buffer) => Buffer | Promise<Buffer>
}

/** For one file at a time: asynchronous calls would start Node's thread pool for no gain. */
const synchronousAccess: FileAccess = {
  lstat: lstatSync,
  readlink: readlinkSync,
  readFile: (file) => readRegularFile(file, OPEN_FLAGS_WITHOUT_LINKS),
}

const asynchronousAccess: FileAccess = {
  lstat: promises.lstat,
  readlink: promises.readlink,
  readFile: (file) => promises.readFile(file, { flag: OPEN_FLAGS_WITHOUT_LINKS }),
}

/** `stream` for a file of several windows; undefined for a file that may be missing, and is. */
type FileContent = { readonly bytes: Uint8Array } | 'stream' | Skip | undefined

/** A file whose content is being read. */
interface PendingFile extends FileToRead {
  readonly content: Promise<FileContent>
}

/**
 * Reads files from disk, several at a time, and yields them in order. Links are not followed: as in
 * git, their content is the path they hold. Files over one window are streamed.
 */
export async function* readFiles(
  files: AsyncIterable<FileToRead> | Iterable<FileToRead>,
  options: ReadOptions,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const { jobs } = options.limits
  const limit = pLimit(jobs)
  const access = jobs === 1 ? synchronousAccess : asynchronousAccess
  const pending: PendingFile[] = []
  for await (const file of files) {
    if (signal.aborted) return
    pending.push({ ...file, content: limit(load, file, options, access) })
    if (pending.length >= jobs * 2) yield* blobsOf(pending.shift(), signal)
  }
  while (pending.length > 0 && !signal.aborted) yield* blobsOf(pending.shift(), signal)
}

async function load(
  { path, file, unreadable }: FileToRead,
  { limits, mayBeMissing }: ReadOptions,
  access: FileAccess,
): Promise<FileContent> {
  if (unreadable !== undefined) return fileSkip('failed', 'unreadable', path, unreadable)
  try {
    const stat = await access.lstat(file)
    if (stat.isSymbolicLink()) return { bytes: await access.readlink(file, { encoding: 'buffer' }) }
    if (stat.isDirectory()) return fileSkip('bounded', 'submodule', path, 'a repository of its own')
    if (!stat.isFile()) return fileSkip('bounded', 'special-file', path)
    const skip = sizeSkip(stat.size, limits.maxBlobBytes, { path })
    if (skip !== undefined) return skip
    return stat.size > WINDOW_BYTES ? 'stream' : { bytes: await access.readFile(file) }
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' && mayBeMissing(path)) return undefined
    return fileSkip('failed', 'unreadable', path, code)
  }
}

/** Yields the name of a file, then its content or the reason why there is none. */
async function* blobsOf(
  pending: PendingFile | undefined,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const content = await pending?.content
  if (pending === undefined || content === undefined) return
  const { path, file, status } = pending
  yield [nameBlob(path, { kind: 'file' })]
  if (content !== 'stream' && 'outcome' in content) {
    yield [content]
    return
  }
  const blob = {
    id: pathKey(path),
    kind: 'blob',
    origins: [{ kind: 'file', path, ...status }],
  } as const
  if (content !== 'stream') {
    yield [{ ...blob, start: 0, bytes: content.bytes, last: true }]
    return
  }
  try {
    const stream = createReadStream('', {
      fd: openRegularFile(file, OPEN_FLAGS_WITHOUT_LINKS),
      highWaterMark: 1 << 20,
      signal,
    })
    for await (const window of windowsOf(stream)) yield [{ ...blob, ...window }]
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (!signal.aborted) yield [fileSkip('failed', 'unreadable', path, message)]
  }
}

/** Returns the error code of the system, such as `ENOENT` or `EACCES`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

function fileSkip(
  outcome: Skip['outcome'],
  reason: SkipReason,
  path: RepoPath,
  detail?: string,
): Skip {
  return { outcome, reason, path, ...(detail === undefined ? {} : { detail }) }
}
