/** Scans while git packs, prunes, fetches and commits in the same repository. */
import { existsSync } from 'node:fs'
import { Builder } from '../corpus/builder.ts'
import { Random } from '../random.ts'
import { authorEnvironment } from '../run/environment.ts'
import { gitWord } from '../run/git-word.ts'
import { judge } from '../run/judge.ts'
import { oakum } from '../run/oakum.ts'
import { runProcess } from '../run/process.ts'
import type { Kind, Trial } from '../trial.ts'
import { cachedScan } from './read-all-ways.ts'
import { generatedScene } from './repository.ts'

const jobs: readonly (readonly string[])[] = [
  ['gc', '-q'],
  ['gc', '-q', '--prune=now'],
  ['repack', '-adq'],
  ['repack', '-adfq', '--depth=50'],
  ['repack', '-dq'],
  ['prune-packed', '-q'],
  ['pack-refs', '--all'],
  ['commit', '-q', '--allow-empty', '-m', 'More'],
  ['fetch', '-q', 'origin'],
  ['multi-pack-index', 'write'],
  ['commit-graph', 'write', '--reachable'],
  ['reflog', 'expire', '--expire=now', '--all'],
  ['unpack-objects', '-q'],
]

export const maintenance: Kind = {
  name: 'maintenance',
  tries: 'scans while git gc, repack, prune, fetch and commit run, then one alone',
  weight: 1,
  run: async (trial) => {
    const { random } = trial
    const scene = generatedScene(
      trial,
      random.pick(['two packs', 'loose', 'packed and loose', 'two threads', 'shallow']),
      false,
    )
    const done = { is: false }
    const git = keepGitBusy(trial, scene.repository, done)
    for (let scans = 0; scans < 3; scans += 1) {
      const cache = random.chance(0.7) ? [] : ['--no-cache']
      await oakum(trial, ['history', '--format', 'json', ...cache], { cwd: scene.repository })
    }
    done.is = true
    await git
    const word = await gitWord(trial, scene.repository)
    judge(trial, await cachedScan(trial, scene), word)
  },
}

/** Runs git again and again until the scans are done. */
async function keepGitBusy(
  trial: Trial,
  repository: string,
  done: { readonly is: boolean },
): Promise<void> {
  const origin = trial.path('repo/origin')
  if (!existsSync(origin)) new Builder(origin, 0).init().grow(2)
  const env = authorEnvironment(trial.path('home'))
  const git = (cwd: string, ...args: readonly string[]): Promise<unknown> =>
    runProcess(['git', ...args], { cwd, env, limitMs: 60_000 })
  await git(repository, 'remote', 'add', 'origin', '../origin')
  // The scans draw from the case's own numbers meanwhile.
  const random = new Random(-trial.seed)
  while (!done.is) {
    const job = random.pick(jobs)
    trial.did(`git ${job.join(' ')}`)
    if (job[0] === 'fetch') await git(origin, 'commit', '-q', '--allow-empty', '-m', 'New')
    await git(repository, ...job)
  }
}
