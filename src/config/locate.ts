/**
 * Finds the folder whose policy files apply to a scan. It looks at names on disk only and starts no
 * git, so that a scan without configuration costs next to nothing.
 */
import { lstatSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { policyFileNames } from './files.ts'

export interface LocateRequest {
  readonly cwd: string
  /** The path that the user named to scan, if any. */
  readonly target: string | undefined
  /** Whether a repository named as an argument may configure its own scan (`--trust-config`). */
  readonly trusted: boolean
}

export interface PolicyLocation {
  /** First folder of the search, which goes upwards. */
  readonly start: string
  /** Last folder of the search. */
  readonly top: string
  /** Nearest folder with a policy file. */
  readonly folder?: string
  /** Name of the first policy file in `folder`. */
  readonly name?: string
  /** A folder with policy files that are ignored, since they are not trusted. */
  readonly untrustedFolder?: string
}

/** Finds the policy folder for a scan of the target, or of the current folder without a target. */
export function locatePolicy({ cwd, target, trusted }: LocateRequest): PolicyLocation {
  const currentFolder = realPath(cwd)
  const targetFolder = target === undefined ? currentFolder : folderOf(resolve(cwd, target))
  const [currentTop, targetTop] = [findTop(currentFolder), findTop(targetFolder)]
  const isOwn =
    currentTop === undefined
      ? targetTop === undefined && isWithin(targetFolder, currentFolder)
      : currentTop === targetTop
  const [start, top] = isOwn
    ? [currentFolder, currentTop ?? currentFolder]
    : [targetFolder, targetTop ?? targetFolder]
  const policy = findNearestPolicy(start, top)
  if (policy === undefined) return { start, top }
  return isOwn || trusted
    ? { start, top, ...policy }
    : { start, top, untrustedFolder: policy.folder }
}

/**
 * Returns the path of a folder relative to the top, with `/` between names and at the end; `` for
 * the top itself.
 */
export function pathFromTop(top: string, folder: string): string {
  const path = relative(top, folder).replaceAll(sep, '/')
  return path === '' ? '' : `${path}/`
}

function findNearestPolicy(
  start: string,
  top: string,
): { readonly folder: string; readonly name: string } | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const current = folder
    const name = policyFileNames.find((fileName) => exists(join(current, fileName)))
    if (name !== undefined) return { folder, name }
    if (folder === top || folder === dirname(folder)) return undefined
  }
}

/**
 * Returns the nearest folder upwards that contains `.git`: a folder, or the file of a linked work
 * tree or submodule.
 */
function findTop(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (exists(join(folder, '.git'))) return folder
    if (folder === dirname(folder)) return undefined
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** Returns the path itself when it is a folder, else the folder that contains it. */
function folderOf(path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  return realPath(isFolder ? path : dirname(path))
}

/** Resolves symbolic links; returns a path that does not exist unchanged. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    return path
  }
}
