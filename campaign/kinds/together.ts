/** Several scans of one repository at the same time, which share its cache. */
import { checkCanaries } from '../run/canary.ts'
import { gitWord } from '../run/git-word.ts'
import { judge } from '../run/judge.ts'
import { oakum } from '../run/oakum.ts'
import type { Kind } from '../trial.ts'
import { cachedScan } from './read-all-ways.ts'
import { generatedScene } from './repository.ts'

const history = ['history', '--format', 'json', '--all-origins']

export const together: Kind = {
  name: 'together',
  tries: 'two or three scans of one repository at once, then one alone',
  weight: 1,
  run: async (trial) => {
    const { random } = trial
    const scene = generatedScene(
      trial,
      random.pick([
        'two threads',
        'loose',
        'two packs',
        'alternates',
        'linked work tree',
        'sha256, packed',
      ]),
    )
    const word = await gitWord(trial, scene.repository)
    const runs = Array.from({ length: 2 + random.below(2) }, () => {
      const args = random.pick([
        history,
        history,
        [...history, '--reader', 'cat-file'],
        ['audit', '--verdict'],
        ['plan'],
      ])
      // Children and temporary files of the others are there while one ends.
      return oakum(trial, args, { cwd: scene.repository, othersRun: true })
    })
    for (const run of await Promise.all(runs))
      if (run.name.includes('json')) judge(trial, run, word)
    judge(trial, await cachedScan(trial, scene), word)
    checkCanaries(trial)
  },
}
