/** Finds git directories, whatever their names are, and archives that may hold some. */
import { lstatSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * A folder with a HEAD, and objects or refs, is a git directory: fixtures lack empty folders. The
 * reflogs of one, in `logs`, have a HEAD and refs too.
 */
function isGitDirectory(path: string, names: readonly string[]): boolean {
  if (!names.includes('HEAD')) return false
  return names.includes('objects') || (names.includes('refs') && basename(path) !== 'logs')
}

const archive = /\.(tar|tar\.gz|tgz|tar\.bz2|tar\.xz|zip)$/

export interface Found {
  readonly gitDirectories: readonly string[]
  readonly archives: readonly string[]
}

/** Walks a folder without following links; results are sorted, so that seeds repeat. */
export function findGitDirectories(folder: string): Found {
  const gitDirectories: string[] = []
  const archives: string[] = []
  const visit = (path: string): void => {
    const names = readdirSync(path).sort()
    if (isGitDirectory(path, names)) gitDirectories.push(path)
    for (const name of names) {
      const child = join(path, name)
      const stats = lstatSync(child)
      if (stats.isDirectory()) visit(child)
      else if (stats.isFile() && archive.test(name)) archives.push(child)
    }
  }
  visit(folder)
  return { gitDirectories, archives }
}
