/**
 * Finds the folders of a repository without starting git, and files in them for which git would wait
 * for ever: git opens whatever stands in place of its files, and opening a FIFO waits for a writer.
 */
import { lstatSync, readdirSync, statSync, type Stats } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'

export interface GitFolders {
  readonly gitDir: string
  /** Differs from `gitDir` in linked work trees. */
  readonly commonDir: string
  /** The folder that holds `.git`; undefined in bare repositories and with GIT_DIR. */
  readonly top?: string
}

/** Files that git reads in nearly every command, in the folders that `GitFolders` names. */
const FILES: Readonly<Record<keyof GitFolders, readonly string[]>> = {
  gitDir: ['HEAD', 'index', 'commondir', 'config.worktree', 'info/sparse-checkout'],
  commonDir: [
    'config',
    'packed-refs',
    'shallow',
    'info/exclude',
    'info/attributes',
    'objects/info/alternates',
    'objects/info/commit-graph',
  ],
  top: ['.git', '.gitignore', '.gitattributes', '.gitmodules'],
}

/** Returns the folders of the repository around a folder, or undefined when there is none. */
export function gitFoldersAround(
  start: string,
  env: Readonly<Record<string, string | undefined>>,
): GitFolders | undefined {
  const named = env['GIT_DIR']
  const found = named === undefined ? findAround(resolve(start)) : { gitDir: resolve(start, named) }
  if (found === undefined) return undefined
  const commonDir = env['GIT_COMMON_DIR']
  return {
    ...found,
    commonDir: commonDir === undefined ? commonDirOf(found.gitDir) : resolve(start, commonDir),
  }
}

/**
 * Returns the first file for which git would wait for ever, or undefined. Looks only at the files
 * that git opens in most commands: the time limit of a git covers the others.
 */
export function findBlockingFile(folders: GitFolders): string | undefined {
  const paths = [
    ...FILES.gitDir.map((name) => join(folders.gitDir, name)),
    ...FILES.commonDir.map((name) => join(folders.commonDir, name)),
    ...FILES.top.flatMap((name) => (folders.top === undefined ? [] : [join(folders.top, name)])),
  ]
  return paths.find((path) => blocks(statOf(path))) ?? findBlockingPack(folders)
}

function findBlockingPack({ commonDir }: GitFolders): string | undefined {
  return findBlockingEntry(join(commonDir, 'objects', 'pack'))
}

/**
 * Returns the first loose object for which a git that reads all objects would wait for ever, or
 * undefined. `objects`: the folder of objects.
 */
export function findBlockingObject(objects: string): string | undefined {
  for (let byte = 0; byte < 256; byte += 1) {
    const path = findBlockingEntry(join(objects, byte.toString(16).padStart(2, '0')))
    if (path !== undefined) return path
  }
  return undefined
}

function findBlockingEntry(folder: string): string | undefined {
  try {
    const entry = readdirSync(folder, { withFileTypes: true }).find(
      (found) => !found.isFile() && blocks(statOf(join(folder, found.name))),
    )
    return entry && join(folder, entry.name)
  } catch {
    // Git tells why the folder cannot be read.
    return undefined
  }
}

function blocks(stat: Stats | undefined): boolean {
  return stat !== undefined && (stat.isFIFO() || stat.isCharacterDevice() || stat.isBlockDevice())
}

/** Returns undefined where the path leads to nothing: git tells why. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/**
 * `.git` is a folder, or in linked work trees and submodules a file: `gitdir: ../.git/worktrees/a`.
 */
function findAround(start: string): Omit<GitFolders, 'commonDir'> | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, '.git')
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      const isFolder = statOf(path)?.isDirectory() === true
      const gitDir = isFolder ? path : readLine(path)?.replace(/^gitdir: /, '')
      return { gitDir: resolve(folder, gitDir ?? '.git'), top: folder }
    }
    if (['HEAD', 'objects', 'refs'].every((name) => statOf(join(folder, name)) !== undefined))
      return { gitDir: folder }
    if (folder === dirname(folder)) return undefined
  }
}

/** The `commondir` file of a linked work tree names the folder it shares: `../..`. */
function commonDirOf(gitDir: string): string {
  return resolve(gitDir, readLine(join(gitDir, 'commondir')) ?? '.')
}

function readLine(path: string): string | undefined {
  try {
    return readRegularFile(path).toString('utf8').trimEnd()
  } catch {
    return undefined
  }
}
