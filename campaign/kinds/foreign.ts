/** Git directories of other projects as they are, read in every way. */
import type { Kind } from '../trial.ts'
import { readAllWays } from './read-all-ways.ts'
import { foreignScene } from './repository.ts'

export const foreign: Kind = {
  name: 'foreign',
  tries: 'git directories in the tests of other projects, each reader, with and without cache',
  weight: 8,
  count: ({ foreign: directories }) => directories.length,
  run: async (trial) => {
    const { foreign: directories } = trial.surroundings
    const directory = directories[(trial.seed - 1) % directories.length]
    if (directory === undefined) return
    trial.tags.add(`foreign: ${directory}`)
    await readAllWays(trial, foreignScene(trial, directory))
  },
}
