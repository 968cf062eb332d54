/** What git writes to the standard input of its hooks → the commits it is about. */
import { UsageError } from '../../model/errors.ts'
import type { CommitSet } from '../../model/target.ts'

const id = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/
const nothing = /^0+$/

interface RefUpdate {
  /** Undefined where a ref is deleted. */
  readonly to: string | undefined
  /** What the other side had before; undefined for a new ref. */
  readonly from: string | undefined
}

/**
 * Lines of pre-push, and of pre-receive:
 * ```
 * refs/heads/main 67890… refs/heads/foreign 12345…      (delete) 00000… refs/heads/old 12345…
 * 12345… 67890… refs/heads/main
 * ```
 * A push is new but for what `known` refs lead to; undefined where nothing is pushed, as when refs
 * are only deleted.
 */
export function parsePushedCommits(text: string, known: readonly string[]): CommitSet | undefined {
  const updates = text
    .split('\n')
    .filter((line) => line !== '')
    .map(updateOf)
  const heads = updates.flatMap(({ to }) => to ?? [])
  if (heads.length === 0) return undefined
  return {
    heads: [...new Set(heads)],
    without: [...new Set(updates.flatMap(({ from }) => from ?? []))],
    withoutRefs: known,
  }
}

function updateOf(line: string): RefUpdate {
  // No name of a ref has a space, but the local side of a push may be any expression: it is read
  // from the end.
  const fields = line.split(' ')
  const [to, from] = fields.length >= 4 ? [fields.at(-3), fields.at(-1)] : [fields[1], fields[0]]
  if (to === undefined || from === undefined || fields.length < 3 || !id.test(to) || !id.test(from))
    throw new UsageError(
      `this is no line of git's for a hook: ${JSON.stringify(line.slice(0, 120))}`,
    )
  return { to: nothing.test(to) ? undefined : to, from: nothing.test(from) ? undefined : from }
}

/**
 * What is scanned of the file of a message: git cuts off what follows this line, which may be a
 * diff with what the commit removes.
 */
export function stripScissors(file: string): string {
  const [, before] = /^([^]*?^)[^\n]? -{24} >8 -{24}$/m.exec(file) ?? []
  return before ?? file
}
