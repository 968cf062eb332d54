/** Groups, selects and names the places of a finding. */
import type { Attribution, Finding, Introduction, Origin, Place } from '../../model/model.ts'
import { escapeForTerminal } from '../terminal/escape.ts'

/** Places in the same object, path and commit: one occurrence of a whole credential. */
export type PlaceGroup = readonly [Place, ...Place[]]

/** Groups places by origin. Groups keep the order in which their first place comes. */
export function groupPlaces(places: readonly Place[]): readonly PlaceGroup[] {
  const groups = new Map<string, [Place, ...Place[]]>()
  for (const place of places) {
    const key = originKey(place.origin)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [place])
    else group.push(place)
  }
  return [...groups.values()]
}

/** Says that a number of a finding's places is a lower bound, where it is: `at least `, or ``. */
export function atLeast({
  attribution,
}: {
  readonly attribution?: Pick<Attribution, 'hasMorePaths'>
}): string {
  return attribution?.hasMorePaths === true ? 'at least ' : ''
}

/**
 * The places that a short report lists: one per role of the first and the last group, plus the
 * first place of each role that occurs in neither.
 */
export function representativePlaces(
  finding: Finding,
  groups: readonly PlaceGroup[],
): readonly Place[] {
  const ends = groups.length > 1 ? [groups.at(0), groups.at(-1)] : groups
  const chosen = ends.flatMap((group) => (group === undefined ? [] : firstPerRole(group)))
  const missing = firstPerRole(finding.places).filter(
    ({ role }) => !chosen.some((place) => place.role === role),
  )
  return [...chosen, ...missing]
}

/** The single place to show for a finding: the latest one if HEAD contains it, else the first. */
export function mainPlace(finding: Finding): Place {
  const { places, parts, attribution } = finding
  const ofMainPart = places.filter((place) => place.role === parts[0]?.role)
  if (attribution?.inHead === true)
    return withIntroducedPath(ofMainPart.at(-1) ?? places[0], attribution.last)
  return withIntroducedPath(ofMainPart[0] ?? places[0], attribution?.first)
}

/** Fills in the path of a place in a bare git object from the commit that introduced the object. */
export function withIntroducedPath(
  place: Place,
  introduction: Introduction | null | undefined,
): Place {
  const { origin } = place
  if (origin.kind !== 'commit' || origin.path !== undefined || introduction?.path === undefined)
    return place
  return { ...place, origin: { ...origin, path: introduction.path } }
}

/**
 * One line that locates a place: `config/prod.env:3`, `dist/x.tgz > x.tar/a.ini:3` or `message of
 * 3f2a9c1d`. Escaped.
 */
export function placeText({ origin, span }: Place): string {
  return origin.inName === true
    ? `the name of ${originText(origin)}`
    : `${originText(origin)}:${span.line}`
}

/** The name of the file, archive member, message or object that an origin denotes. Escaped. */
export function originText(origin: Origin): string {
  return escapeForTerminal(
    origin.member === undefined
      ? containerName(origin)
      : `${containerName(origin)} > ${origin.member}`,
  )
}

function containerName({ kind, path, object, commit }: Origin): string {
  if (kind === 'stdin') return 'standard input'
  if (kind === 'message') return `message of ${(commit ?? object ?? '').slice(0, 12)}`
  return path?.text ?? `object ${(object ?? '').slice(0, 12)}`
}

function firstPerRole(places: readonly Place[]): readonly Place[] {
  const firsts = new Map<string, Place>()
  for (const place of places) if (!firsts.has(place.role)) firsts.set(place.role, place)
  return [...firsts.values()]
}

function originKey({ kind, object, commit, path, member }: Origin): string {
  return JSON.stringify([kind, object, commit, path?.text, member])
}
