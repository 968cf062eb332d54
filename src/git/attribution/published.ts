/** Tells which refs and objects of a clone its remotes have. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import { zFields } from '../commands/path.ts'
import type { Ref } from '../commands/refs.ts'
import type { Repository } from '../commands/repository.ts'
import { ifGitFails, readGit } from '../commands/run.ts'
import { isSystemError } from '../objects/read-if-exists.ts'

/** Refs that only a remote creates: tracking refs, and changes of GitHub, GitLab and Gerrit. */
const REMOTE_REFS = /^refs\/(remotes|pull|merge-requests|changes)\//

/** The refs and objects that a clone knows its remotes to have. */
export interface Published {
  /** True when a ref shows the state of a remote. */
  readonly isTracking: (ref: string) => boolean
  /**
   * Former targets of tracking refs (from their logs), and objects that were fetched without a ref:
   * a remote had them, although no ref shows it any more.
   */
  readonly former: readonly Ref[]
  /** A text that differs whenever the other fields differ. */
  readonly summary: string
}

/** Reads the remotes of a clone, the logs of tracking refs, and FETCH_HEAD. */
export async function readPublished(
  repository: Repository,
  signal: AbortSignal,
): Promise<Published> {
  const [configured, logs] = await Promise.all([
    readRemotes(repository, signal),
    readLogs(repository, signal),
  ])
  const fetched = readFetchHead(repository)
  const isTarget = configured.targets.map(matcherOf)
  const isMirror = repository.top === null && configured.hasRemote
  const former = [...logs, ...(fetched.length === 0 ? [] : [{ name: 'FETCH_HEAD', ids: fetched }])]
  return {
    // A bare clone stores the branches of its remote as its own.
    isTracking: (ref) =>
      REMOTE_REFS.test(ref) ||
      isTarget.some((matches) => matches(ref)) ||
      (isMirror && /^refs\/(heads|tags)\//.test(ref)),
    former,
    summary: JSON.stringify([configured.targets, isMirror, former]),
  }
}

interface Remotes {
  /** The right sides of refspecs: refs, or patterns with one `*`. */
  readonly targets: readonly string[]
  readonly hasRemote: boolean
}

/**
 * Parses settings such as `remote.origin.fetch\n+refs/heads/*:refs/remotes/origin/*\0`. A mirror
 * has `+refs/*:refs/*`.
 */
async function readRemotes(repository: Repository, signal: AbortSignal): Promise<Remotes> {
  // Git fails when there is no such setting, which is the case in a repository without remotes.
  const output = await readGit({
    ...repository,
    signal,
    args: ['config', '-z', '--get-regexp', String.raw`^remote\..*\.(fetch|url)$`],
  }).catch(ifGitFails(Buffer.alloc(0)))
  const settings = [...zFields(output)].map((field) => field.toString('utf8'))
  const targets = settings.flatMap((setting) => {
    const target = /\.fetch\n[^:]*:(?<target>refs\/.*)$/s.exec(setting)?.groups?.['target']
    return target ?? []
  })
  return { targets, hasRemote: settings.some((setting) => /\.url\n/.test(setting)) }
}

/** Returns a test for the refs that a refspec's target matches. It has at most one `*`. */
function matcherOf(target: string): (ref: string) => boolean {
  const star = target.indexOf('*')
  if (star < 0) return (ref) => ref === target
  const [start, end] = [target.slice(0, star), target.slice(star + 1)]
  return (ref) =>
    ref.length >= start.length + end.length && ref.startsWith(start) && ref.endsWith(end)
}

/**
 * Reads the former targets of tracking refs. They were pushed or fetched once, and a forced push
 * does not take them back. Parses `41a1…e7 refs/remotes/origin/main@{1}`.
 */
async function readLogs(repository: Repository, signal: AbortSignal): Promise<readonly Ref[]> {
  const { commonDir } = repository
  if (
    !existsSync(join(commonDir, 'logs', 'refs', 'remotes')) &&
    !existsSync(join(commonDir, 'reftable'))
  )
    return []
  const output = await readGit({
    ...repository,
    signal,
    args: ['log', '--walk-reflogs', '--remotes', '-z', '--no-show-signature', '--format=%H %gD'],
  }).catch(ifGitFails(Buffer.alloc(0)))
  const logs = new Map<string, Set<string>>()
  for (const field of zFields(output)) {
    const [id = '', ...words] = field.toString('utf8').split(' ')
    const name = `logs/${words.join(' ').replace(/@\{[^{}]*\}$/, '')}`
    logs.set(name, (logs.get(name) ?? new Set()).add(id))
  }
  return [...logs].map(([name, ids]) => ({ name, ids: [...ids] }))
}

/**
 * Reads the ids of the last fetch, which may have been from a URL and into no ref. Parses
 * `41a1…e7\tnot-for-merge\tbranch 'main' of …`.
 */
function readFetchHead({ gitDir, idLength }: Repository): readonly string[] {
  const text = readText(join(gitDir, 'FETCH_HEAD'))
  return [
    ...new Set(
      text
        .split('\n')
        .map((line) => line.slice(0, idLength))
        .filter((id) => id.length === idLength && /^[0-9a-f]+$/.test(id)),
    ),
  ]
}

/** Returns '' when the file does not exist or cannot be read. */
function readText(file: string): string {
  try {
    return readRegularFile(file).toString('latin1')
  } catch (error) {
    if (isSystemError(error)) return ''
    throw error
  }
}
