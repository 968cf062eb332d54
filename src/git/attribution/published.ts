import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zFields } from '../commands/path.ts'
import type { Ref } from '../commands/refs.ts'
import type { Repository } from '../commands/repository.ts'
import { readGit } from '../commands/run.ts'

/**
 * Refs that only come from a remote: what was fetched, and what hosts keep of changes (GitHub,
 * GitLab, Gerrit).
 */
const ALWAYS = /^refs\/(remotes|pull|merge-requests|changes)\//

/** What a clone knows of what its remotes have. */
export interface Published {
  /** Does a ref stand for what a remote has? */
  readonly isTracking: (ref: string) => boolean
  /**
   * What remotes had once, though no ref says so any more: by the logs of tracking refs, and what
   * was fetched without one.
   */
  readonly former: readonly Ref[]
  /** Differs where one of these does. */
  readonly told: string
}

/** Reads what is published besides what refs of the usual names say. */
export async function readPublished(
  repository: Repository,
  signal: AbortSignal,
): Promise<Published> {
  const [configured, logs] = await Promise.all([
    readRemotes(repository, signal),
    readLogs(repository, signal),
  ])
  const fetched = readFetched(repository)
  const covers = configured.targets.map(coverOf)
  const isMirror = repository.top === null && configured.hasRemote
  const former = [...logs, ...(fetched.length === 0 ? [] : [{ name: 'FETCH_HEAD', ids: fetched }])]
  return {
    // A bare clone has the branches of its remote as its own.
    isTracking: (ref) =>
      ALWAYS.test(ref) ||
      covers.some((isCovered) => isCovered(ref)) ||
      (isMirror && /^refs\/(heads|tags)\//.test(ref)),
    former,
    told: JSON.stringify([configured.targets, isMirror, former]),
  }
}

interface Remotes {
  /** Where refspecs put what they fetch. */
  readonly targets: readonly string[]
  readonly hasRemote: boolean
}

/** `remote.origin.fetch\n+refs/heads/*:refs/remotes/origin/*\0`; a mirror has `+refs/*:refs/*`. */
async function readRemotes(repository: Repository, signal: AbortSignal): Promise<Remotes> {
  // Without a remote git finds no such setting, and says so by failing.
  const output = await readGit({
    ...repository,
    signal,
    args: ['config', '-z', '--get-regexp', String.raw`^remote\..*\.(fetch|url)$`],
  }).catch(() => Buffer.alloc(0))
  const settings = [...zFields(output)].map((field) => field.toString('utf8'))
  const targets = settings.flatMap((setting) => {
    const target = /\.fetch\n[^:]*:(?<target>refs\/.*)$/s.exec(setting)?.groups?.['target']
    return target ?? []
  })
  return { targets, hasRemote: settings.some((setting) => /\.url\n/.test(setting)) }
}

/** A refspec has at most one `*`. */
function coverOf(target: string): (ref: string) => boolean {
  const star = target.indexOf('*')
  if (star < 0) return (ref) => ref === target
  const [start, end] = [target.slice(0, star), target.slice(star + 1)]
  return (ref) =>
    ref.length >= start.length + end.length && ref.startsWith(start) && ref.endsWith(end)
}

/**
 * What tracking refs pointed at before: it was pushed or fetched, and a forced push does not take
 * it back. `41a1…e7 refs/remotes/origin/main@{1}`
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
  }).catch(() => Buffer.alloc(0))
  const logs = new Map<string, Set<string>>()
  for (const field of zFields(output)) {
    const [id = '', ...words] = field.toString('utf8').split(' ')
    const name = `logs/${words.join(' ').replace(/@\{[^{}]*\}$/, '')}`
    logs.set(name, (logs.get(name) ?? new Set()).add(id))
  }
  return [...logs].map(([name, ids]) => ({ name, ids: [...ids] }))
}

/**
 * What was fetched last, perhaps from an address and into no ref: `41a1…e7\tnot-for-merge\tbranch
 * 'main' of …`
 */
function readFetched({ gitDir, idLength }: Repository): readonly string[] {
  const text = readIfReadable(join(gitDir, 'FETCH_HEAD'))
  return [
    ...new Set(
      text
        .split('\n')
        .map((line) => line.slice(0, idLength))
        .filter((id) => id.length === idLength && /^[0-9a-f]+$/.test(id)),
    ),
  ]
}

function readIfReadable(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
