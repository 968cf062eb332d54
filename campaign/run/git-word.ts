/** Git's own word on a repository: what is missing or corrupt, and what it can still print. */
import type { Planted, Trial } from '../trial.ts'
import { safeGitEnvironment } from './environment.ts'
import { type Ended, runProcess } from './process.ts'

export interface GitWord {
  /** Git takes the folder for a repository. */
  readonly opens: boolean
  /** Lines that say that something is missing or corrupt. */
  readonly complaints: readonly string[]
  /** Planted secrets whose object git prints whole. */
  readonly printable: readonly Planted[]
}

/** Lines of `git fsck` that are no complaint about content, each with the reason. */
export const acceptedComplaints: readonly (readonly [line: RegExp, reason: string])[] = [
  [/^(warning|notice|hint|dangling|unreachable|root|tagged|Checking)\b/, 'remarks of git'],
  [
    /^error in (commit|tree|blob|tag) \w+: (?!badTree|unterminatedHeader)\w+:/,
    'objects in a form that git criticises, and prints nonetheless',
  ],
  [/multi-pack-index|commit-graph|bitmap|reverse-index/i, 'files that only make git faster'],
  [/^error: .*index file corrupt|bad index file sha1 signature/, 'the checksum of the index'],
]

export function isComplaint(line: string): boolean {
  return line.trim() !== '' && !acceptedComplaints.some(([accepted]) => accepted.test(line))
}

export async function gitWord(trial: Trial, repository: string): Promise<GitWord> {
  const git = (args: readonly string[], stdin = ''): Promise<Ended> =>
    runProcess(['git', ...args], {
      cwd: repository,
      env: safeGitEnvironment(trial),
      limitMs: trial.surroundings.caseSeconds * 1000,
      stdin,
    })
  const opened = await git(['rev-parse', '--git-dir'])
  if (opened.code !== 0) return { opens: false, complaints: [lineOf(opened)], printable: [] }
  const complaints: string[] = []
  const fsck = await git(['fsck', '--full', '--no-dangling', '--no-progress'])
  if (fsck.code !== 0)
    complaints.push(...`${fsck.stderr}\n${fsck.stdout.toString()}`.split('\n').filter(isComplaint))
  for (const args of [
    ['rev-list', '--objects', '--all'],
    ['cat-file', '--batch-all-objects', '--batch-check', '--buffer'],
    ['cat-file', '--batch-all-objects', '--batch', '--buffer'],
  ]) {
    const ended = await git(args)
    if (ended.code !== 0) complaints.push(`git ${args.join(' ')}: ${lineOf(ended)}`)
  }
  const printable: Planted[] = []
  for (const planted of trial.planted) {
    if (planted.blob === undefined) continue
    const { code, stdout } = await git(['cat-file', 'blob', planted.blob])
    if (code === 0 && stdout.includes(planted.secret)) printable.push(planted)
  }
  trial.did(
    complaints.length === 0
      ? 'git has no complaint'
      : `git complains: ${complaints.slice(0, 3).join(' | ')}`,
  )
  return { opens: true, complaints, printable }
}

function lineOf({ hung, stderr, code }: Ended): string {
  if (hung) return 'git did not end'
  return stderr.split('\n').find((line) => line !== '') ?? `exit ${code}`
}
