/**
 * The files of a store that end with a hash of all their other bytes: packs and their indexes, and
 * what else git reads there.
 */
import { closeSync, fstatSync, read, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { crypto } from '../../model/lazy-crypto.ts'
import { openRegularFile } from '../../model/regular-file.ts'
import { namesIn } from '../objects/read-if-exists.ts'

/** Paths of files that are checked together: a pack with its index, or one other file. */
export type FileGroup = readonly string[]

/** Files of git other than packs and their indexes, by the folders below `objects/`. */
const OTHER_FILES: readonly (readonly [folder: string, names: RegExp])[] = [
  ['pack', /\.(?:rev|bitmap|mtimes)$|^multi-pack-index$/],
  ['pack/multi-pack-index.d', /\.(?:midx|rev|bitmap)$/],
  ['info', /^commit-graph$/],
  ['info/commit-graphs', /\.graph$/],
]

/** Lists the files of some folders of objects. */
export function checksumFiles(folders: readonly string[]): readonly FileGroup[] {
  const pairs = packFiles(folders).filter((group) => group.length === 2)
  const others = folders.flatMap((folder) =>
    OTHER_FILES.flatMap(([below, names]) =>
      namesIn(join(folder, below))
        .filter((name) => names.test(name))
        .map((name) => [join(folder, below, name)]),
    ),
  )
  return [...pairs, ...others]
}

/** Lists packs without an index and indexes without a pack, neither of which git uses. */
export function loneFiles(folders: readonly string[]): readonly string[] {
  return packFiles(folders)
    .filter((group) => group.length === 1)
    .flat()
}

/** Groups packs and indexes by their names: the pack first, then its index. */
function packFiles(folders: readonly string[]): readonly FileGroup[] {
  return folders.flatMap((folder) => {
    const names = new Set(namesIn(join(folder, 'pack')))
    const stems = new Set(
      [...names].flatMap((name) => /^(.*)\.(?:pack|idx)$/s.exec(name)?.[1] ?? []),
    )
    return Array.from(stems, (stem) =>
      [`${stem}.pack`, `${stem}.idx`]
        .filter((name) => names.has(name))
        .map((name) => join(folder, 'pack', name)),
    )
  })
}

/** The state of a group of files. */
export interface FileState {
  /** Differs when one of the files was written again. It is hashed, since a path may be private. */
  readonly digest: string
  /** When a file was written last, in milliseconds since 1970. */
  readonly changedMs: number
}

/**
 * Returns the state of files; undefined when one of them is gone. Throws errors of the file system.
 */
export function stateOf(group: FileGroup): FileState | undefined {
  let changedMs = 0
  const texts: string[] = []
  for (const path of group) {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
    if (stats === undefined) return undefined
    changedMs = Math.max(changedMs, Number(stats.mtimeMs), Number(stats.ctimeMs))
    // Some file systems have no inodes; there the number is always the same.
    texts.push(`${path} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.ino}`)
  }
  const digest = crypto().createHash('sha256').update(texts.join('\n')).digest('hex')
  return { digest, changedMs }
}

/** Bytes that are hashed at once: they take the main thread about 3 ms. */
const CHUNK_BYTES = 4 << 20

const readInto = promisify(read)

/**
 * Returns the last `2 * idBytes` bytes of a file when it ends with the hash of all bytes before,
 * else undefined. Throws errors of the file system.
 */
export async function soundTail(
  path: string,
  idBytes: number,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const file = openRegularFile(path)
  try {
    const { size } = fstatSync(file)
    if (size < 2 * idBytes) return undefined
    const end = size - idBytes
    const hash = crypto().createHash(idBytes === 20 ? 'sha1' : 'sha256')
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end))
    for (let at = 0; at < end && !signal.aborted; ) {
      const length = Math.min(chunk.length, end - at)
      const { bytesRead } = await readInto(file, chunk, 0, length, at)
      if (bytesRead === 0) return undefined
      hash.update(chunk.subarray(0, bytesRead))
      at += bytesRead
    }
    const tail = Buffer.alloc(2 * idBytes)
    await readInto(file, tail, 0, tail.length, end - idBytes)
    return hash.digest().equals(tail.subarray(idBytes)) ? tail : undefined
  } finally {
    closeSync(file)
  }
}
