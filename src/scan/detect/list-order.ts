// Two lists of equal length, one of ids and one of secrets, belong together in their order.
import type { Span } from '../../model/model.ts'
import type { Layout } from './layout.ts'

interface PlacedPart {
  readonly role: string
  readonly span: Span
  readonly layout?: Layout
}

/** The place of a part in two lists that belong together. */
export interface ListPosition<P = unknown> {
  readonly index: number
  /** The part at the same place of the other list. */
  readonly others: readonly P[]
  /** Bytes from the beginning of the first list to the end of the second: the same for all parts. */
  readonly length: number
  readonly start: number
}

/**
 * Finds runs of at least two ids beside runs of as many partners. Lists in which a part shares its
 * line, paragraph or brackets with some parts of the other list only are none: there the structure
 * says what belongs together.
 */
export function listsIn<P extends PlacedPart>(
  ids: readonly P[],
  partners: readonly P[],
): ReadonlyMap<P, ListPosition<P>> {
  const positions = new Map<P, ListPosition<P>>()
  const runs = runsOf(ids, partners)
  for (let at = 0; at + 1 < runs.length; at += 1) {
    const [first = [], second = []] = [runs[at], runs[at + 1]]
    if (first.length < 2 || first.length !== second.length || !areApart(first, second)) continue
    const start = first[0]?.span.start ?? 0
    const length = (second.at(-1)?.span.end ?? 0) - start
    for (const [one, other] of [
      [first, second],
      [second, first],
    ] as const)
      one.forEach((part, index) =>
        positions.set(part, { index, others: other.slice(index, index + 1), length, start }),
      )
    at += 1
  }
  return positions
}

/** Returns the extra distance of two parts that lists do not put together. */
export function orderCost(one: ListPosition | undefined, other: ListPosition | undefined): number {
  if (one === undefined && other === undefined) return 0
  return one?.start === other?.start && one?.index === other?.index
    ? 0
    : Math.max(one?.length ?? 0, other?.length ?? 0)
}

/** Splits parts, in the order of their offsets, where an id follows a partner or the reverse. */
function runsOf<P extends PlacedPart>(ids: readonly P[], partners: readonly P[]): readonly P[][] {
  const runs: P[][] = []
  let [nextId, nextPartner] = [0, 0]
  while (nextId < ids.length || nextPartner < partners.length) {
    const [id, partner] = [ids[nextId], partners[nextPartner]]
    const isId = startOf(id) < startOf(partner)
    const part = isId ? id : partner
    if (part === undefined) break
    if (isId) nextId += 1
    else nextPartner += 1
    const last = runs.at(-1)
    if (last?.[0]?.role === part.role) last.push(part)
    else runs.push([part])
  }
  return runs
}

function startOf(part: PlacedPart | undefined): number {
  return part?.span.start ?? Infinity
}

/** True when lines, paragraphs and brackets separate both lists as a whole, or not at all. */
function areApart(first: readonly PlacedPart[], second: readonly PlacedPart[]): boolean {
  return [
    ({ layout }: PlacedPart) => layout?.line,
    ({ layout }: PlacedPart) => layout?.paragraph,
    ({ layout }: PlacedPart) => layout?.openers[0],
  ].every((valueOf) => {
    const [ones, others] = [new Set(first.map(valueOf)), new Set(second.map(valueOf))]
    return (
      new Set([...ones, ...others]).size === 1 || [...ones].every((value) => !others.has(value))
    )
  })
}
