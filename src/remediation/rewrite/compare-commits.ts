/**
 * Whether commits before and after tell the same story: who, when, what, and after which others.
 */
import type { GitCall } from '../../git/commands/run.ts'
import { headerFields } from '../../git/objects/commit.ts'
import type { CommitMap } from './filter.ts'
import type { FilterData } from './filter-callbacks.ts'
import { wholeObjects } from './objects.ts'

/** What differs, beside names of commits. */
export interface CommitComparison {
  /** Commits with other parents than those that theirs became: there must be none. */
  readonly astray: readonly string[]
  /**
   * Commits with another author, date or message, though no secret stood there: written in a form
   * that git does not write any more.
   */
  readonly altered: readonly string[]
}

/** Pairs that are read at a time. */
const AT_ONCE = 2000

/** Goes through all commits of the map. Both histories have to be in the store. */
export async function compareCommits(
  call: GitCall & { readonly signal: AbortSignal },
  map: CommitMap,
  data: FilterData,
): Promise<CommitComparison> {
  const pairs = [...map].filter(([old, fresh]) => old !== fresh)
  const astray: string[] = []
  const altered: string[] = []
  for (let at = 0; at < pairs.length; at += AT_ONCE) {
    const some = pairs.slice(at, at + AT_ONCE)
    const stories = new Map<string, Story>()
    for await (const { id, bytes } of wholeObjects(call, some.flat(), call.signal))
      stories.set(id, storyOf(bytes))
    for (const [old, fresh] of some) {
      const [before, after] = [stories.get(old), stories.get(fresh)]
      const parents = before?.parents.map((parent) => map.get(parent) ?? parent).join()
      if (before === undefined || after === undefined || parents !== after.parents.join())
        astray.push(old)
      else if (before.told !== after.told && data.texts[old] === undefined) altered.push(old)
    }
  }
  return { astray, altered }
}

interface Story {
  readonly parents: readonly string[]
  /**
   * Author, committer, encoding and message; names of commits in it are as many dots, since they
   * are other names now.
   */
  readonly told: string
}

/** `tree 3b18…⏎parent 41a1…⏎author Ada <…> 1704067200 +0000⏎committer …⏎gpgsig …⏎ …⏎⏎message` */
function storyOf(bytes: Buffer): Story {
  const text = bytes.toString('latin1')
  const fields = [...headerFields(bytes, 'latin1')]
  const told =
    fields
      .filter(({ name }) => name === 'author' || name === 'committer' || name === 'encoding')
      .map(({ name, value }) => `${name} ${value}`)
      .join('\n') + text.slice(text.indexOf('\n\n'))
  return {
    parents: fields.flatMap(({ name, value }) => (name === 'parent' ? [value] : [])),
    told: told.replaceAll(/\b[0-9a-f]{7,40}\b/g, (name) => '.'.repeat(name.length)),
  }
}
