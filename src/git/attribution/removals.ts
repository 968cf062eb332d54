/** Finds the commits that removed a secret from HEAD's history. */
import type { Finding } from '../../model/model.ts'
import { compareText } from './by-time.ts'
import type { CommitGraph } from './graph.ts'
import type { Event } from './introductions.ts'
import type { EventsOf } from './sightings.ts'

interface RemovalContext {
  readonly eventsOf: EventsOf
  readonly removalsOf: EventsOf
  readonly graph: CommitGraph
}

/**
 * Returns, for findings that HEAD does not contain, the commits in HEAD's history that removed the
 * secret from a path without adding it to another. Parents come before children, and paths of one
 * commit in reverse order, so the last event removed the last occurrence. Places in messages, and
 * places whose commit is known from the scan, are not considered.
 */
export function removalsInHead(
  findings: readonly Finding[],
  { eventsOf, removalsOf, graph }: RemovalContext,
): ReadonlyMap<string, readonly Event[]> {
  if (findings.length === 0) return new Map()
  const isInHeadHistory = graph.headHistory()
  const rankOf = graph.ranks()
  return new Map(
    findings.map(({ fingerprint, places }) => {
      const inObjects = places.filter(
        ({ origin }) => origin.kind === 'commit' && origin.commit === undefined,
      )
      // Renaming a file, or changing it around the secret, removes and introduces in one commit.
      const introducing = new Set(
        inObjects.flatMap((place) => eventsOf(place).map(({ commit }) => commit)),
      )
      const removals = inObjects
        .flatMap(removalsOf)
        .filter(({ commit }) => !introducing.has(commit) && isInHeadHistory(commit))
      return [
        fingerprint,
        removals.toSorted(
          (a, b) => rankOf(a.commit) - rankOf(b.commit) || compareText(b.path.text, a.path.text),
        ),
      ]
    }),
  )
}
