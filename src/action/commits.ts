/** Resolves the change of an event to a range of commits, and fetches the commits a clone lacks. */
import { join } from 'node:path'
import { readRegularFile } from '../model/regular-file.ts'
import { fetchFromOrigin, type FetchRequest } from '../git/commands/fetch.ts'
import { gitOutput, openRepository, type Repository } from '../git/commands/repository.ts'
import { readGit } from '../git/commands/run.ts'
import { isExpected, ScanError } from '../model/errors.ts'
import type { CommitSet } from '../model/target.ts'
import type { Change } from './event.ts'

/** The clone of the workflow, with the environment and abort signal for git. */
export interface CloneContext {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

export interface ResolvedRange {
  readonly range: CommitSet
  /** The commit whose configuration applies; absent if nothing existed before the change. */
  readonly base?: string
}

/** Minimum number of commits to fetch into a shallow clone. */
const MIN_DEPTH = 50

/** Number of fetches, each four times as deep as the one before, until everything is fetched. */
const MAX_DEEPENINGS = 3

/**
 * Resolves a change to a range whose commits are all in the clone. Throws a ScanError with
 * instructions if commits are missing and cannot be fetched.
 */
export async function resolveChange(clone: CloneContext, change: Change): Promise<ResolvedRange> {
  const head = await requireObject(clone, change.head, change)
  const base =
    change.base === undefined
      ? undefined
      : await (change.isBaseOptional
          ? findObject(clone, change.base, change)
          : requireObject(clone, change.base, change))
  const scannedTips = await branchTips(clone, change.scannedBranches, base === undefined)
  const without = [...(base === undefined ? [] : [base]), ...scannedTips]
  await deepen(clone, { heads: [head], without }, change)
  const configBase = base ?? scannedTips[0]
  return {
    range: { heads: [head], without },
    ...(configBase !== undefined && { base: configBase }),
  }
}

/** Fetches the rest of the history into a shallow clone. Throws a ScanError if that fails. */
export async function fetchWholeHistory(clone: CloneContext): Promise<void> {
  const repository = await repositoryOf(clone)
  if (!repository.shallow) return
  const request: FetchRequest = {
    what: ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'],
    depth: 'everything',
  }
  const failure = await tryFetch(clone, request)
  if ((await repositoryOf(clone)).shallow)
    throw tooShallow('this clone has only part of the history', failure)
}

/** Opened repositories by clone. A fetch drops the entry, because it may unshallow the clone. */
const repositories = new WeakMap<CloneContext, Promise<Repository>>()

function repositoryOf(clone: CloneContext): Promise<Repository> {
  const repository =
    repositories.get(clone) ?? openRepository({ path: clone.cwd, explicit: false, env: clone.env })
  repositories.set(clone, repository)
  return repository
}

async function fetchInto(clone: CloneContext, request: FetchRequest): Promise<void> {
  const repository = await repositoryOf(clone)
  repositories.delete(clone)
  await fetchFromOrigin(repository, clone.env, request, clone.signal)
}

async function requireObject(clone: CloneContext, id: string, change: Change): Promise<string> {
  const found = await findObject(clone, id, change)
  if (found === undefined)
    throw new ScanError(
      `${id.slice(0, 12)} of this event is neither in the clone nor available from the remote: ` +
        'set fetch-depth: 0 for actions/checkout, or persist-credentials: true',
    )
  return found
}

/** Returns the id if the object is in the clone or can be fetched, else undefined. */
async function findObject(
  clone: CloneContext,
  id: string,
  { commits }: Change,
): Promise<string | undefined> {
  const repository = await repositoryOf(clone)
  if (await hasObject(repository, id)) return id
  const depth = repository.shallow ? Math.max(MIN_DEPTH, commits + 2) : undefined
  // Git may fail with a warning although it fetched the object, so the object decides.
  const request = { what: [id], ...(depth !== undefined && { depth }) }
  await fetchInto(clone, request).catch(rethrowUnexpected)
  return (await hasObject(repository, id)) ? id : undefined
}

async function hasObject(repository: Repository, id: string): Promise<boolean> {
  return gitOutput(repository, ['cat-file', '-t', id]).then(
    () => true,
    () => false,
  )
}

/**
 * The tips of remote branches. With `fetchMissing`, branches that the clone lacks are fetched. A
 * branch that cannot be fetched is left out; the range then only becomes larger.
 */
async function branchTips(
  clone: CloneContext,
  branches: readonly string[],
  fetchMissing: boolean,
): Promise<readonly string[]> {
  const repository = await repositoryOf(clone)
  const tips: string[] = []
  for (const branch of branches) {
    const ref = `refs/remotes/origin/${branch}`
    let tip = await commitOfRef(repository, ref)
    if (tip === undefined && fetchMissing && isRefName(branch)) {
      const request = {
        what: [`+refs/heads/${branch}:${ref}`],
        ...(repository.shallow && { depth: MIN_DEPTH }),
      }
      await fetchInto(clone, request).catch(rethrowUnexpected)
      tip = await commitOfRef(repository, ref)
    }
    if (tip !== undefined) tips.push(tip)
  }
  return tips
}

function isRefName(name: string): boolean {
  return !/[\s:^~?*[\\\u0000-\u001f]|\.\.|^-/.test(name)
}

function rethrowUnexpected(error: unknown): void {
  if (!isExpected(error)) throw error
}

async function commitOfRef(repository: Repository, ref: string): Promise<string | undefined> {
  const output = await gitOutput(repository, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${ref}^{commit}`,
  ]).catch(() => '')
  return output.trim() || undefined
}

/** Fetches deeper history until the range is complete in the clone. */
async function deepen(clone: CloneContext, range: CommitSet, { commits }: Change): Promise<void> {
  let failure: string | undefined
  for (let round = 0; await isRangeCut(clone, range); round += 1) {
    if (failure !== undefined || round > MAX_DEEPENINGS)
      throw tooShallow('the range of this event goes beyond this shallow clone', failure)
    const repository = await repositoryOf(clone)
    const present = Number(await gitOutput(repository, ['rev-list', '--count', ...range.heads]))
    const depth =
      round < MAX_DEEPENINGS
        ? (Math.max(MIN_DEPTH, commits + 2) + present) * 4 ** round
        : 'everything'
    failure = await tryFetch(clone, { what: [...range.heads, ...range.without], depth })
  }
}

/**
 * True when a shallow clone cuts the range: either the range contains a commit whose parents are
 * missing, or it reaches a root commit while the excluded history is cut, so that git may have
 * failed to exclude old commits.
 */
async function isRangeCut(clone: CloneContext, range: CommitSet): Promise<boolean> {
  const repository = await repositoryOf(clone)
  if (!repository.shallow) return false
  const cut = new Set(
    readRegularFile(join(repository.commonDir, 'shallow'))
      .toString('latin1')
      .split('\n')
      .filter((id) => id !== ''),
  )
  const isCut = (line: string): boolean => cut.has(line.slice(0, repository.idLength))
  const isRoot = (line: string): boolean => line.length === repository.idLength
  const { heads, without } = range
  const lines = await commitsWithParents(repository, { heads, without }, clone.signal)
  if (lines.some(isCut)) return true
  if (without.length === 0 || !lines.some(isRoot)) return false
  const excluded = { heads: without, without: [] }
  return (await commitsWithParents(repository, excluded, clone.signal)).some(isCut)
}

/** The commits of a range, one line each: the id, then the ids of its parents. */
async function commitsWithParents(
  repository: Repository,
  { heads, without }: CommitSet,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const output = await readGit({
    ...repository,
    args: ['rev-list', '--parents', '--ignore-missing', '--stdin'],
    input: [...heads.map((id) => `${id}\n`), ...without.map((id) => `^${id}\n`)],
    signal,
  })
  return output
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '')
}

/** Fetches, and returns git's message if it failed. */
async function tryFetch(clone: CloneContext, request: FetchRequest): Promise<string | undefined> {
  try {
    await fetchInto(clone, request)
    return undefined
  } catch (error) {
    if (!isExpected(error)) throw error
    return error.message
  }
}

function tooShallow(problem: string, failure = 'the remote has no more'): ScanError {
  return new ScanError(
    `${problem}, and the rest could not be fetched (${failure}): set fetch-depth: 0 for actions/checkout`,
  )
}
