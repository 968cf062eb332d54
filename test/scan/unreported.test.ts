import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type * as Limits from '../../src/model/limits.ts'
import { scan } from '../../src/scan/scan.ts'
import type { ScanOptions } from '../../src/model/target.ts'
import { noPolicy } from '../../src/model/policy.ts'
import type { ScanResult } from '../../src/model/outcome.ts'
import { verdictText } from '../../src/report/wording/coverage.ts'
import { jsonReport } from '../../src/report/formats/json.ts'
import { password } from '../support/credentials.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../support/repo.ts'

/** Limits low enough for a test: a slow hash takes 10 ms. */
vi.mock('../../src/model/limits.ts', async (importOriginal) => {
  const original = await importOriginal<typeof Limits>()
  const weakValues = { maxInFile: 3, maxInScan: 5 }
  return {
    ...original,
    limitsOf: (options: ScanOptions) => ({ ...original.limitsOf(options), weakValues }),
  }
})

const values = Array.from({ length: 12 }, (_, at) => password(9000 + at))

function entries(from: number, to: number): string {
  return values
    .slice(from, to)
    .map((value, at) => `DB${from + at}_PASSWORD=${value}\n`)
    .join('')
}

function isEnvFile(path: string): boolean {
  return path === '.env'
}

function skipsIn({ receipt }: ScanResult): readonly unknown[] {
  return receipt.skipped.map(({ outcome, reason, path, count, detail }) => ({
    outcome,
    reason,
    path: path?.text,
    count,
    detail,
  }))
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

test('lists the first weak values of a file and counts the others', async () => {
  const cwd = folderWith({ '.env': entries(0, 7) })
  const result = await scan({ name: 'scan', git: false }, { cwd })
  expect(result.findings.map(({ places: [place] }) => place.span.line)).toEqual([1, 2, 3])
  expect(skipsIn(result)).toEqual([
    {
      outcome: 'failed',
      reason: 'unreported',
      path: '.env',
      count: 4,
      detail: '4 found by dotenv-secret: a scan lists up to 3 of one file, 5 in all',
    },
  ])
  expect(result.receipt.complete).toBe(false)
  expect(verdictText(result)).toBe(
    'Incomplete: 4 more secrets found and not listed; 3 secrets found.',
  )
})

test('counts equal values once, in a file and over the limit of a scan', async () => {
  const cwd = folderWith({
    'a.env': entries(0, 2) + entries(0, 2),
    'b.env': entries(0, 4) + entries(2, 4),
    'c.env': entries(3, 7) + entries(3, 7),
  })
  const result = await scan({ name: 'scan', git: false }, { cwd, jobs: 1 })
  expect(result.findings).toHaveLength(5)
  expect(skipsIn(result)).toMatchObject([{ path: 'c.env', count: 2 }])
})

test('names an unlisted secret in no text', async () => {
  const [hidden = ''] = values.slice(6)
  const cwd = folderWith({ '.env': entries(0, 7), [`${hidden}.env`]: entries(0, 1) })
  const result = await scan({ name: 'scan', git: false }, { cwd })
  const report = jsonReport(result, { version: '0', endedAt: new Date(0), allOrigins: true })
  expect(report).toContain('.env')
  for (const value of values) expect(report).not.toContain(value)
})

test('counts a path that the policy allows as suppressed, in files and in history', async () => {
  const repo = Repo.create()
  repo.commit('Start', { '.env': entries(0, 7) })
  const policy = { ...noPolicy, allowedPaths: [{ covers: isEnvFile, reason: 'samples' }] }
  for (const name of ['scan', 'history'] as const) {
    const result = await scan({ name }, { cwd: repo.path, env: isolatedEnv, policy })
    expect(skipsIn(result)).toEqual([])
    expect(result.findings).toEqual([])
    expect(result.receipt.complete).toBe(true)
    expect(new Set(result.suppressed.map(({ suppression }) => suppression.by))).toEqual(
      new Set(['path']),
    )
    const unnamed = await scan({ name }, { cwd: repo.path, env: isolatedEnv })
    expect(skipsIn(unnamed)).toMatchObject([{ reason: 'unreported', path: '.env', count: 4 }])
  }
})
