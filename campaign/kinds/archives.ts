/** Archives in a work tree and its history: bombs, nested and concatenated ones, lying headers. */
import { Builder } from '../corpus/builder.ts'
import { oakum } from '../run/oakum.ts'
import { pairOf, pairText } from '../run/secrets.ts'
import type { Kind } from '../trial.ts'
import { archiveShapes } from './archive-shapes.ts'

const commands = [
  ['history', '--no-cache'],
  ['history'],
  ['history', '--no-cache', '--reader', 'cat-file'],
  ['scan'],
  ['scan', '--no-git', '.'],
]

export const archives: Kind = {
  name: 'archives',
  tries: 'bombs, nested, concatenated and damaged archives of every format, headers that lie',
  weight: 2,
  run: async (trial) => {
    const { random } = trial
    const pair = pairOf(600_000 + trial.seed)
    const shape = random.pick(archiveShapes)
    const { how, bytes, reachable = false } = shape(random, Buffer.from(pairText(pair)))
    trial.did(`${how}: ${bytes.length} bytes`)
    trial.planted.push(pair)
    const { path: cwd } = new Builder(trial.path('repo/main'), 0)
      .init()
      .commit('Add', { 'data.bin': bytes })
    const args = [...random.pick(commands), '--format', 'json', '--all-origins']
    const run = await oakum(trial, args, { cwd })
    const places = run.report?.findings.flatMap(({ origins }) => origins) ?? []
    const found = places.some(({ path }) => path?.endsWith('data.bin'))
    if (reachable && !found) trial.fail('missed', `${run.name}: ${how}`)
  },
}
