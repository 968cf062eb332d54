// @ts-check
// Whole processes, timed from outside by `sh`, whose `times` counts processor time of children and
// theirs.
import { spawnSync } from 'node:child_process'

/** Writes the most memory that Node held, in KiB, to file descriptor 3. */
const memoryProbe =
  'data:text/javascript,import{writeSync}from"node:fs";process.on("exit",()=>writeSync(3,String(process.resourceUsage().maxRSS)))'

/** @typedef {{ readonly wallMs: number, readonly cpuMs: number, readonly code: number }} Run */

/** @param {readonly string[]} args @param {Record<string, string>} [env] */
export function git(args, env) {
  const { status, stdout, stderr, error } = spawnSync('git', args, {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, ...env },
  })
  if (error) throw error
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.trim()}`)
  return stdout
}

/**
 * Runs a command to its end. Throws when it ends with a code it should not.
 * @param {readonly string[]} command
 * @param {readonly number[]} expected
 * @param {Record<string, string>} [env]
 * @returns {Run}
 */
export function timed(command, expected, env) {
  const started = performance.now()
  const { status, stdout, error } = spawnSync(
    'sh',
    ['-c', '"$@" >/dev/null; code=$?; times; exit $code', 'sh', ...command],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...env },
    },
  )
  const wallMs = performance.now() - started
  if (error) throw error
  if (status === null || !expected.includes(status))
    throw new Error(`${command.slice(0, 3).join(' ')} … ended with ${status ?? 'a signal'}`)
  return { wallMs, cpuMs: cpuOf(stdout), code: status }
}

/**
 * `times` gives user and system time, of the shell in the first line and of its children in the
 * second: `0m0.31s 0m0.04s`.
 * @param {string} output
 */
function cpuOf(output) {
  const children = [...(output.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
  if (children.length !== 2) throw new Error(`sh: times gave ${JSON.stringify(output)}`)
  return children.reduce(
    (sum, [, minutes, rest]) => sum + Number(minutes) * 60_000 + Number(rest) * 1000,
    0,
  )
}

/**
 * The most memory that the Node process held, without the gits it starts.
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 */
export function nodeMemoryMb(args, env) {
  const { status, output, error } = spawnSync(
    process.execPath,
    ['--import', memoryProbe, ...args],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      env: { ...process.env, ...env },
    },
  )
  if (error) throw error
  const kib = Number(output?.[3])
  if (status === null || !(kib > 0))
    throw new Error(`the run that measures memory ended with ${status ?? 'a signal'}`)
  return (kib * 1024) / 1e6
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(2)} s`
}
