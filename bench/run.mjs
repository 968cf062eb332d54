// @ts-check
import { availableParallelism, cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { benchAccuracy } from './accuracy.mjs'
import { benchFormats } from './formats.mjs'
import { benchGrowth, benchHistory } from './history.mjs'
import { benchStaged } from './staged.mjs'
import { git } from './timing.mjs'

const usage = `Usage: npm run bench -- history [--runs <count>] [<repository>...]
       npm run bench -- growth [--runs <count>] [<repository>...]
       npm run bench -- staged [--runs <count>]
       npm run bench -- accuracy [--seeds <count>]
       npm run bench -- formats

history, for each repository (this one, if none is named), in turns:
  floor        git prints every object, and nobody looks at it
  git log -p   git prints every change, which is what most scanners read
  oakum        all rules over the same objects, without what an earlier scan left
  oakum aws    the rules for AWS only
  oakum again  with what an earlier scan left
and other scanners, where they are on PATH. growth does the same at an eighth, a quarter,
half and all of a history. All write to /dev/null. Ratios are of wall times, medians of
pairs that ran after each other. --runs is 5 unless told. Needs sh and git.

staged times what a commit waits for, beside a Node that does nothing; --runs is 31 unless told.

accuracy writes credentials in every layout of test/support/layouts, and counts what Oakum
finds of them, and other scanners where they are installed. --seeds is 1000 unless told.

formats writes samples of every format that the rules know in five places, and counts the
formats that Oakum finds, and other scanners where they are installed.
`

const root = resolve(import.meta.dirname, '..')
const bin = join(root, 'dist/cli/bin.cjs')

function machineLine() {
  const [cpu] = cpus()
  return `node ${process.versions.node}, ${git(['version']).trim()}, ${availableParallelism()} cores${cpu === undefined ? '' : ` (${cpu.model})`}, ${process.platform}`
}

/** @param {readonly string[]} argv */
async function main(argv) {
  if (argv.length === 0) console.log(usage)
  const [what = 'history', ...rest] = argv
  if (what === 'accuracy') {
    const seeds =
      rest.length === 0
        ? 1000
        : Number(rest[0] === '--seeds' && rest.length === 2 ? rest[1] : Number.NaN)
    if (Number.isInteger(seeds) && seeds > 0) return benchAccuracy(root, seeds)
  }
  if (what === 'formats' && rest.length === 0) return benchFormats(root)
  const at = rest.indexOf('--runs')
  // What takes a tenth of a second is told apart by more runs.
  const runs = at < 0 ? (what === 'staged' ? 31 : 5) : Number(rest[at + 1])
  const repositories = at < 0 ? rest : rest.toSpliced(at, 2)
  const bench = { history: benchHistory, growth: benchGrowth }[what]
  if (what === 'staged' && repositories.length === 0 && runs > 0) {
    console.log(machineLine())
    return benchStaged(bin, root, runs)
  }
  if (
    bench === undefined ||
    !(Number.isInteger(runs) && runs > 0) ||
    repositories.some((word) => word.startsWith('-'))
  ) {
    process.stderr.write(usage)
    process.exitCode = 2
    return
  }
  console.log(machineLine())
  console.log('R stands for the repository; times are medians')
  for (const repository of repositories.length > 0 ? repositories : [root])
    bench(bin, resolve(repository), runs)
}

await main(process.argv.slice(2))
