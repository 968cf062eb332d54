/** Remembers a folder file by file, to see whether a run wrote into it. */
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** For each path below the folder: kind, mode, time of change, and a digest of the content. */
export type Snapshot = ReadonlyMap<string, string>

export function snapshotOf(folder: string): Snapshot {
  const rows = new Map<string, string>()
  const visit = (path: string): void => {
    const stats = lstatSync(join(folder, path), { bigint: true })
    const time = `${stats.mode.toString(8)} ${stats.mtimeNs}`
    if (stats.isDirectory()) {
      rows.set(path, time)
      for (const name of readdirSync(join(folder, path))) visit(join(path, name))
    } else if (stats.isFile()) rows.set(path, `${time} ${digestOf(join(folder, path))}`)
    else if (stats.isSymbolicLink()) rows.set(path, readlinkSync(join(folder, path)))
    else rows.set(path, time)
  }
  visit('.')
  return rows
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16)
}

/**
 * Files whose time git renews when it reads a split or a sparse index: no setting prevents that.
 */
const renewedFiles = /(?:^|\/)(?:sharedindex\.[0-9a-f]+|objects\/[0-9a-f]{2}\/[0-9a-f]{38,62})$/

function withoutTime(row: string | undefined): string | undefined {
  return row?.replace(/ \d+/, '')
}

function isRenewed(path: string, before: string | undefined, after: string | undefined): boolean {
  return renewedFiles.test(path) && withoutTime(before) === withoutTime(after)
}

/** Paths that differ, but those that `mayChange` excuses. */
export function changedPaths(
  before: Snapshot,
  after: Snapshot,
  mayChange: (path: string) => boolean = () => false,
): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])]
  return paths.filter((path) => {
    const [rowBefore, rowAfter] = [before.get(path), after.get(path)]
    return rowBefore !== rowAfter && !mayChange(path) && !isRenewed(path, rowBefore, rowAfter)
  })
}
