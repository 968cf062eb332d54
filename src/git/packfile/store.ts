import { closeSync, fstatSync, readSync, realpathSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openRegularFile, readRegularFile } from '../../model/regular-file.ts'
import { isGone, namesIn, readIfExists } from '../objects/read-if-exists.ts'
import { isReadFailure, PackSurprise } from './pack-surprise.ts'

/** An open pack: it stays readable when git replaces and deletes it. */
export interface OpenPack {
  /** Path without `.pack` or `.idx`. */
  readonly path: string
  readonly fd: number
  /** Bytes of the pack. */
  readonly size: number
  /** The first 12 bytes of the pack. */
  readonly header: Buffer
  /** The last 32 bytes of the pack, which end with its checksum. */
  readonly trailer: Buffer
  readonly indexBytes: Buffer
}

const HEADER_BYTES = 12
const MAX_CHECKSUM_BYTES = 32

/**
 * The depth to which git follows alternates of alternates; its count begins at those that the
 * repository itself names.
 */
const MAX_ALTERNATES_DEPTH = 6

/** Times the packs are listed when one vanishes between listing and opening. */
const MAX_ATTEMPTS = 10

/**
 * Returns the folders that hold a repository's objects: its own, and those it borrows from through
 * `info/alternates`. Throws PackSurprise, and errors of the file system.
 */
export function objectFolders(ownFolder: string): readonly string[] {
  const found = new Set<string>()
  const follow = (path: string, depth: number): void => {
    // As git does: `..` in a relative path starts from the real folder, not from a link to it.
    const folder = realpathSync(path)
    if (found.has(folder)) return
    found.add(folder)
    if (depth === MAX_ALTERNATES_DEPTH) return
    for (const alternate of alternatesOf(folder)) follow(alternate, depth + 1)
  }
  follow(resolve(ownFolder), 0)
  return [...found]
}

/**
 * Reads `info/alternates`: a path a line, relative to the folder; `#` begins a comment. Throws
 * PackSurprise when a path leads to no folder: it may be quoted or not be UTF-8, which git handles.
 */
function alternatesOf(folder: string): readonly string[] {
  const text = readIfExists(join(folder, 'info', 'alternates'))?.toString('utf8') ?? ''
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const paths = lines.map((line) => resolve(folder, line))
  if (!paths.every(isFolder)) throw new PackSurprise('info/alternates leads to no folder')
  return paths
}

function isFolder(path: string): boolean {
  // The file system accepts no path with a NUL byte.
  return !path.includes('\0') && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/**
 * Opens every pack of the folders, or only those at some paths. Packs without an index are not in
 * use and left alone.
 */
export function openPacks(
  folders: readonly string[],
  onlyPaths?: readonly string[],
): readonly OpenPack[] {
  for (let attempt = 1; ; attempt += 1) {
    const open: OpenPack[] = []
    try {
      for (const path of packPaths(folders))
        if (onlyPaths?.includes(path) !== false) open.push(openPack(path))
      return open
    } catch (error) {
      closePacks(open)
      if (attempt === MAX_ATTEMPTS || !isGone(error)) throw error
    }
  }
}

export function closePacks(packs: readonly OpenPack[]): void {
  for (const { fd } of packs) closeSync(fd)
}

/**
 * Returns roughly how many bytes the packs of a folder and its alternates have; 0 when that cannot
 * be read. The reader that opens the packs reports why.
 */
export function bytesOfPacks(ownFolder: string): number {
  try {
    return packPaths(objectFolders(ownFolder)).reduce(
      (sum, path) => sum + (statSync(`${path}.pack`, { throwIfNoEntry: false })?.size ?? 0),
      0,
    )
  } catch (error) {
    if (!isReadFailure(error)) throw error
    return 0
  }
}

/** Returns the paths of the folders' packs, without their endings. */
export function packPaths(folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) => {
    const names = new Set(namesIn(join(folder, 'pack')))
    return [...names]
      .filter((name) => name.endsWith('.idx') && names.has(`${name.slice(0, -4)}.pack`))
      .map((name) => join(folder, 'pack', name.slice(0, -4)))
  })
}

function openPack(path: string): OpenPack {
  const fd = openRegularFile(`${path}.pack`)
  try {
    const { size } = fstatSync(fd)
    const [header, trailer] = [Buffer.alloc(HEADER_BYTES), Buffer.alloc(MAX_CHECKSUM_BYTES)]
    readSync(fd, header, 0, HEADER_BYTES, 0)
    readSync(fd, trailer, 0, MAX_CHECKSUM_BYTES, Math.max(0, size - MAX_CHECKSUM_BYTES))
    return { path, fd, size, header, trailer, indexBytes: readRegularFile(`${path}.idx`) }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}
