// @ts-check
// How long a scan of history takes, next to the time git needs only to print the same objects; and what is found in which layout.
//   npm run bench -- history [--runs <count>] [<repository>...]
//   npm run bench -- accuracy [--seeds <count>]
//
// Processes are timed whole and from outside, by `sh`, whose `times` counts processor time of children and theirs.
import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { benchAccuracy } from './accuracy.mjs'

const usage = `Usage: npm run bench -- history [--runs <count>] [<repository>...]
       npm run bench -- accuracy [--seeds <count>]

For each repository (this one, if none is named), in turns:
  floor  git prints every object, and nobody looks at it
  oakum  the same objects are read through git, scanned and reported
Both write to /dev/null. One run of oakum comes first and is not timed: it warms the
cache of files and measures memory. --runs is 5 unless told. Needs sh and git.

accuracy writes credentials in every layout of test/support/layouts, and counts what Oakum
finds of them, and other scanners where they are installed. --seeds is 1000 unless told.
`

const root = resolve(import.meta.dirname, '..')
const bin = join(root, 'dist/cli/bin.js')

/** Writes the most memory that Node held, in KiB, to file descriptor 3. */
const memoryProbe = 'data:text/javascript,import{writeSync}from"node:fs";process.on("exit",()=>writeSync(3,String(process.resourceUsage().maxRSS)))'

/**
 * @typedef {{ readonly wallMs: number, readonly cpuMs: number, readonly code: number }} Run
 * @typedef {{ readonly objects: number, readonly packedMb: number, readonly looseMb: number }} Store
 */

