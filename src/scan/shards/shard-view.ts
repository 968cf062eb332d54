import { commitOf, type Repository } from '../../git/commands/repository.ts'
import { linesOf, readGit, startGit } from '../../git/commands/run.ts'
import { ScanError } from '../../model/errors.ts'

/**
 * Summary of the objects of all shards in one clone. Merging compares the summaries of the machines
 * that scanned the shards, to see whether all had the same objects.
 */
export interface ShardView {
  /** Id of a commit without parents, which identifies a repository; null when there is none. */
  readonly root: string | null
  /** For each shard, the number of its objects and the sum of their ids: `512 0a1b…`. */
  readonly sums: readonly string[]
}

/** Words of 32 bits at the start of an id that are added up. */
const SUMMED_WORDS = 4

/** Summarizes all objects of a repository, or those with the ids in `only`, for `count` shards. */
export async function shardViewOf(
  repository: Repository,
  count: number,
  { only, signal }: { readonly only: readonly string[] | undefined; readonly signal: AbortSignal },
): Promise<ShardView> {
  const [counts, sums] = [new Float64Array(count), new Uint32Array(count * SUMMED_WORDS)]
  const add = (id: string): void => {
    const shard = Number.parseInt(id.slice(0, 8), 16) % count
    counts[shard] = (counts[shard] ?? 0) + 1
    for (let word = 0; word < SUMMED_WORDS; word += 1) {
      const at = shard * SUMMED_WORDS + word
      sums[at] = (sums[at] ?? 0) + Number.parseInt(id.slice(8 * word, 8 * word + 8), 16)
    }
  }
  if (only === undefined) for await (const ids of allIds(repository, signal)) ids.forEach(add)
  else only.forEach(add)
  const sumOf = (shard: number): string =>
    [...sums.subarray(shard * SUMMED_WORDS, (shard + 1) * SUMMED_WORDS)].map(toHex).join('')
  return {
    root: await rootOf(repository, signal),
    sums: Array.from(counts, (objects, shard) => `${objects} ${sumOf(shard)}`),
  }
}

function toHex(word: number): string {
  return word.toString(16).padStart(8, '0')
}

async function* allIds(
  repository: Repository,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const git = startGit({
    ...repository,
    args: [
      'cat-file',
      '--batch-all-objects',
      '--batch-check=%(objectname)',
      '--unordered',
      '--buffer',
    ],
    signal,
  })
  for await (const lines of linesOf(git.stdout))
    yield lines.map((line) => line.slice(0, repository.idLength))
  const failure = await git.failure
  if (failure !== undefined && !signal.aborted)
    throw new ScanError(`git cat-file failed: ${failure}`)
}

/**
 * Returns the root commit of HEAD, or of all refs where HEAD has no commit; of several roots the
 * first by id. A branch with a root of its own thus does not change the answer.
 */
async function rootOf(repository: Repository, signal: AbortSignal): Promise<string | null> {
  const start = (await commitOf(repository, 'HEAD')) === undefined ? '--all' : 'HEAD'
  const args = ['rev-list', '--max-parents=0', start]
  const output = await readGit({ ...repository, args, signal })
  const [first = null] = output
    .toString('latin1')
    .split('\n')
    .filter((id) => id !== '')
    .toSorted()
  return first
}
