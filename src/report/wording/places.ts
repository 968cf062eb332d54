import type { Finding, Introduction, Origin, Place } from '../../model/model.ts'

/**
 * The places of one object at one path in one commit: all secrets of a credential that stand there.
 */
export type PlaceGroup = readonly [Place, ...Place[]]

/** Places grouped by where they are, in the order in which each group was first seen. */
export function groupPlaces(places: readonly Place[]): readonly PlaceGroup[] {
  const groups = new Map<string, [Place, ...Place[]]>()
  for (const place of places) {
    const key = keyOf(place.origin)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [place])
    else group.push(place)
  }
  return [...groups.values()]
}

/**
 * The places that speak for a finding, each role once a group: those of the first group and of the
 * last one, and of a role that stands in neither its first.
 */
export function chosenPlaces(finding: Finding, groups: readonly PlaceGroup[]): readonly Place[] {
  const ends = groups.length > 1 ? [groups.at(0), groups.at(-1)] : groups
  const chosen = ends.flatMap((group) => (group === undefined ? [] : firstOfRoles(group)))
  const missing = firstOfRoles(finding.places).filter(
    (place) => !chosen.some((one) => one.role === place.role),
  )
  return [...chosen, ...missing]
}

/** The one place to show of a finding: of what HEAD holds the newest, else the first. */
export function mainPlace(finding: Finding): Place {
  const { places, parts, attribution } = finding
  const ofRole = places.filter((place) => place.role === parts[0]?.role)
  if (attribution?.inHead === true) return namedBy(ofRole.at(-1) ?? places[0], attribution.last)
  return namedBy(ofRole[0] ?? places[0], attribution?.first)
}

/** Objects have no name of their own: the commit that brought them in gives it. */
export function namedBy(place: Place, introduction: Introduction | null | undefined): Place {
  const { origin } = place
  if (origin.kind !== 'commit' || origin.path !== undefined || introduction?.path === undefined)
    return place
  return { ...place, origin: { ...origin, path: introduction.path } }
}

function firstOfRoles(places: readonly Place[]): readonly Place[] {
  const firsts = new Map<string, Place>()
  for (const place of places) if (!firsts.has(place.role)) firsts.set(place.role, place)
  return [...firsts.values()]
}

function keyOf({ kind, object, commit, path, member }: Origin): string {
  return JSON.stringify([kind, object, commit, path?.text, member])
}
