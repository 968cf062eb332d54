/** Scans that are killed or interrupted at random moments; the next scan must be right. */
import { checkCanaries } from '../run/canary.ts'
import { gitWord } from '../run/git-word.ts'
import { judge } from '../run/judge.ts'
import { oakum } from '../run/oakum.ts'
import type { Kind } from '../trial.ts'
import { cachedScan } from './read-all-ways.ts'
import { generatedScene } from './repository.ts'

const signals = ['SIGKILL', 'SIGTERM', 'SIGINT'] as const

export const kill: Kind = {
  name: 'kill',
  tries:
    'SIGKILL, SIGTERM and SIGINT at random moments with the cache on; then scans that must be right',
  weight: 2,
  run: async (trial) => {
    const { random } = trial
    const scene = generatedScene(
      trial,
      random.pick(['two threads', 'loose', 'two packs', 'linked work tree', 'sha256']),
    )
    const word = await gitWord(trial, scene.repository)
    const commands = [
      ['history', '--format', 'json'],
      ['history', '--format', 'json', '--reader', 'cat-file'],
      ['audit', '--verdict'],
      ['plan'],
    ]
    for (let times = 0; times < 1 + random.below(3); times += 1) {
      const signal = { name: random.pick(signals), afterMs: 20 + random.below(900) }
      await oakum(trial, random.pick(commands), { cwd: scene.repository, signal })
    }
    judge(trial, await cachedScan(trial, scene), word)
    judge(trial, await cachedScan(trial, scene), word)
    checkCanaries(trial)
  },
}
