/** Connects places of findings with the objects, names and commits in which they were seen. */
import type { Finding, Place } from '../../model/model.ts'
import { entriesAt, type Lookup } from './commit-details.ts'
import { type Event, FURTHER_PATHS, type WantedIds } from './introductions.ts'

/** Returns the events of the object, or of the named entry, in which a place lies. */
export type EventsOf = (place: Place) => readonly Event[]

/** The objects to look up in history, and a function that assigns events to places. */
export interface WantedObjects extends WantedIds {
  readonly eventsOf: (events: Iterable<Event>) => EventsOf
}

/**
 * Collects the objects of findings whose commit is not known. For a secret in a name, the object is
 * the one that has the name.
 */
export async function findWanted(
  findings: readonly Finding[],
  idBytes: number,
  lookup: Lookup,
): Promise<WantedObjects> {
  const places = findings.flatMap((finding) => finding.places).filter(needsCommit)
  const offsets = new Map<string, number[]>()
  for (const { origin, span } of places) {
    if (origin.inName && origin.object !== undefined)
      offsets.set(origin.object, [...(offsets.get(origin.object) ?? []), span.start])
  }
  const entryAt = await entriesAt(lookup, offsets, idBytes)
  const entries = [...offsets].flatMap(([tree, starts]) =>
    starts.flatMap((start) => entryAt(tree, start) ?? []),
  )
  return {
    ids: new Set([
      ...places.flatMap(({ origin }) => origin.object ?? []),
      ...entries.map((entry) => entry.id),
    ]),
    folders: entries.length > 0,
    eventsOf(events) {
      const byObject = groupByObject(events)
      return ({ origin, span }) => {
        const entry = origin.inName ? entryAt(origin.object ?? '', span.start) : undefined
        if (entry === undefined) return byObject.get(origin.object ?? '') ?? []
        return (byObject.get(entry.id) ?? []).filter(
          ({ path }) =>
            path.text === FURTHER_PATHS.text ||
            baseName(path).equals(Buffer.from(entry.name, 'latin1')),
        )
      }
    },
  }
}

function groupByObject(events: Iterable<Event>): ReadonlyMap<string, readonly Event[]> {
  const groups = new Map<string, Event[]>()
  for (const event of events) {
    const group = groups.get(event.object)
    if (group === undefined) groups.set(event.object, [event])
    else group.push(event)
  }
  return groups
}

/** True for a place that was seen in the object store, without a commit. */
function needsCommit({ origin }: Place): boolean {
  return origin.kind === 'commit' && origin.commit === undefined
}

/** Returns the last component of a path as bytes. */
function baseName(path: Event['path']): Buffer {
  const bytes = Buffer.from(path.bytes ?? Buffer.from(path.text))
  return bytes.subarray(bytes.lastIndexOf(0x2f) + 1)
}

/** Returns the events of a place: that of its commit where this is known, else those found. */
export function eventsAt(place: Place, eventsOf: EventsOf): readonly Event[] {
  const { object, commit, path } = place.origin
  return commit === undefined
    ? eventsOf(place)
    : [{ object: object ?? commit, commit, path: path ?? { text: '' } }]
}

/** Returns the ids of the objects in which a finding was seen. */
export function objectsOf({ places }: Finding): readonly string[] {
  return places.flatMap(({ origin }) => origin.object ?? [])
}

/** True when a finding is in the message of a commit or tag. */
export function isMessage({ places }: Finding): boolean {
  return places.some(({ origin }) => origin.kind === 'message')
}
