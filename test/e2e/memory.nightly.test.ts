import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { tarOf, zipOf } from '../support/archives.ts'
import type { Pair } from '../support/credentials.ts'
import { awsPair } from '../support/credentials.ts'
import type { OakumRun } from '../support/oakum.ts'
import { oakumJson } from '../support/oakum.ts'
import { randomBytes } from '../support/pieces.ts'
import { seededRandom } from '../support/random.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'
import { expectOnlyPair, verdictOf } from './pair-in-report.ts'

const limitMiB = 300

/**
 * Loaded into the program: writes its peak resident memory (KiB) when it ends. Linux's `VmHWM`
 * where it is, because
 * `maxRSS` starts with the memory of the process that started this one.
 */
const witness = `
import { readFileSync, writeFileSync } from 'node:fs'
process.on('exit', () => {
  let peak = process.resourceUsage().maxRSS
  try { peak = Number(/VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) } catch { peak = process.resourceUsage().maxRSS }
  writeFileSync(process.env.PEAK_FILE, String(peak))
})
`

interface Watched {
  readonly run: OakumRun
  readonly peakMiB: number
}

async function watched(args: readonly string[], cwd: string): Promise<Watched> {
  const folder = temporaryFolder()
  const [module, peak] = [join(folder, 'witness.mjs'), join(folder, 'peak')]
  writeFileSync(module, witness)
  const run = await oakumJson(args, {
    cwd,
    env: { PEAK_FILE: peak },
    node: ['--import', pathToFileURL(module).href],
  })
  return { run, peakMiB: Number(readFileSync(peak, 'utf8')) / 1024 }
}

/** 300 MiB without a newline; a pair is just before the end. */
function writeHugeLine(path: string, { id, secret }: Pair): void {
  const words = Buffer.from('lorem ipsum dolor sit amet, consectetur; '.repeat(25_575)).subarray(
    0,
    2 ** 20,
  )
  const file = openSync(path, 'w')
  for (let n = 0; n < 300; n += 1) writeSync(file, words)
  writeSync(file, ` aws_access_key_id=${id} aws_secret_access_key=${secret} `)
  writeSync(file, words, 0, 10_000)
  closeSync(file)
}

/** A stream for `git fast-import`: each commit has a new file and so a new tree. */
function stream(commits: number, pair: Pair): string {
  const parts: string[] = []
  for (let n = 0; n < commits; n += 1) {
    const text =
      n === Math.floor(commits / 2)
        ? `aws_access_key_id = ${pair.id}\naws_secret_access_key = ${pair.secret}\n`
        : `version = ${n}\n`
    parts.push(
      `commit refs/heads/main\ncommitter Cem <cem@example.com> ${1_704_067_200 + n} +0000\ndata 2\ngo\nM 100644 inline version.ini\ndata ${text.length}\n${text}\n`,
    )
  }
  return parts.join('')
}

describe('the memory of oakum stays below 300 MiB', () => {
  const pair = awsPair(800)
  const repo = Repo.create()

  test('for a file of 300 MiB in one line', { timeout: 120_000 }, async () => {
    writeHugeLine(join(repo.path, 'huge.txt'), pair)
    const { run, peakMiB } = await watched(['scan'], repo.path)
    expectOnlyPair(run, pair)
    expect(verdictOf(run)).toEqual({ code: 1, findings: 1, complete: true })
    expect(peakMiB).toBeLessThanOrEqual(limitMiB)
  })

  test('for such a file in history, and in the index', { timeout: 120_000 }, async () => {
    repo.git('-c', 'core.compression=0', '-c', 'core.bigFileThreshold=1m', 'add', 'huge.txt')
    for (const command of ['staged', 'history']) {
      const { run, peakMiB } = await watched([command], repo.path)
      expectOnlyPair(run, pair)
      expect(verdictOf(run)).toEqual({ code: 1, findings: 1, complete: true })
      expect(peakMiB).toBeLessThanOrEqual(limitMiB)
    }
  })

  test('for archives: a bomb, and one of nearly the largest size within another', {
    timeout: 120_000,
  }, async () => {
    const folder = temporaryFolder()
    const zeros = gzipSync(Buffer.alloc(64 << 20))
    writeFileSync(join(folder, 'bomb.gz'), Buffer.concat(Array.from({ length: 16 }, () => zeros)))
    const random = randomBytes(1 << 20, seededRandom(802))
    const other = awsPair(802)
    const data = Buffer.concat([
      ...Array.from({ length: 50 }, () => random),
      Buffer.from(`aws_access_key_id=${other.id} aws_secret_access_key=${other.secret}\n`),
    ])
    writeFileSync(
      join(folder, 'large.tgz'),
      gzipSync(tarOf([{ name: 'in.zip', data: zipOf([{ name: 'a', data, stored: true }]) }]), {
        level: 1,
      }),
    )
    const { run, peakMiB } = await watched(['scan', '--no-git', '.'], folder)
    expectOnlyPair(run, other)
    expect(run.report().receipt.skipped.map(({ reason, path }) => [reason, path])).toEqual([
      ['archive-ratio', 'bomb.gz'],
    ])
    expect(peakMiB).toBeLessThanOrEqual(limitMiB)
  })

  test('for a history of 100,000 objects', { timeout: 120_000 }, async () => {
    const big = Repo.create()
    const other = awsPair(801)
    big.gitBytes(['fast-import', '--quiet'], stream(33_400, other))
    expect(Number(/in-pack: (\d+)/.exec(big.git('count-objects', '-v'))?.[1])).toBeGreaterThan(
      100_000,
    )
    const { run, peakMiB } = await watched(['history'], big.path)
    expectOnlyPair(run, other)
    expect(verdictOf(run)).toEqual({ code: 1, findings: 1, complete: true })
    expect(peakMiB).toBeLessThanOrEqual(limitMiB)
  })
})
