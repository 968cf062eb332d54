/** Scans a history with each reader, and holds each run against git's own word. */
import { join } from 'node:path'
import { checkCanaries } from '../run/canary.ts'
import { gitWord, type GitWord } from '../run/git-word.ts'
import { judge } from '../run/judge.ts'
import { oakum, type OakumRun } from '../run/oakum.ts'
import { changedPaths, snapshotOf } from '../run/snapshot.ts'
import type { Trial } from '../trial.ts'
import type { Scene } from './repository.ts'

const history = ['history', '--format', 'json', '--all-origins', '--allow-shallow'] as const

/** Readers and threads without the cache. */
const uncached: readonly (readonly string[])[] = [
  ['--reader', 'pack', '--jobs', '1'],
  ['--reader', 'pack', '--jobs', '2'],
  ['--reader', 'zlib', '--jobs', '1'],
  ['--reader', 'cat-file'],
]

/** Scans with the cache: the first time it is written, afterwards it is read. */
export function cachedScan(trial: Trial, scene: Scene): Promise<OakumRun> {
  return unwritten(trial, scene, history, (path) => /(^|\/)oakum(\/|$)/.test(path))
}

function uncachedScan(trial: Trial, scene: Scene): Promise<OakumRun> {
  const reader = trial.random.pick(uncached)
  trial.tags.add(`reader: ${reader.slice(1).join(' ')}`)
  return unwritten(trial, scene, [...history, '--no-cache', ...reader])
}

/** Fails the case when the scan changes anything in the repository. */
async function unwritten(
  trial: Trial,
  { repository, gitDirectories }: Scene,
  args: readonly string[],
  mayChange?: (path: string) => boolean,
): Promise<OakumRun> {
  const before = snapshotOf(trial.path('repo'))
  const run = await oakum(trial, args, { cwd: repository })
  // The folder that gets `oakum/` changes with it.
  const parents = gitDirectories.map((path) => path.slice(join(trial.path('repo'), '/').length))
  const excused = mayChange && ((path: string) => mayChange(path) || parents.includes(path))
  const changed = changedPaths(before, snapshotOf(trial.path('repo')), excused)
  if (changed.length > 0)
    trial.fail('repository changed', `${run.name}: ${changed.slice(0, 5).join(', ')}`)
  return run
}

/** The whole comparison. `damage` happens before the first scan, or under its cache. */
export async function readAllWays(
  trial: Trial,
  scene: Scene,
  damage?: () => void,
): Promise<GitWord> {
  const underCache = trial.random.chance(0.5)
  if (damage !== undefined && underCache) {
    await cachedScan(trial, scene)
    trial.tags.add('damaged under the cache')
  }
  damage?.()
  const word = await gitWord(trial, scene.repository)
  judge(trial, await cachedScan(trial, scene), word)
  if (!underCache) judge(trial, await cachedScan(trial, scene), word)
  judge(trial, await uncachedScan(trial, scene), word)
  checkCanaries(trial)
  return word
}
