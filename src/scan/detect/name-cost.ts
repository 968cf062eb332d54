// The comparison of the names of ids and their partners.
import type { Layout } from './layout.ts'

/** Extra distances, in bytes: of words that name another credential, and of other words. */
const OTHER_NAME_COST = 1e5
const NAME_COST = 1500

interface NamedPart {
  readonly layout?: Layout
}

/**
 * Returns the words of each part that can tell credentials apart. A word of an id counts when a
 * partner has it too, and one of a partner unless all partners have it.
 */
export function comparableNames<P extends NamedPart>(
  ids: readonly P[],
  partners: readonly P[],
): ReadonlyMap<P, readonly string[]> {
  const counts = new Map<string, number>()
  for (const word of partners.flatMap(wordsOf)) counts.set(word, (counts.get(word) ?? 0) + 1)
  const isDistinct = (word: string): boolean =>
    partners.length === 1 || counts.get(word) !== partners.length
  return new Map([
    ...ids.map(
      (id) => [id, wordsOf(id).filter((word) => counts.has(word) && isDistinct(word))] as const,
    ),
    ...partners.map((partner) => [partner, wordsOf(partner).filter(isDistinct)] as const),
  ])
}

/** Returns how far apart two names are: 0 for the same words, up to OTHER_NAME_COST for others. */
export function nameCost(one: readonly string[], other: readonly string[]): number {
  const shared = one.filter((word) => other.includes(word)).length
  const all = one.length + other.length - shared
  if (all === shared) return 0
  if (shared > 0) return 2 * NAME_COST * (1 - shared / all)
  return one.length === 0 || other.length === 0 ? NAME_COST : OTHER_NAME_COST
}

function wordsOf({ layout }: NamedPart): readonly string[] {
  return layout?.words ?? []
}
