/** Finds the folder of loose objects without starting git, for the fast path of hooks. */
import { join, resolve } from 'node:path'
import { findBlockingFile, gitFoldersAround } from '../../git/commands/git-folders.ts'
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
  const folders = gitFoldersAround(cwd, env)
  const blocking = folders && findBlockingFile(folders)
  if (blocking !== undefined) return { because: `git would wait for ${blocking}` }
  const objects = env['GIT_OBJECT_DIRECTORY']
  if (objects !== undefined) return resolve(cwd, objects)
  const isBare = folders?.top === undefined && env['GIT_DIR'] === undefined
  if (folders === undefined || isBare)
    return { because: 'neither the current folder nor one above it has a .git' }
  return join(folders.commonDir, 'objects')
}
