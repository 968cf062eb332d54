/** Finds the folder of loose objects without starting git, for the fast path of hooks. */
import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findTop } from '../../config/locate.ts'
import type { FullScanNeeded } from './full-scan-needed.ts'

type Env = Readonly<Record<string, string | undefined>>

/**
 * Variables that change how git finds a repository or its objects. With one of them set, the
 * folder layout on disk does not tell where the objects are.
 */
const LOCATION_VARIABLES = [
  'GIT_WORK_TREE',
  'GIT_CEILING_DIRECTORIES',
  'GIT_DISCOVERY_ACROSS_FILESYSTEM',
  'GIT_NAMESPACE',
  'GIT_SHALLOW_FILE',
  'GIT_QUARANTINE_PATH',
]

/**
 * Returns the folder that git writes new objects to, or why it cannot be told. A wrong folder does
 * no harm: the id of an object is verified when it is read, so an object that is found is the right
 * one, and one that is not found leads to a full scan.
 */
export function looseObjectFolder(cwd: string, env: Env): string | FullScanNeeded {
  const variable = LOCATION_VARIABLES.find((name) => env[name] !== undefined)
  if (variable !== undefined) return { because: `${variable} is set` }
  const objects = env['GIT_OBJECT_DIRECTORY']
  if (objects !== undefined) return resolve(cwd, objects)
  const gitDir = env['GIT_DIR'] === undefined ? gitDirAround(cwd) : resolve(cwd, env['GIT_DIR'])
  if (gitDir === undefined)
    return { because: 'neither the current folder nor one above it has a .git' }
  const commonDir =
    env['GIT_COMMON_DIR'] === undefined ? commonDirOf(gitDir) : resolve(cwd, env['GIT_COMMON_DIR'])
  return join(commonDir, 'objects')
}

/**
 * Returns the git directory of the repository around a folder. `.git` is a folder, or in linked
 * work trees and submodules a file: `gitdir: ../.git/worktrees/a`.
 */
function gitDirAround(start: string): string | undefined {
  const top = findTop(start)
  if (top === undefined) return undefined
  const path = join(top, '.git')
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats?.isDirectory()
    ? path
    : resolve(top, readIfExists(path)?.replace(/^gitdir: /, '') ?? '.')
}

/**
 * Returns the git directory whose objects a linked work tree shares. Its `commondir` file names
 * it: `../..`.
 */
function commonDirOf(gitDir: string): string {
  const commonDir = readIfExists(join(gitDir, 'commondir'))
  return commonDir === undefined ? gitDir : resolve(gitDir, commonDir)
}

function readIfExists(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trimEnd()
  } catch {
    return undefined
  }
}
