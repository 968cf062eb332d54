/** Parses the input that git gives its hooks: ref updates of a push, and commit message files. */
import { UsageError } from '../../model/errors.ts'
import type { CommitSet } from '../../model/target.ts'

const OBJECT_ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/
/** Id that git writes for a ref that does not exist. */
const NULL_ID = /^0+$/

interface RefUpdate {
  /** New object of the ref; undefined for a deletion. */
  readonly newId: string | undefined
  /** Previous object of the ref at the receiving side; undefined for a new ref. */
  readonly oldId: string | undefined
}

/**
 * Parses the lines that git writes to pre-push and to pre-receive:
 * ```
 * refs/heads/main 67890… refs/heads/foreign 12345…      (delete) 00000… refs/heads/old 12345…
 * 12345… 67890… refs/heads/main
 * ```
 * Returns the pushed commits, without those reachable from refs below the folders `publishedRefs`;
 * undefined when the push adds nothing, for example when it only deletes refs.
 */
export function parsePushedCommits(
  text: string,
  publishedRefs: readonly string[],
): CommitSet | undefined {
  const updates = text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseUpdate)
  const heads = updates.flatMap(({ newId }) => newId ?? [])
  if (heads.length === 0) return undefined
  return {
    heads: [...new Set(heads)],
    without: [...new Set(updates.flatMap(({ oldId }) => oldId ?? []))],
    withoutRefs: publishedRefs,
  }
}

function parseUpdate(line: string): RefUpdate {
  // Ref names have no spaces, but the local side of a push may be any revision expression, so the
  // fields are counted from the end.
  const fields = line.split(' ')
  const [newId, oldId] =
    fields.length >= 4 ? [fields.at(-3), fields.at(-1)] : [fields[1], fields[0]]
  if (
    newId === undefined ||
    oldId === undefined ||
    fields.length < 3 ||
    !OBJECT_ID.test(newId) ||
    !OBJECT_ID.test(oldId)
  )
    throw new UsageError(
      `not a ref update as git writes it to hooks: ${JSON.stringify(line.slice(0, 120))}`,
    )
  return {
    newId: NULL_ID.test(newId) ? undefined : newId,
    oldId: NULL_ID.test(oldId) ? undefined : oldId,
  }
}

/**
 * Cuts a commit message file at git's scissors line. Git drops everything below it, which may be a
 * diff with content that the commit removes.
 */
export function stripScissors(file: string): string {
  const [, message] = /^([^]*?^)[^\n]? -{24} >8 -{24}$/m.exec(file) ?? []
  return message ?? file
}
