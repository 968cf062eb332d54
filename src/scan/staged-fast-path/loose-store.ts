import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findTop } from '../../config/locate.ts'

type Env = Readonly<Record<string, string | undefined>>

/**
 * Where a repository is set apart so that its place says nothing of its objects, git is asked
 * instead.
 */
const ELSEWHERE = [
  'GIT_WORK_TREE',
  'GIT_CEILING_DIRECTORIES',
  'GIT_DISCOVERY_ACROSS_FILESYSTEM',
  'GIT_NAMESPACE',
  'GIT_SHALLOW_FILE',
  'GIT_QUARANTINE_PATH',
]

/**
 * The folder of new objects, found without git; undefined where that is not plain. An object goes
 * by its content, so one that is found in the wrong folder is still the right one, and one that is
 * not found has git asked.
 */
export function looseFolder(cwd: string, env: Env): string | undefined {
  if (ELSEWHERE.some((name) => env[name] !== undefined)) return undefined
  const objects = env['GIT_OBJECT_DIRECTORY']
  if (objects !== undefined) return resolve(cwd, objects)
  const gitDir = env['GIT_DIR'] === undefined ? gitDirAround(cwd) : resolve(cwd, env['GIT_DIR'])
  return gitDir === undefined
    ? undefined
    : join(
        env['GIT_COMMON_DIR'] === undefined
          ? commonDirOf(gitDir)
          : resolve(cwd, env['GIT_COMMON_DIR']),
        'objects',
      )
}

/**
 * `.git` is a folder, or in other work trees and submodules a file: `gitdir: ../.git/worktrees/a`.
 */
function gitDirAround(start: string): string | undefined {
  const top = findTop(start)
  if (top === undefined) return undefined
  const path = join(top, '.git')
  const found = statSync(path, { throwIfNoEntry: false })
  return found?.isDirectory() ? path : resolve(top, textOf(path)?.replace(/^gitdir: /, '') ?? '.')
}

/** The folder of a work tree names the one it shares objects with: `../..`. */
function commonDirOf(gitDir: string): string {
  const common = textOf(join(gitDir, 'commondir'))
  return common === undefined ? gitDir : resolve(gitDir, common)
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trimEnd()
  } catch {
    return undefined
  }
}