/** @param {readonly string[]} args */
function git(args) {
  const { status, stdout, stderr, error } = spawnSync('git', args, { encoding: 'utf8' })
  if (error) throw error
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.trim()}`)
  return stdout
}

/**
 * Runs a command to its end. Throws when it ends with a code it should not.
 * @param {readonly string[]} command
 * @param {readonly number[]} expected
 * @returns {Run}
 */
function timed(command, expected) {
  const started = performance.now()
  const { status, stdout, error } = spawnSync('sh', ['-c', '"$@" >/dev/null; code=$?; times; exit $code', 'sh', ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const wallMs = performance.now() - started
  if (error) throw error
  if (status === null || !expected.includes(status)) throw new Error(`${command.slice(0, 3).join(' ')} … ended with ${status ?? 'a signal'}`)
  return { wallMs, cpuMs: cpuOf(stdout), code: status }
}

/**
 * `times` gives user and system time, of the shell in the first line and of its children in the second: `0m0.31s 0m0.04s`.
 * @param {string} output
 */
function cpuOf(output) {
  const children = [...(output.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
  if (children.length !== 2) throw new Error(`sh: times gave ${JSON.stringify(output)}`)
  return children.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60_000 + Number(rest) * 1000, 0)
}

/**
 * The most memory that the Node process held, without the gits it starts.
 * @param {readonly string[]} args
 */
function nodeMemoryMb(args) {
  const { status, output, error } = spawnSync(process.execPath, ['--import', memoryProbe, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  })
  if (error) throw error
  const kib = Number(output?.[3])
  if (status === null || !(kib > 0)) throw new Error(`the run that measures memory ended with ${status ?? 'a signal'}`)
  return (kib * 1024) / 1e6
}

/** @param {string} repository @returns {Store} */
function storeOf(repository) {
  const counts = git(['-C', repository, 'count-objects', '-v'])
  const number = (/** @type {string} */ name) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(counts)?.[1] ?? Number.NaN)
  return {
    objects: number('count') + number('in-pack'),
    packedMb: (number('size-pack') * 1024) / 1e6,
    looseMb: (number('size') * 1024) / 1e6,
  }
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** @param {number} ms */
function seconds(ms) {
  return `${(ms / 1000).toFixed(2)} s`
}

/** @param {string} label @param {readonly Run[]} runs */
function runLine(label, runs) {
  const walls = runs.map((run) => run.wallMs)
  const range = runs.length > 1 ? ` (${seconds(Math.min(...walls))} to ${seconds(Math.max(...walls))})` : ''
  return `  ${label.padEnd(10)} wall ${seconds(median(walls))}${range}, CPU ${seconds(median(runs.map((run) => run.cpuMs)))}`
}

/** @param {string} repository @param {number} count */
function benchHistory(repository, count) {
  const gitDir = git(['-C', repository, 'rev-parse', '--absolute-git-dir']).trim()
  const { objects, packedMb, looseMb } = storeOf(repository)
  const name = basename(gitDir) === '.git' ? basename(dirname(gitDir)) : basename(gitDir)
  console.log(`\n${name}: ${objects.toLocaleString('en-US')} objects, ${packedMb.toFixed(1)} MB in packs, ${looseMb.toFixed(1)} MB loose`)
  console.log('  floor      git -C R cat-file --batch-all-objects --batch --unordered --buffer >/dev/null')
  console.log('  oakum      node dist/cli/bin.js history R --format json >/dev/null')

  const floor = ['git', '-C', repository, 'cat-file', '--batch-all-objects', '--batch', '--unordered', '--buffer']
  const scan = [bin, 'history', repository, '--format', 'json']
  const memoryMb = nodeMemoryMb(scan)
  /** @type {Run[]} */
  const floors = []
  /** @type {Run[]} */
  const scans = []
  /** @type {Run[]} */
  const starts = []
  for (let round = 0; round < count; round += 1) {
    const turns = [() => floors.push(timed(floor, [0])), () => scans.push(timed([process.execPath, ...scan], [0, 1, 3]))]
    // Who goes first changes, so that neither always follows the other.
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) turn()
    starts.push(timed([process.execPath, '-e', '0'], [0]))
  }

  console.log(runLine('floor', floors))
  console.log(runLine('oakum', scans))
  console.log(runLine('node -e 0', starts))
  console.log(`  memory     ${memoryMb.toFixed(0)} MB at most in the Node process, without the gits it starts`)
  const ratios = scans.map((run, at) => run.wallMs / (floors[at]?.wallMs ?? Number.NaN))
  console.log(`  ratio      ${median(ratios).toFixed(2)}: oakum's wall time over the floor's, median of ${count} ${count === 1 ? 'pair' : 'pairs'}`)
  if (scans.some((run) => run.code === 1)) console.log('  note       it found credentials (exit 1); to look up the commits that brought them in is part of its time')
  if (scans.some((run) => run.code === 3)) console.log('  INCOMPLETE the scan could not read everything (exit 3), so its time is not that of a whole scan')
}

function machineLine() {
  const [cpu] = cpus()
  return `node ${process.versions.node}, ${git(['version']).trim()}, ${availableParallelism()} cores${cpu === undefined ? '' : ` (${cpu.model})`}, ${process.platform}`
}

/** @param {readonly string[]} argv */
async function main(argv) {
  if (argv.length === 0) console.log(usage)
  const [what = 'history', ...rest] = argv
  if (what === 'accuracy') {
    const seeds = rest.length === 0 ? 1000 : Number(rest[0] === '--seeds' && rest.length === 2 ? rest[1] : Number.NaN)
    if (Number.isInteger(seeds) && seeds > 0) return benchAccuracy(root, seeds)
  }
  const at = rest.indexOf('--runs')
  const runs = at < 0 ? 5 : Number(rest[at + 1])
  const repositories = at < 0 ? rest : rest.toSpliced(at, 2)
  if (what !== 'history' || !(Number.isInteger(runs) && runs > 0) || repositories.some((word) => word.startsWith('-'))) {
    process.stderr.write(usage)
    process.exitCode = 2
    return
  }
  console.log(machineLine())
  console.log('R stands for the repository; each line gives medians, and in brackets the fastest and the slowest run')
  for (const repository of repositories.length > 0 ? repositories : [root]) benchHistory(resolve(repository), runs)
}

await main(process.argv.slice(2))
