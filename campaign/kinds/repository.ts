/** Puts a repository into the folder of a case: a foreign one, or one of the campaign's own. */
import { spawnSync } from 'node:child_process'
import { cpSync, lstatSync, mkdirSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { findGitDirectories } from '../corpus/find.ts'
import { plantCanaries } from '../run/canary.ts'
import { authorEnvironment } from '../run/environment.ts'
import { pairOf, pairText } from '../run/secrets.ts'
import type { Trial } from '../trial.ts'

export interface Scene {
  /** The folder that Oakum is told to scan. */
  readonly repository: string
  /** The git directories of it and of what it borrows from, its own first. */
  readonly gitDirectories: readonly string[]
}

/** Copies a git directory of the corpus, and plants a secret as a loose object. */
export function foreignScene(trial: Trial, directory: string): Scene {
  const repository = trial.path('repo/main')
  const isInWorkTree = basename(directory) === '.git'
  const copy = isInWorkTree ? join(repository, '.git') : repository
  mkdirSync(dirname(copy), { recursive: true })
  cpSync(directory, copy, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    // FIFOs and sockets cannot be copied; git's sample hooks only take time.
    filter: (path) => {
      const stats = lstatSync(path)
      return (
        !path.endsWith('.sample') &&
        (stats.isDirectory() || stats.isFile() || stats.isSymbolicLink())
      )
    },
  })
  trial.did(`copy ${directory}`)
  plantObject(trial, repository)
  plantCanaries(trial, copy)
  return { repository, gitDirectories: [copy] }
}

/** Not every foreign directory takes an object: then nothing is planted. */
function plantObject(trial: Trial, repository: string): void {
  const pair = pairOf(900_000 + trial.seed)
  const { status, stdout } = spawnSync('git', ['hash-object', '-w', '--stdin'], {
    cwd: repository,
    env: { ...authorEnvironment(trial.path('home')), GIT_CEILING_DIRECTORIES: trial.path('repo') },
    input: pairText(pair),
    timeout: 20_000,
  })
  if (status === 0) trial.planted.push({ ...pair, blob: stdout.toString().trim() })
}

/** Folders beside a repository that it was cloned from, and does not read any more. */
const origins = new Set(['origin', 'part'])

/** Copies one of the campaign's own repositories. */
export function generatedScene(trial: Trial, name: string, withCanaries = true): Scene {
  trial.planted.push(...trial.surroundings.generated(name, trial.path('repo')))
  trial.did(`repository: ${name}`)
  trial.tags.add(`repository: ${name}`)
  const repository = trial.path('repo/main')
  const all = findGitDirectories(trial.path('repo')).gitDirectories.filter(
    (path) => !origins.has(relative(trial.path('repo'), path).split(sep)[0] ?? ''),
  )
  const own = all.filter((path) => path.startsWith(repository))
  const gitDirectories = [...own, ...all.filter((path) => !own.includes(path))]
  if (withCanaries) for (const directory of gitDirectories) plantCanaries(trial, directory)
  return { repository, gitDirectories }
}
