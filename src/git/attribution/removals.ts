import type { Finding } from '../../model/model.ts'
import { compareText } from './by-time.ts'
import type { CommitGraph } from './graph.ts'
import type { Event } from './introductions.ts'
import type { EventsOf } from './sightings.ts'

interface Known {
  readonly eventsOf: EventsOf
  readonly removalsOf: EventsOf
  readonly graph: CommitGraph
}

/**
 * For findings that HEAD does not hold, the commits of its history that took some of them out and
 * put none of them elsewhere, parents before children, and of one commit the first path last. The
 * last of them took the last out. What only a message or a known commit holds is not looked for.
 */
export function removalsInHead(
  findings: readonly Finding[],
  { eventsOf, removalsOf, graph }: Known,
): ReadonlyMap<string, readonly Event[]> {
  if (findings.length === 0) return new Map()
  const isOfHead = graph.headHistory()
  const rankOf = graph.ranks()
  return new Map(
    findings.map(({ fingerprint, places }) => {
      const sought = places.filter(
        ({ origin }) => origin.kind === 'commit' && origin.commit === undefined,
      )
      // A file that was renamed, or that changed around the secret, went and came in one commit.
      const came = new Set(sought.flatMap((place) => eventsOf(place).map(({ commit }) => commit)))
      const removals = sought
        .flatMap(removalsOf)
        .filter(({ commit }) => !came.has(commit) && isOfHead(commit))
      return [
        fingerprint,
        removals.toSorted(
          (a, b) => rankOf(a.commit) - rankOf(b.commit) || compareText(b.path.text, a.path.text),
        ),
      ]
    }),
  )
}
