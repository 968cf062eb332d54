/** Compares author, dates, message and parents of all commits before and after a rewrite. */
import type { GitCall } from '../../git/commands/run.ts'
import { headerFields } from '../../git/objects/commit.ts'
import type { CommitMap } from './filter.ts'
import type { FilterData } from './filter-callbacks.ts'
import { wholeObjects } from './objects.ts'

/** Unexpected differences between commits, apart from their ids. */
export interface CommitComparison {
  /** Commits whose parents are not the rewritten old parents; empty in a correct rewrite. */
  readonly astray: readonly string[]
  /**
   * Commits whose author, date or message changed although it held no secret. Their old form is
   * one that git no longer writes, and git filter-repo normalizes it.
   */
  readonly altered: readonly string[]
}

/** Number of commit pairs in memory at a time. */
const PAIRS_PER_BATCH = 2000

/** Compares all commits of `map`. The store of `call` must have both histories. */
export async function compareCommits(
  call: GitCall & { readonly signal: AbortSignal },
  map: CommitMap,
  data: FilterData,
): Promise<CommitComparison> {
  const pairs = [...map].filter(([oldId, newId]) => oldId !== newId)
  const astray: string[] = []
  const altered: string[] = []
  for (let start = 0; start < pairs.length; start += PAIRS_PER_BATCH) {
    const batch = pairs.slice(start, start + PAIRS_PER_BATCH)
    const contents = new Map<string, CommitContent>()
    for await (const { id, bytes } of wholeObjects(call, batch.flat(), call.signal))
      contents.set(id, parseCommit(bytes))
    for (const [oldId, newId] of batch) {
      const [before, after] = [contents.get(oldId), contents.get(newId)]
      const expectedParents = before?.parents.map((parent) => map.get(parent) ?? parent).join()
      if (before === undefined || after === undefined || expectedParents !== after.parents.join())
        astray.push(oldId)
      else if (before.text !== after.text && data.texts[oldId] === undefined) altered.push(oldId)
    }
  }
  return { astray, altered }
}

interface CommitContent {
  readonly parents: readonly string[]
  /**
   * Author, committer, encoding and message. Commit ids in it are replaced by as many dots, since
   * git filter-repo updates them.
   */
  readonly text: string
}

/**
 * Parses a commit object:
 * `tree 3b18…⏎parent 41a1…⏎author Ada <…> 1704067200 +0000⏎committer …⏎gpgsig …⏎ …⏎⏎message`.
 */
function parseCommit(bytes: Buffer): CommitContent {
  const fields = [...headerFields(bytes, 'latin1')]
  const commit = bytes.toString('latin1')
  const text =
    fields
      .filter(({ name }) => name === 'author' || name === 'committer' || name === 'encoding')
      .map(({ name, value }) => `${name} ${value}`)
      .join('\n') + commit.slice(commit.indexOf('\n\n'))
  return {
    parents: fields.flatMap(({ name, value }) => (name === 'parent' ? [value] : [])),
    text: text.replaceAll(/\b[0-9a-f]{7,40}\b/g, (id) => '.'.repeat(id.length)),
  }
}
