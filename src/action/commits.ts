/** A change → the commits of it, with all that is needed of them in this clone. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isExpected, ScanError } from '../model/errors.ts'
import { fetchFromOrigin, type FetchRequest } from '../git/commands/fetch.ts'
import { gitOutput, openRepository, type Repository } from '../git/commands/repository.ts'
import { readGit } from '../git/commands/run.ts'
import type { CommitSet } from '../model/target.ts'
import type { Change } from './event.ts'

/** Where git works, and until when. */
export interface Place {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

export interface Resolved {
  readonly range: CommitSet
  /** The commit whose configuration counts; absent where nothing was there before. */
  readonly base?: string
}

/**
 * Commits that are fetched at least, when a clone is not deep enough; then four times as many, as
 * often as this.
 */
const FEWEST = 50
const ROUNDS = 3

/**
 * ScanError, with what to do about it, where a range cannot be made out: nothing of it is clean
 * then.
 */
export async function resolveChange(place: Place, change: Change): Promise<Resolved> {
  const head = await need(place, change.head, change)
  const base =
    change.base === undefined
      ? undefined
      : await (change.baseMayBeGone
          ? has(place, change.base, change)
          : need(place, change.base, change))
  const settled = await settledTips(place, change.settled, base === undefined)
  const without = [...(base === undefined ? [] : [base]), ...settled]
  await deepen(place, { heads: [head], without }, change)
  const first = base ?? settled[0]
  return { range: { heads: [head], without }, ...(first !== undefined && { base: first }) }
}

/** Gets all of a history, where the clone has only some of it. */
export async function wholeHistory(place: Place): Promise<void> {
  const repository = await opened(place)
  if (!repository.shallow) return
  const request: FetchRequest = {
    what: ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'],
    depth: 'everything',
  }
  const failure = await attempt(place, request)
  if ((await opened(place)).shallow)
    throw tooShallow('this clone has only part of the history', failure)
}

/** What git said of the clone, until something is fetched: that may make it less shallow. */
const seen = new WeakMap<Place, Promise<Repository>>()

function opened(place: Place): Promise<Repository> {
  const repository =
    seen.get(place) ?? openRepository({ path: place.cwd, explicit: false, env: place.env })
  seen.set(place, repository)
  return repository
}

async function fetchInto(place: Place, request: FetchRequest): Promise<void> {
  const repository = await opened(place)
  seen.delete(place)
  await fetchFromOrigin(repository, place.env, request, place.signal)
}

async function need(place: Place, id: string, change: Change): Promise<string> {
  const found = await has(place, id, change)
  if (found === undefined)
    throw new ScanError(
      `${id.slice(0, 12)} of this event is not in the clone, and the remote does not give it: set fetch-depth: 0 for actions/checkout, or persist-credentials: true`,
    )
  return found
}

/** The object, fetched if need be; undefined where the remote has it no more. */
async function has(place: Place, id: string, { commits }: Change): Promise<string | undefined> {
  const repository = await opened(place)
  if (await isThere(repository, id)) return id
  const depth = repository.shallow ? Math.max(FEWEST, commits + 2) : undefined
  // Git may have warned of something, and fetched all the same.
  await fetchInto(place, { what: [id], ...(depth !== undefined && { depth }) }).catch(
    unlessUnforeseen,
  )
  return (await isThere(repository, id)) ? id : undefined
}

async function isThere(repository: Repository, id: string): Promise<boolean> {
  return gitOutput(repository, ['cat-file', '-t', id]).then(
    () => true,
    () => false,
  )
}

/**
 * Ends of branches whose own events are scanned, fetched where they are needed. Those that cannot
 * be had count for nothing: then more is scanned.
 */
async function settledTips(
  place: Place,
  settled: readonly string[],
  isNeeded: boolean,
): Promise<readonly string[]> {
  const repository = await opened(place)
  const tips: string[] = []
  for (const name of settled) {
    const ref = `refs/remotes/origin/${name}`
    let tip = await tipOf(repository, ref)
    if (tip === undefined && isNeeded && isRefName(name)) {
      const depth = repository.shallow ? FEWEST : undefined
      await fetchInto(place, {
        what: [`+refs/heads/${name}:${ref}`],
        ...(depth !== undefined && { depth }),
      }).catch(unlessUnforeseen)
      tip = await tipOf(repository, ref)
    }
    if (tip !== undefined) tips.push(tip)
  }
  return tips
}

function isRefName(name: string): boolean {
  return !/[\s:^~?*[\\\u0000-\u001f]|\.\.|^-/.test(name)
}

function unlessUnforeseen(error: unknown): void {
  if (!isExpected(error)) throw error
}

async function tipOf(repository: Repository, ref: string): Promise<string | undefined> {
  const said = await gitOutput(repository, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${ref}^{commit}`,
  ]).catch(() => '')
  return said.trim() || undefined
}

/** Fetches more until nothing of the range lies beyond what the clone has. */
async function deepen(place: Place, range: CommitSet, { commits }: Change): Promise<void> {
  let failure: string | undefined
  for (let round = 0; await isCut(await opened(place), range, place.signal); round += 1) {
    if (failure !== undefined || round > ROUNDS)
      throw tooShallow('the range of this event goes beyond this shallow clone', failure)
    const known = Number(
      await gitOutput(await opened(place), ['rev-list', '--count', ...range.heads]),
    )
    const depth =
      round < ROUNDS ? (Math.max(FEWEST, commits + 2) + known) * 4 ** round : 'everything'
    failure = await attempt(place, { what: [...range.heads, ...range.without], depth })
  }
}

/**
 * Does the range reach a commit whose parents are not here? Or does it go down to the very first
 * commit, while what came before is cut: then it holds commits that are not new.
 */
async function isCut(
  repository: Repository,
  { heads, without }: CommitSet,
  signal: AbortSignal,
): Promise<boolean> {
  if (!repository.shallow) return false
  const cut = new Set(
    (await readFile(join(repository.commonDir, 'shallow'), 'latin1'))
      .split('\n')
      .filter((id) => id !== ''),
  )
  const list = async (
    from: readonly string[],
    not: readonly string[],
  ): Promise<readonly string[]> =>
    (
      await readGit({
        ...repository,
        args: ['rev-list', '--parents', '--ignore-missing', '--stdin'],
        input: [...from.map((id) => `${id}\n`), ...not.map((id) => `^${id}\n`)],
        signal,
      })
    )
      .toString('latin1')
      .split('\n')
      .filter((line) => line !== '')
  const range = await list(heads, without)
  if (range.some((line) => cut.has(line.slice(0, repository.idLength)))) return true
  if (without.length === 0 || !range.some((line) => line.length === repository.idLength))
    return false
  return (await list(without, [])).some((line) => cut.has(line.slice(0, repository.idLength)))
}

/** What git says where it did not fetch, or did and had something to say. */
async function attempt(place: Place, request: FetchRequest): Promise<string | undefined> {
  try {
    await fetchInto(place, request)
    return undefined
  } catch (error) {
    if (!isExpected(error)) throw error
    return error.message
  }
}

function tooShallow(what: string, failure = 'the remote has no more'): ScanError {
  return new ScanError(
    `${what}, and the rest could not be fetched (${failure}): set fetch-depth: 0 for actions/checkout`,
  )
}
