/** Damaged repositories of all kinds, foreign and own. */
import { relative } from 'node:path'
import { mutate } from '../mutations/all.ts'
import type { Kind, Trial } from '../trial.ts'
import { readAllWays } from './read-all-ways.ts'
import { foreignScene, generatedScene, type Scene } from './repository.ts'

export const mutant: Kind = {
  name: 'mutant',
  tries:
    'damaged repositories: bytes, files, objects, refs, index, configuration, before and under the cache',
  weight: 16,
  run: async (trial) => {
    const scene = anyScene(trial)
    await readAllWays(trial, scene, () => damage(trial, scene))
  },
}

/** One of the campaign's own in half of the cases: these have more kinds of stores. */
function anyScene(trial: Trial): Scene {
  const { foreign, generatedNames } = trial.surroundings
  return foreign.length === 0 || trial.random.chance(0.5)
    ? generatedScene(trial, trial.random.pick(generatedNames))
    : foreignScene(trial, trial.random.pick(foreign))
}

/** One damage in most cases, so that nothing hides it. */
function damage(trial: Trial, { gitDirectories }: Scene): void {
  const count = trial.random.pick([1, 1, 1, 2, 3])
  for (let n = 0; n < count; n += 1) {
    const gitDirectory = trial.random.pick(gitDirectories)
    const mutated = mutate({ random: trial.random, gitDirectory })
    if (mutated === undefined) continue
    trial.tags.add(`mutation: ${mutated.name}`)
    trial.did(`${relative(trial.path('repo'), gitDirectory)}: ${mutated.how}`)
  }
}
