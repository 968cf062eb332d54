import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { isGone, namesIn, readIfExists } from '../objects/read-if-exists.ts'
import { isReadFailure, PackSurprise } from './pack-surprise.ts'

/** A pack that is kept open, so that it stays readable when git puts another in its place. */
export interface OpenPack {
  /** Without `.pack` or `.idx`. */
  readonly path: string
  readonly file: number
  readonly bytes: number
  /** Its first 12 bytes, and its last 32. */
  readonly header: Buffer
  readonly end: Buffer
  readonly index: Buffer
}

const HEADER_BYTES = 12
const MAX_CHECKSUM_BYTES = 32

/**
 * Deeper chains of alternates git does not follow either: it begins to count at those of the
 * repository's own.
 */
const ALTERNATES_DEPTH = 6

/** Times the packs are listed anew because one vanished between listing and opening. */
const ATTEMPTS = 10

/**
 * The folders that hold objects: the repository's own and, through `info/alternates`, those it
 * borrows from.
 */
export function objectFolders(own: string): readonly string[] {
  const found = new Set<string>()
  const follow = (path: string, depth: number): void => {
    // As git does: `..` in what follows is that of the folder itself, not of a link to it.
    const folder = realpathSync(path)
    if (found.has(folder)) return
    found.add(folder)
    if (depth < ALTERNATES_DEPTH) for (const other of alternatesOf(folder)) follow(other, depth + 1)
  }
  follow(resolve(own), 0)
  return [...found]
}

/**
 * `info/alternates` has a path a line, relative to the folder; `#` begins a comment. Throws
 * PackSurprise where a line leads nowhere: it may be quoted, or not be UTF-8, and git may know what
 * to make of it.
 */
function alternatesOf(folder: string): readonly string[] {
  const text = readIfExists(join(folder, 'info', 'alternates'))?.toString('utf8') ?? ''
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const paths = lines.map((line) => resolve(folder, line))
  // The file system takes no path with a NUL byte.
  if (
    text.includes('\0') ||
    !paths.every((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory())
  )
    throw new PackSurprise('info/alternates leads to no folder')
  return paths
}

/**
 * Opens every pack of the folders, or those of some paths. Packs without an index are not in use.
 */
export function openPacks(
  folders: readonly string[],
  only?: readonly string[],
): readonly OpenPack[] {
  for (let attempt = 1; ; attempt += 1) {
    const open: OpenPack[] = []
    try {
      for (const path of packPaths(folders))
        if (only?.includes(path) !== false) open.push(openPack(path))
      return open
    } catch (error) {
      closePacks(open)
      if (attempt === ATTEMPTS || !isGone(error)) throw error
    }
  }
}

export function closePacks(packs: readonly OpenPack[]): void {
  for (const { file } of packs) closeSync(file)
}

/**
 * How much there is in packs of a folder and its alternates, roughly. Nothing where that cannot be
 * read: whoever reads it says why.
 */
export function bytesOfPacks(own: string): number {
  try {
    return packPaths(objectFolders(own)).reduce(
      (sum, path) => sum + (statSync(`${path}.pack`, { throwIfNoEntry: false })?.size ?? 0),
      0,
    )
  } catch (error) {
    if (!isReadFailure(error)) throw error
    return 0
  }
}

/** Paths of packs without their endings. */
export function packPaths(folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) => {
    const names = new Set(namesIn(join(folder, 'pack')))
    return [...names]
      .filter((name) => name.endsWith('.idx') && names.has(`${name.slice(0, -4)}.pack`))
      .map((name) => join(folder, 'pack', name.slice(0, -4)))
  })
}

function openPack(path: string): OpenPack {
  const file = openSync(`${path}.pack`, 'r')
  try {
    const bytes = fstatSync(file).size
    const ends = Buffer.alloc(HEADER_BYTES + MAX_CHECKSUM_BYTES)
    readSync(file, ends, 0, HEADER_BYTES, 0)
    readSync(file, ends, HEADER_BYTES, MAX_CHECKSUM_BYTES, Math.max(0, bytes - MAX_CHECKSUM_BYTES))
    return {
      path,
      file,
      bytes,
      header: ends.subarray(0, HEADER_BYTES),
      end: ends.subarray(HEADER_BYTES),
      index: readFileSync(`${path}.idx`),
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
}
