// @ts-check
// What a commit waits for: `oakum staged` and the whole pre-commit hook, beside a Node that does
// nothing.
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  appendFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git, timed } from './timing.mjs'

/** The largest of a folder of sources, as a commit might change them. */
const files = 10

/** @param {string} bin @param {string} root @param {number} runs */
export function benchStaged(bin, root, runs) {
  for (const line of ['// One more line.', '// One more line, about a secret and its password.'])
    benchFiles(bin, root, { runs, line })
}

/**
 * @param {string} bin @param {string} root @param {{ readonly runs: number, readonly line: string
 * }} options
 */
function benchFiles(bin, root, { runs, line }) {
  const folder = mkdtempSync(join(tmpdir(), 'oakum-bench-'))
  try {
    const bytes = stage(folder, root, line)
    const hooks = hooksIn(folder, bin, root)
    const at = (/** @type {readonly string[]} */ ...command) => [
      'sh',
      '-c',
      'cd "$1" && shift && exec "$@"',
      'sh',
      join(folder, 'work'),
      ...command,
    ]
    const hook = (/** @type {string} */ name) =>
      at('git', '-c', `core.hooksPath=${hooks[name]}`, 'hook', 'run', 'pre-commit')
    const rows = {
      'node -e 0': at(process.execPath, '-e', '0'),
      'oakum staged': at(process.execPath, bin, 'staged'),
      'empty hook': hook('empty'),
      'oakum hook': hook('oakum'),
    }
    console.log(
      `\n${files} staged files of this repository's src/git, ${(bytes / 1000).toFixed(1)} kB, each with "${line}" added; medians of ${runs}`,
    )
    const walls = timesOf(rows, runs)
    for (const [name, times] of Object.entries(walls))
      console.log(
        `${name.padEnd(14)} ${median(times).toFixed(0).padStart(5)} ms   least ${Math.min(...times).toFixed(0)} ms`,
      )
    // Of runs beside each other: a machine that slows down slows them all.
    const ratio = (/** @type {(wall: (name: keyof typeof rows) => number) => number} */ of) =>
      median(
        (walls['node -e 0'] ?? []).map((_, run) => of((name) => walls[name]?.[run] ?? 0)),
      ).toFixed(2)
    console.log(
      `oakum staged                 / node -e 0: ${ratio((wall) => wall('oakum staged') / wall('node -e 0'))}`,
    )
    console.log(
      `(oakum hook - an empty hook) / node -e 0: ${ratio((wall) => (wall('oakum hook') - wall('empty hook')) / wall('node -e 0'))}`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} folder @param {string} root @param {string} line */
function stage(folder, root, line) {
  const work = join(folder, 'work')
  git(['init', '-q', work])
  cpSync(join(root, 'src/git'), join(work, 'src'), { recursive: true })
  const as = ['-C', work, '-c', 'user.name=bench', '-c', 'user.email=bench@example.com']
  git([...as, 'add', '-A'])
  git([...as, 'commit', '-q', '-m', 'Start'])
  const largest = readdirSync(join(work, 'src'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(work, 'src', name))
    .sort((a, b) => statSync(b).size - statSync(a).size)
    .slice(0, files)
  for (const file of largest) appendFileSync(file, `\n${line}\n`)
  git([...as, 'add', '-A'])
  return largest.reduce((sum, file) => sum + statSync(file).size, 0)
}

/**
 * Folders of hooks: one with nothing to do, and one as Oakum installs it. @param {string} folder
 * @param {string} bin @param {string} root
 */
function hooksIn(folder, bin, root) {
  const oakum = readFileSync(join(root, 'hooks/pre-commit'), 'utf8')
    .replace(/^oakum_node=.*$/m, `oakum_node='${process.execPath}'`)
    .replace(/^oakum_bin=.*$/m, `oakum_bin='${bin}'`)
  const texts = { empty: '#!/bin/sh\n', oakum }
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => {
      const hooks = join(folder, name)
      mkdirSync(hooks)
      writeFileSync(join(hooks, 'pre-commit'), text)
      chmodSync(join(hooks, 'pre-commit'), 0o755)
      return [name, hooks]
    }),
  )
}

/**
 * One of each, then again: what else the machine does meets all alike. @param {Record<string,
 * readonly string[]>} rows @param {number} runs
 */
function timesOf(rows, runs) {
  const times = Object.fromEntries(
    Object.keys(rows).map((name) => [name, /** @type {number[]} */ ([])]),
  )
  for (let run = 0; run <= runs; run += 1) {
    for (const [name, command] of Object.entries(rows)) {
      const { wallMs } = timed(command, [0])
      // The first one warms what is read from disk.
      if (run > 0) times[name]?.push(wallMs)
    }
  }
  return times
}

/** @param {readonly number[]} numbers */
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}
