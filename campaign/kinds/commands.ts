/** Every other command on damaged repositories with a work tree. */
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Builder } from '../corpus/builder.ts'
import { mutate } from '../mutations/all.ts'
import { checkCanaries } from '../run/canary.ts'
import { type Command, oakum } from '../run/oakum.ts'
import { pairOf, pairText } from '../run/secrets.ts'
import { changedPaths, snapshotOf } from '../run/snapshot.ts'
import type { Kind } from '../trial.ts'
import { generatedScene } from './repository.ts'

/** Commands, and the lines that git passes to push hooks for this commit. */
function commandsFor(head: string): readonly Command[] {
  const zeros = '0'.repeat(head.length)
  const push = `refs/heads/main ${head} refs/heads/main ${zeros}\n`
  const receive = `${zeros} ${head} refs/heads/main\n`
  return [
    [['scan']],
    [['scan', '--format', 'json', '--show-suppressed']],
    [['staged']],
    [['staged', '--format', 'sarif']],
    [['range', 'HEAD~2..HEAD']],
    [['range', '--stdin'], push],
    [['history', '--shard', '1/3', '--format', 'json', '--no-cache']],
    [['history', '--reachable', '--no-cache']],
    [['history', '--since', '2 weeks ago', '--no-cache']],
    [['audit', '--verdict', '--no-cache']],
    [['audit', '--plain', '--no-cache']],
    [['plan']],
    [['hook', 'pre-commit']],
    [['hook', 'pre-push', 'origin', 'nowhere'], push],
    [['hook', 'pre-receive'], receive],
    [['hook', 'commit-msg', '.git/HEAD']],
    [['rewrite', '--to', '../../mirror']],
    [['doctor']],
    [['doctor', '--format', 'json']],
    [['fix', '--dry-run']],
    [['install', '--dry-run']],
    [['uninstall', '--dry-run']],
    [['baseline', '--check']],
    [['allow', 'list']],
    [['allow', 'stale']],
    [['rules', 'explain', 'config/new.ini']],
    [['import', 'gitleaks', '--dry-run']],
  ]
}

/** `plan` and hooks may keep a cache, whose folder changes the git directory. */
function isCache(path: string): boolean {
  return /(^|\/)oakum(\/|$)|\.git$/.test(path)
}

export const commandsOnMutants: Kind = {
  name: 'commands',
  tries:
    'scan, staged, range, audit, plan, hooks, doctor, fix, install and others on damaged repositories',
  weight: 4,
  run: async (trial) => {
    const { random } = trial
    const names = trial.surroundings.generatedNames.filter(
      (name) => name !== 'bare' && name !== 'two threads',
    )
    const scene = generatedScene(trial, random.pick(names))
    const head = new Builder(scene.repository, 0).git(['rev-parse', 'HEAD'])
    const commands = commandsFor(head)
    const pair = pairOf(500_000 + trial.seed)
    trial.planted.push(pair)
    mkdirSync(join(scene.repository, 'config'), { recursive: true })
    for (const file of ['.env', 'config/new.ini', 'untracked.ini'])
      if (random.chance(0.5))
        appendFileSync(join(scene.repository, file), pairText(pair), { flag: 'a' })
    if (random.chance(0.8)) {
      const mutated = mutate({ random, gitDirectory: random.pick(scene.gitDirectories) })
      if (mutated !== undefined) trial.did(mutated.how)
    }
    for (const [args, stdin] of [random.pick(commands), random.pick(commands)]) {
      const before = snapshotOf(trial.path('repo'))
      const run = await oakum(trial, args, {
        cwd: scene.repository,
        stdin,
      })
      trial.tags.add(`command: ${args[0]}`)
      const changed = changedPaths(before, snapshotOf(trial.path('repo')), isCache)
      if (changed.length > 0)
        trial.fail('repository changed', `${run.name}: ${changed.slice(0, 5).join(', ')}`)
    }
    checkCanaries(trial)
  },
}
