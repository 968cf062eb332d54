// @ts-check
import { availableParallelism, cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { benchGrowth, benchHistory } from './history.mjs'
import { git } from './timing.mjs'

const usage = `Usage: npm run bench -- history [--runs <count>] [<repository>...]
       npm run bench -- growth [--runs <count>] [<repository>...]

history, for each repository (this one, if none is named), in turns:
  floor        git prints every object, and nobody looks at it
  git log -p   git prints every change, which is what most scanners read
  oakum        all rules over the same objects, without what an earlier scan left
  oakum aws    the rules for AWS only
  oakum again  with what an earlier scan left
and other scanners, where they are on PATH. growth does the same at an eighth, a quarter,
half and all of a history. All write to /dev/null. Ratios are of wall times, medians of
pairs that ran after each other. --runs is 5 unless told. Needs sh and git.
`

const root = resolve(import.meta.dirname, '..')
const bin = join(root, 'dist/cli/bin.js')

function machineLine() {
  const [cpu] = cpus()
  return `node ${process.versions.node}, ${git(['version']).trim()}, ${availableParallelism()} cores${cpu === undefined ? '' : ` (${cpu.model})`}, ${process.platform}`
}

/** @param {readonly string[]} argv */
function main(argv) {
  if (argv.length === 0) console.log(usage)
  const [what = 'history', ...rest] = argv
  const at = rest.indexOf('--runs')
  const runs = at < 0 ? 5 : Number(rest[at + 1])
  const repositories = at < 0 ? rest : rest.toSpliced(at, 2)
  const bench = { history: benchHistory, growth: benchGrowth }[what]
  if (bench === undefined || !(Number.isInteger(runs) && runs > 0) || repositories.some((word) => word.startsWith('-'))) {
    process.stderr.write(usage)
    process.exitCode = 2
    return
  }
  console.log(machineLine())
  console.log('R stands for the repository; times are medians')
  for (const repository of repositories.length > 0 ? repositories : [root]) bench(bin, resolve(repository), runs)
}

main(process.argv.slice(2))
