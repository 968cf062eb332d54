// @ts-check
// How long a scan of history takes, next to what git needs only to print the same objects, and to
// print all changes.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { git, median, nodeMemoryMb, seconds, timed } from './timing.mjs'

/**
 * One of those that run in turns.
 * @typedef {{ readonly name: string, readonly command: readonly string[], readonly codes: readonly
 * number[], readonly env?: Record<string, string> }} Contender
 * @typedef {import('./timing.mjs').Run} Run
 */

/**
 * Scanners of history that may be on PATH, and how they are told to read all of it and to ask
 * nobody.
 */
const peers = [
  [
    'gitleaks',
    (/** @type {string} */ repository) => ['git', '--no-banner', '--log-opts=--all', repository],
  ],
  [
    'betterleaks',
    (/** @type {string} */ repository) => ['git', '--no-banner', '--log-opts=--all', repository],
  ],
  [
    'trufflehog',
    (/** @type {string} */ repository) => [
      'git',
      `file://${repository}`,
      '--no-verification',
      '--no-update',
    ],
  ],
  ['kingfisher', (/** @type {string} */ repository) => ['scan', repository, '--no-validate']],
]

/**
 * @param {string} bin @param {string} repository @param {string} state @returns {readonly
 * Contender[]}
 */
function contendersFor(bin, repository, state) {
  const scan = (/** @type {string[]} */ ...more) => [
    process.execPath,
    bin,
    'history',
    repository,
    '--format',
    'json',
    ...more,
  ]
  const env = { XDG_STATE_HOME: state }
  return [
    {
      name: 'floor',
      command: [
        'git',
        '-C',
        repository,
        'cat-file',
        '--batch-all-objects',
        '--batch',
        '--unordered',
        '--buffer',
      ],
      codes: [0],
    },
    {
      name: 'git log -p',
      command: ['git', '-C', repository, 'log', '-p', '-U0', '--all'],
      codes: [0],
    },
    { name: 'oakum', command: scan('--no-cache'), codes: [0, 1, 3] },
    { name: 'oakum aws', command: scan('--no-cache', '--rules', 'aws'), codes: [0, 1, 3] },
    { name: 'oakum again', command: scan(), codes: [0, 1, 3], env },
    { name: 'node -e 0', command: [process.execPath, '-e', '0'], codes: [0] },
    ...peers.flatMap(([name, argsFor]) =>
      typeof name === 'string' && typeof argsFor === 'function' && isOnPath(name)
        ? [{ name, command: [name, ...argsFor(repository)], codes: [0, 1, 183] }]
        : [],
    ),
  ]
}

/** @param {string} name */
function isOnPath(name) {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, name)))
}

/**
 * Runs all of them in turns, each round in the other direction, and prints a line for each.
 * @param {string} bin
 * @param {string} repository
 * @param {number} rounds
 * @param {readonly string[]} only
 */
export function benchHistory(bin, repository, rounds, only = []) {
  const state = mkdtempSync(join(tmpdir(), 'oakum-bench-'))
  try {
    const contenders = contendersFor(bin, repository, state).filter(
      ({ name }) => only.length === 0 || name === 'floor' || only.includes(name),
    )
    console.log(`\n${repository}: ${sizeOf(repository)}`)
    for (const { name, command } of contenders)
      console.log(
        `  ${name.padEnd(12)} ${command.map((word) => (word === repository ? 'R' : word)).join(' ')}`,
      )
    const scan = [bin, 'history', repository, '--format', 'json']
    // These are not timed: they warm the cache of files, measure memory, and leave what "again"
    // goes by.
    const memoryMb = nodeMemoryMb([...scan, '--no-cache'])
    timed([process.execPath, ...scan], [0, 1, 3], { XDG_STATE_HOME: state })
    const runs = turns(contenders, rounds)
    printTable(contenders, runs)
    console.log(
      `  memory: ${memoryMb.toFixed(0)} MB at most in the process of oakum, without the gits it starts`,
    )
    const codes = new Set((runs.get('oakum') ?? []).map(({ code }) => code))
    if (codes.has(1))
      console.log(
        '  it found credentials (exit 1): to look up the commits that brought them in is part of its time',
      )
    if (codes.has(3))
      console.log(
        '  INCOMPLETE: oakum could not read everything (exit 3), so its time is not that of a whole scan',
      )
  } finally {
    rmSync(state, { recursive: true, force: true })
  }
}

/** @param {readonly Contender[]} contenders @param {number} rounds */
function turns(contenders, rounds) {
  /** @type {Map<string, Run[]>} */
  const runs = new Map(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, command, codes, env } of round % 2 === 0
      ? contenders
      : contenders.toReversed())
      runs.get(name)?.push(timed(command, codes, env))
  }
  return runs
}

/** @param {readonly Contender[]} contenders @param {ReadonlyMap<string, readonly Run[]>} runs */
function printTable(contenders, runs) {
  const floors = runs.get('floor') ?? []
  const logs = runs.get('git log -p') ?? []
  console.log(
    `  ${''.padEnd(12)} ${'wall'.padStart(9)} ${'CPU'.padStart(9)} ${'of floor'.padStart(9)} ${'of log -p'.padStart(9)}`,
  )
  for (const { name } of contenders) {
    const own = runs.get(name) ?? []
    const ratio = (/** @type {readonly Run[]} */ to) =>
      to.length === 0
        ? ''
        : median(own.map((run, at) => run.wallMs / (to[at]?.wallMs ?? Number.NaN))).toFixed(2)
    const [wall, cpu] = [own.map((run) => run.wallMs), own.map((run) => run.cpuMs)].map((values) =>
      seconds(median(values)),
    )
    console.log(
      `  ${name.padEnd(12)} ${(wall ?? '').padStart(9)} ${(cpu ?? '').padStart(9)} ${ratio(floors).padStart(9)} ${ratio(logs).padStart(9)}`,
    )
  }
}

/** @param {number} kib */
function megabytes(kib) {
  return ((kib * 1024) / 1e6).toFixed(1)
}

/** @param {string} repository */
function sizeOf(repository) {
  const counts = git(['-C', repository, 'count-objects', '-v'])
  const number = (/** @type {string} */ name) =>
    Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(counts)?.[1] ?? Number.NaN)
  return `${(number('count') + number('in-pack')).toLocaleString('en-US')} objects, ${megabytes(number('size-pack'))} MB in packs, ${megabytes(number('size'))} MB loose`
}

/**
 * The same history at an eighth, a quarter, half and all of its commits: what a scan costs for
 * each.
 * @param {string} bin
 * @param {string} repository
 * @param {number} rounds
 */
export function benchGrowth(bin, repository, rounds) {
  const commits = git(['-C', repository, 'rev-list', '--first-parent', '--reverse', 'HEAD'])
    .trim()
    .split('\n')
  const folder = mkdtempSync(join(tmpdir(), 'oakum-growth-'))
  try {
    for (const share of [8, 4, 2, 1]) {
      const commit = commits[Math.ceil(commits.length / share) - 1] ?? 'HEAD'
      const part = join(folder, `part-${share}.git`)
      git(['init', '-q', '--bare', part])
      git(
        [
          '-C',
          part,
          'fetch',
          '-q',
          '--no-tags',
          `file://${repository}`,
          `${commit}:refs/heads/part`,
        ],
        {
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: 'uploadpack.allowAnySHA1InWant',
          GIT_CONFIG_VALUE_0: 'true',
        },
      )
      benchHistory(bin, part, rounds, ['oakum'])
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
