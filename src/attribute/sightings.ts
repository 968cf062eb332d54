import type { Repository } from '../git/repository.ts'
import type { Finding, Place } from '../model.ts'
import { entryAt, type Lookup, type NamedObject } from './commit-details.ts'
import { type Event, introductions } from './introductions.ts'

/** For a place, the events that brought it in, wherever and whenever. */
export type EventsOf = (place: Place) => readonly Event[]

/** Looks up where the objects of findings came in. One pass over the commits, whatever their number. */
export async function findEvents(findings: readonly Finding[], repository: Repository, lookup: Lookup): Promise<EventsOf> {
  const places = findings.flatMap((finding) => finding.places).filter(isUnattributed)
  const names = new Map<string, NamedObject>()
  for (const place of places.filter(({ origin }) => origin.inName)) {
    const entry = await entryAt(lookup, place.origin.object ?? '', repository.idLength / 2, place.span.start)
    if (entry !== undefined) names.set(keyOf(place), entry)
  }
  const wanted = new Set([...places.map(({ origin }) => origin.object ?? ''), ...[...names.values()].map((entry) => entry.id)])
  const events = new Map<string, Event[]>()
  if (wanted.size > 0) {
    const failed = (detail: string): void => lookup.onSkip({ outcome: 'failed', reason: 'git-failed', detail })
    for await (const event of introductions({ ...repository, signal: lookup.signal }, wanted, names.size > 0, failed)) {
      events.set(event.object, [...(events.get(event.object) ?? []), event])
    }
  }
  return (place) => {
    const entry = names.get(keyOf(place))
    if (entry === undefined) return events.get(place.origin.object ?? '') ?? []
    return (events.get(entry.id) ?? []).filter(({ path }) => nameOf(path).equals(Buffer.from(entry.name, 'latin1')))
  }
}

/** Seen in the object store, with no word yet of a commit. */
function isUnattributed({ origin }: Place): boolean {
  return origin.kind === 'commit' && origin.commit === undefined
}

function keyOf({ origin, span }: Place): string {
  return `${origin.object ?? ''} ${span.start}`
}

/** The last component of a path, as bytes. */
function nameOf(path: Event['path']): Buffer {
  const bytes = Buffer.from(path.bytes ?? Buffer.from(path.text))
  return bytes.subarray(bytes.lastIndexOf(0x2f) + 1)
}
