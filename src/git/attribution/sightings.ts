import type { Finding, Place } from '../../model/model.ts'
import { entriesAt, type Lookup } from './commit-details.ts'
import type { Event, Sought } from './introductions.ts'

/** For a place, the events that brought it in, wherever and whenever. */
export type EventsOf = (place: Place) => readonly Event[]

/** What is to be looked for in history, and how its answer is understood. */
export interface WantedObjects extends Sought {
  readonly eventsOf: (events: Iterable<Event>) => EventsOf
}

/**
 * The objects of findings that no commit is known for yet. For what stands in a name, the object
 * that goes by that name.
 */
export async function findWanted(
  findings: readonly Finding[],
  idBytes: number,
  lookup: Lookup,
): Promise<WantedObjects> {
  const places = findings.flatMap((finding) => finding.places).filter(isUnattributed)
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
    eventsOf(source) {
      const events = new Map<string, Event[]>()
      for (const event of source) {
        const known = events.get(event.object)
        if (known === undefined) events.set(event.object, [event])
        else known.push(event)
      }
      return ({ origin, span }) => {
        const entry = origin.inName ? entryAt(origin.object ?? '', span.start) : undefined
        if (entry === undefined) return events.get(origin.object ?? '') ?? []
        return (events.get(entry.id) ?? []).filter(({ path }) =>
          nameOf(path).equals(Buffer.from(entry.name, 'latin1')),
        )
      }
    },
  }
}

/** Seen in the object store, with no word yet of a commit. */
function isUnattributed({ origin }: Place): boolean {
  return origin.kind === 'commit' && origin.commit === undefined
}

/** The last component of a path, as bytes. */
function nameOf(path: Event['path']): Buffer {
  const bytes = Buffer.from(path.bytes ?? Buffer.from(path.text))
  return bytes.subarray(bytes.lastIndexOf(0x2f) + 1)
}

/** What brought in what is at a place: known from the start, or looked up. */
export function eventsAt(seen: Place, eventsOf: EventsOf): readonly Event[] {
  const { object, commit, path } = seen.origin
  return commit === undefined
    ? eventsOf(seen)
    : [{ object: object ?? commit, commit, path: path ?? { text: '' } }]
}

/** The objects in which it was seen. */
export function objectsOf({ places }: Finding): readonly string[] {
  return places.flatMap(({ origin }) => origin.object ?? [])
}

/** Does it stand in what a commit or a tag says? */
export function isMessage({ places }: Finding): boolean {
  return places.some(({ origin }) => origin.kind === 'message')
}

/** Does it stand in a name? */
export function isInName({ places }: Finding): boolean {
  return places.some(({ origin }) => origin.inName)
}
