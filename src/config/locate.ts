/**
 * Which files are about a scan, by names on disk alone: no git is started, so that without
 * configuration this costs next to nothing.
 */
import { lstatSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { policyFileNames } from './files.ts'

export interface LocateRequest {
  readonly cwd: string
  /** The path that was given as an argument, if any. */
  readonly target: string | undefined
  /** May a repository that was given configure its own scan? */
  readonly trusted: boolean
}

export interface PolicyLocation {
  /** Where to look first, and where last. */
  readonly start: string
  readonly top: string
  /** The nearest folder with a policy, and the first of the files it has. */
  readonly folder?: string
  readonly name?: string
  /** A folder with a policy that nobody said to trust. */
  readonly untrustedFolder?: string
}

/** The folder whose files are about a scan of what was given, or of the current folder. */
export function locatePolicy({ cwd, target: given, trusted }: LocateRequest): PolicyLocation {
  const here = realPath(cwd)
  const there = given === undefined ? here : folderAt(resolve(cwd, given))
  const [ownTop, itsTop] = [findTop(here), findTop(there)]
  const isOwn =
    ownTop === undefined ? itsTop === undefined && isWithin(there, here) : ownTop === itsTop
  const [start, top] = isOwn ? [here, ownTop ?? here] : [there, itsTop ?? there]
  const found = findNearestPolicy(start, top)
  if (found === undefined) return { start, top }
  return isOwn || trusted ? { start, top, ...found } : { start, top, untrustedFolder: found.folder }
}

/**
 * The path of a folder from the top, with `/` between names and at its end; `` for the top itself.
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
    const at = folder
    const name = policyFileNames.find((one) => exists(join(at, one)))
    if (name !== undefined) return { folder, name }
    if (folder === top || folder === dirname(folder)) return undefined
  }
}

/** The folder with `.git` in it: a folder, or the file of a work tree or submodule. */
export function findTop(start: string): string | undefined {
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

/** The folder itself, or the one a file is in. */
function folderAt(path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  return realPath(isFolder ? path : dirname(path))
}

/** Without links; as it is where it is not there. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    return path
  }
}
