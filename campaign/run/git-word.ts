/** Git's own word on a repository: what is missing or corrupt, and what it can still print. */
import { nameOf } from '../../test/support/pack-writer.ts'
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
  /** Git lists all objects of the store. */
  readonly lists: boolean
}

/** Lines of `git fsck` that are no complaint about content, each with the reason. */
export const acceptedComplaints: readonly (readonly [line: RegExp, reason: string])[] = [
  [/^(warning|notice|hint|dangling|unreachable|root|tagged|Checking)\b/, 'remarks of git'],
  [
    /^error in (commit|tree|blob|tag) \w+: (?!badTree|unterminatedHeader)\w+:/,
    'objects in a form that git criticises, and prints nonetheless',
  ],
  [/multi-pack-index|commit-graph|bitmap|reverse-index/i, 'files that only make git faster'],
  [/^error: refs\/replace\//, 'replacements of objects, which Oakum does not follow'],
  [
    /^error: (invalid HEAD$|HEAD points to something strange)/,
    'a HEAD that leads to no branch, and so to no object',
  ],
  [
    /^error: (?:refs\/heads\/.*|HEAD): not a commit$/,
    'a branch at an object that is there, and no commit',
  ],
  [/^error: bad ref for \S*logs\/HEAD$/, 'the log of a HEAD that leads to no branch'],
  [/^error: \S+: invalid sha1 pointer 0+$/, 'a ref that leads to no object'],
  [/^error: bad index file sha1 signature/, 'the checksum of the index'],
]

/** The lines of `git fsck` that count. */
export function complaintsIn(text: string): readonly string[] {
  // Git ends with this line when only the checksum is wrong, too.
  const checksum = /^error: bad index file sha1 signature$/m.test(text)
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !(checksum && line === 'fatal: index file corrupt'))
    .filter((line) => !acceptedComplaints.some(([accepted]) => accepted.test(line)))
}

const damagedCopy =
  /^error: (?:(?<oid>[0-9a-f]{40,64}): object corrupt or missing|unable to unpack (?:header|contents) of .*objects\/(?<folder>..)\/(?<file>\w+)$|corrupt loose object '(?<quoted>\w+)')/

/**
 * Leaves out lines about a damaged loose object of which a pack has a whole copy: nothing is lost.
 */
export async function withoutSpareCopies(
  lines: readonly string[],
  isWhole: (oid: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const kept: string[] = []
  for (const line of lines) {
    const { oid, quoted, folder, file } = damagedCopy.exec(line)?.groups ?? {}
    const name =
      oid ?? quoted ?? (folder === undefined || file === undefined ? undefined : folder + file)
    if (name === undefined || !(await isWhole(name))) kept.push(line)
  }
  // These lines name no object, and stand beside one that does.
  return kept.every((line) => line.startsWith('error: inflate: ')) ? [] : kept
}

/** Whether git prints an object, and its content has the name that was asked for. */
async function printsWhole(git: Git, oid: string): Promise<boolean> {
  const { code, stdout } = await git(['cat-file', '--batch'], `${oid}\n`)
  const endOfHeader = stdout.indexOf('\n')
  const [, kind, size] = stdout.toString('latin1', 0, endOfHeader).split(' ')
  if (code !== 0 || size === undefined) return false
  const content = stdout.subarray(endOfHeader + 1, endOfHeader + 1 + Number(size))
  return nameOf(content, kind, oid.length === 40 ? 'sha1' : 'sha256') === oid
}

type Git = (args: readonly string[], stdin?: string) => Promise<Ended>

export async function gitWord(trial: Trial, repository: string): Promise<GitWord> {
  const git: Git = (args, stdin = '') =>
    runProcess(['git', ...args], {
      cwd: repository,
      env: safeGitEnvironment(trial),
      limitMs: trial.surroundings.caseSeconds * 1000,
      stdin,
    })
  const opened = await git(['rev-parse', '--git-dir'])
  if (opened.code !== 0)
    return { opens: false, complaints: [lineOf(opened)], printable: [], lists: false }
  const complaints: string[] = []
  const fsck = await git(['fsck', '--full', '--no-dangling', '--no-progress'])
  if (fsck.code !== 0) {
    const lines = complaintsIn(`${fsck.stderr}\n${fsck.stdout.toString()}`)
    complaints.push(...(await withoutSpareCopies(lines, (oid) => printsWhole(git, oid))))
  }
  let lists = true
  for (const args of [
    ['rev-list', '--objects', '--all'],
    ['cat-file', '--batch-all-objects', '--batch-check', '--buffer'],
    ['cat-file', '--batch-all-objects', '--batch', '--buffer'],
  ]) {
    const ended = await git(args)
    if (ended.code === 0) continue
    if (args.includes('--batch-check')) lists = false
    const line = lineOf(ended)
    if (complaintsIn(line).length > 0) complaints.push(`git ${args.join(' ')}: ${line}`)
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
  return { opens: true, complaints, printable, lists }
}

function lineOf({ hung, stderr, code }: Ended): string {
  if (hung) return 'git did not end'
  return stderr.split('\n').find((line) => line !== '') ?? `exit ${code}`
}
