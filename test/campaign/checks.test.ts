import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkCanaries, plantCanaries } from '../../campaign/run/canary.ts'
import { type GitWord, complaintsIn, withoutSpareCopies } from '../../campaign/run/git-word.ts'
import { judge } from '../../campaign/run/judge.ts'
import { oakum, type OakumRun } from '../../campaign/run/oakum.ts'
import { pairOf } from '../../campaign/run/secrets.ts'
import { type Surroundings, Trial } from '../../campaign/trial.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'

const pair = pairOf(77)
const soundWord: GitWord = { opens: true, complaints: [], printable: [], lists: true }

function trialOf(program: string, caseSeconds = 20): Trial {
  const surroundings: Surroundings = {
    program,
    caseSeconds,
    foreign: [],
    generated: () => [],
    generatedNames: [],
  }
  return new Trial(1, temporaryFolder(), surroundings)
}

/** The checks that a program fails in place of Oakum. */
async function failedBy(script: string, caseSeconds?: number): Promise<readonly string[]> {
  const program = join(temporaryFolder(), 'program.cjs')
  writeFileSync(program, script)
  const trial = trialOf(program, caseSeconds)
  trial.planted.push(pair)
  mkdirSync(trial.path('repo'))
  await oakum(trial, ['history'], { cwd: trial.path('repo') })
  return trial.failures.map(({ check }) => check)
}

describe('every run', () => {
  test.each([
    ['is a crash with an exit code that is not documented', 'process.exit(7)', ['crash']],
    [
      'is a crash that calls itself a bug',
      `console.error('oakum: this is a bug in oakum'); process.exitCode = 3`,
      ['crash'],
    ],
    [
      'may not print a secret',
      `console.log(${JSON.stringify(pair.secret.slice(3, 20))})`,
      ['secret printed'],
    ],
    [
      'may not leave temporary files',
      `require('fs').writeFileSync(process.env.TMPDIR + '/x', '')`,
      ['temporary files left'],
    ],
    ['may do none of these', `console.log('fine')`, []],
  ])('%s', async (_name, script, failures) => {
    expect(await failedBy(script)).toEqual(failures)
  })

  test('ends in time', async () => {
    expect(await failedBy('setInterval(() => {}, 1000)', 0.3)).toEqual(['hang'])
  })
})

function runOf(code: number, complete: boolean, blobs: readonly string[] = []): OakumRun {
  const origins = blobs.map((blob) => ({ blob, path: null }))
  const report = { findings: [{ origins }], receipt: { complete, skipped: [] } }
  return {
    code,
    signal: null,
    stdout: Buffer.alloc(0),
    stderr: '',
    ms: 1,
    hung: false,
    peakBytes: 0,
    name: 'run',
    report,
  }
}

/** The checks that a run fails beside this word of git. */
function judged(run: OakumRun, word: GitWord): readonly string[] {
  const trial = trialOf('none')
  judge(trial, run, word)
  return trial.failures.map(({ check }) => check)
}

describe('a run beside the word of git', () => {
  const missing: GitWord = { ...soundWord, complaints: ['missing blob'] }
  const printable: GitWord = { ...soundWord, printable: [{ ...pair, blob: 'b1' }] }

  test('is not complete where git misses something', () => {
    expect(judged(runOf(0, true), missing)).toEqual(['complete'])
    expect(judged(runOf(1, true), missing)).toEqual(['complete'])
    expect(judged(runOf(3, false), missing)).toEqual([])
  })

  test('finds the secret of each object that git prints', () => {
    expect(judged(runOf(1, true, ['b2']), printable)).toEqual(['missed'])
    expect(judged(runOf(1, true, ['b2', 'b1']), printable)).toEqual([])
    const throughGit = { ...runOf(3, false), name: 'history --reader cat-file' }
    expect(judged(throughGit, { ...printable, lists: false })).toEqual([])
  })

  test('ends with the code that its report calls for', () => {
    expect(judged(runOf(0, false), soundWord)).toEqual(['exit code'])
    expect(judged(runOf(3, true), soundWord)).toEqual(['exit code'])
    expect(judged(runOf(0, true), soundWord)).toEqual([])
  })
})

test.each([
  ['error: hash mismatch 1234', true],
  ['missing blob 1234', true],
  ['broken link from  tree 1234', true],
  ['error in tree 1234: badTree: cannot be parsed as a tree', true],
  ['error in tree 1234: treeNotSorted: not properly sorted', false],
  ['dangling commit 1234', false],
  ['', false],
])('the line "%s" of git fsck is a complaint: %s', (line, complaint) => {
  expect(complaintsIn(line).length > 0).toBe(complaint)
})

test('a damaged loose object counts unless git prints a whole copy of it', async () => {
  const oid = 'ab'.repeat(20)
  const lines = [
    'error: inflate: data stream error (incorrect header check)',
    `error: unable to unpack header of .git/objects/ab/${oid.slice(2)}`,
    `error: ${oid}: object corrupt or missing: .git/objects/ab/${oid.slice(2)}`,
  ]
  expect(await withoutSpareCopies(lines, async () => true)).toEqual([])
  expect(await withoutSpareCopies(lines, async () => false)).toEqual(lines)
})

test('a canary sees that git starts a program of the repository', () => {
  const trial = trialOf('none')
  const repo = Repo.create()
  plantCanaries(trial, join(repo.path, '.git'))
  checkCanaries(trial)
  expect(trial.failures).toEqual([])
  repo.tryGit(['status'])
  checkCanaries(trial)
  expect(trial.failures.map(({ check }) => check)).toEqual(['program of the repository'])
})
