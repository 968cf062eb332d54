import { commitOf, type Repository } from '../../git/commands/repository.ts'
import { readGit, startGit, linesOf } from '../../git/commands/run.ts'
import { ScanError } from '../../model/errors.ts'
import type { Shard } from '../../model/shard.ts'

/**
 * What a machine saw of the objects of all shards: whoever merges can tell whether all machines saw
 * the same.
 */
export interface ShardView {
  /** A commit without parents, which tells repositories apart; null where there is none. */
  readonly root: string | null
  /** For each shard, how many objects it has, and the sum of their names: `512 0a1b…`. */
  readonly sums: readonly string[]
}

/** Words of 32 bits that are summed up of each name. */
const WORDS = 4

/** Looks at the names of all objects, or of these. */
export async function viewOf(
  repository: Repository,
  { count }: Shard,
  { only, signal }: { readonly only: readonly string[] | undefined; readonly signal: AbortSignal },
): Promise<ShardView> {
  const [counts, sums] = [new Float64Array(count), new Uint32Array(count * WORDS)]
  const add = (id: string): void => {
    const shard = Number.parseInt(id.slice(0, 8), 16) % count
    counts[shard] = (counts[shard] ?? 0) + 1
    for (let word = 0; word < WORDS; word += 1) {
      const at = shard * WORDS + word
      sums[at] = (sums[at] ?? 0) + Number.parseInt(id.slice(8 * word, 8 * word + 8), 16)
    }
  }
  if (only === undefined) for await (const ids of everyName(repository, signal)) ids.forEach(add)
  else only.forEach(add)
  const told = Array.from(
    counts,
    (objects, shard) =>
      `${objects} ${[...sums.subarray(shard * WORDS, (shard + 1) * WORDS)].map(asHex).join('')}`,
  )
  return { root: await rootOf(repository, signal), sums: told }
}

function asHex(word: number): string {
  return word.toString(16).padStart(8, '0')
}

async function* everyName(
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
 * Of several the first by name; what a branch of its own brought since counts only where HEAD leads
 * to none.
 */
async function rootOf(repository: Repository, signal: AbortSignal): Promise<string | null> {
  const from = (await commitOf(repository, 'HEAD')) === undefined ? '--all' : 'HEAD'
  const list = await readGit({ ...repository, args: ['rev-list', '--max-parents=0', from], signal })
  return (
    list
      .toString('latin1')
      .split('\n')
      .filter((id) => id !== '')
      .toSorted()[0] ?? null
  )
}
