/** Attributes findings to commits and their authors, to HEAD, and to the refs that expose them. */
import { isExpected } from '../../model/errors.ts'
import type { Attribution, Finding, Introduction, Place, Skip } from '../../model/model.ts'
import { foundScrubber } from '../../model/scrubber.ts'
import { gitFailed } from '../commands/run.ts'
import { isAttributable } from './attributable.ts'
import { comparePlaces, compareText } from './by-time.ts'
import { type CacheableAnswers, findIntroductions } from './cache/find-introductions.ts'
import { type Details, type Lookup, readDetails } from './commit-details.ts'
import { type History, type HistoryPrefetch, prefetchHistory } from './history-prefetch.ts'
import { type Event, FURTHER_PATHS } from './introductions.ts'
import type { Holders } from './ref-list.ts'
import { refReachability } from './ref-reachability.ts'
import { type EventsOf, eventsAt, findWanted, isMessage, objectsOf } from './sightings.ts'

interface AttributedFindings {
  readonly findings: readonly Finding[]
  readonly skips: readonly Skip[]
}

const NO_HOLDERS: Holders = { refs: [], head: false, exposure: 'local' }

const NO_FACTS: HistoryFacts = {
  details: new Map(),
  holders: NO_HOLDERS,
  head: new Set(),
  removals: [],
  hasMorePaths: false,
}

/**
 * Attributes findings; costs nothing when there are none. After an abort the findings are returned
 * as they were. A failure of git becomes a skip, and any other error is thrown. `prefetch`: the
 * answers that were requested during the scan.
 */
export async function attribute(
  findings: readonly Finding[],
  history: History,
  prefetch?: HistoryPrefetch,
): Promise<AttributedFindings> {
  if (findings.length === 0) return { findings, skips: [] }
  if (!findings.some(isAttributable)) {
    return { findings: findings.map((finding) => conclude(finding, [], NO_FACTS)), skips: [] }
  }
  const skips: Skip[] = []
  const onSkip = (skip: Skip): void => void skips.push(skip)
  try {
    const attributed = await attributeWith(
      findings,
      history,
      prefetch ?? prefetchHistory(history),
      onSkip,
    )
    // After an abort only a part was read, so conclusions and skips could be wrong.
    return attributed === undefined ? { findings, skips: [] } : { findings: attributed, skips }
  } catch (error) {
    if (!isExpected(error)) throw error
    const detail = `secrets could not be attributed to commits: ${error.message}`
    return { findings, skips: [...skips, gitFailed(detail)] }
  }
}

/** Returns undefined after an abort. */
async function attributeWith(
  findings: readonly Finding[],
  history: History,
  { refs, published, findInHead, cache }: HistoryPrefetch,
  onSkip: Lookup['onSkip'],
): Promise<readonly Finding[] | undefined> {
  const { repository, reader, signal } = history
  const lookup = { reader, signal, onSkip }
  const wanted = await findWanted(findings, repository.idLength / 2, lookup)
  const [headObjects, introductions] = await Promise.all([
    findInHead(new Set(findings.flatMap(objectsOf))),
    findIntroductions(wanted, repository, lookup, cache),
  ])
  const eventsOf = wanted.eventsOf(introductions.introductions)
  const removalsOf = wanted.eventsOf(introductions.removals)
  const head: ReadonlySet<string> = new Set(headObjects?.held)
  const reachability = await refReachability(
    { findings, eventsOf, removalsOf, head },
    { refs: await refs, published: await published },
    introductions,
    { repository, lookup },
  )
  const events = [
    ...findings.flatMap(({ places }) => places.flatMap((place) => eventsAt(place, eventsOf))),
    ...[...reachability.removals.values()].flat(),
  ]
  const commits = events.map(({ commit }) => commit)
  const details = await detailsOf(commits, cache, lookup)
  if (signal.aborted) return undefined
  const answers = { details, head: headObjects, reachability: reachability.toCache() }
  await introductions.save(cacheableAnswers(history.reported, findings, answers))
  return findings.map((finding) => {
    const placed = placeInHistory(finding, eventsOf, details)
    return conclude(placed.finding, placed.events, {
      details,
      holders: reachability.holders.get(finding.fingerprint) ?? NO_HOLDERS,
      head,
      removals: reachability.removals.get(finding.fingerprint) ?? [],
      hasMorePaths: placed.hasMorePaths,
    })
  })
}

/** Returns undefined when names may contain a secret. */
function cacheableAnswers(
  reported: History['reported'],
  findings: readonly Finding[],
  {
    details,
    ...answers
  }: Pick<CacheableAnswers, 'head' | 'reachability'> & Pick<HistoryFacts, 'details'>,
): CacheableAnswers | undefined {
  if (reported?.isInNames !== false) return undefined
  const scrub = foundScrubber([
    ...findings,
    ...reported.suppressed().flatMap(({ finding }) => finding ?? []),
  ])
  return {
    ...answers,
    details: [...details].filter(([commit]) => !reported.isSpokenOf(commit)),
    scrub,
  }
}

/** Reads the details of the commits that the cache does not have. */
async function detailsOf(
  commits: readonly string[],
  { updated }: HistoryPrefetch['cache'],
  lookup: Lookup,
): Promise<ReadonlyMap<string, Details>> {
  const cached = (await updated)?.details ?? new Map<string, Details>()
  const missing = commits.filter((commit) => !cached.has(commit))
  if (missing.length === 0) return cached
  return new Map([...cached, ...(await readDetails(missing, lookup))])
}

interface PlacedFinding {
  readonly finding: Finding
  readonly events: readonly Event[]
  /** True when some object has more paths than became places. */
  readonly hasMorePaths: boolean
}

/**
 * Gives each place its commit and path. A place whose object was introduced at several paths
 * becomes one place for each path, with the earliest commit. Paths beyond the limit are one place
 * without a path, which no path rule of a policy covers.
 */
function placeInHistory(
  finding: Finding,
  eventsOf: EventsOf,
  details: ReadonlyMap<string, Details>,
): PlacedFinding {
  const events: Event[] = []
  let hasMorePaths = false
  const places = finding.places.flatMap((place): readonly Place[] => {
    const all = eventsAt(place, eventsOf)
    const isInObject = place.origin.kind === 'commit'
    const sorted = byTime(isInObject ? all.filter((event) => !isFurther(event)) : all, details)
    for (const event of sorted) events.push(event)
    const others = isInObject && all.some(isFurther) ? [place] : []
    if (others.length > 0) hasMorePaths = true
    // A place of a range that stands for further paths has no time, and so comes last.
    if (place.origin.commit !== undefined && others.length > 0) return others
    const time = details.get(place.origin.commit ?? '')?.seconds
    if (place.origin.commit !== undefined)
      return [{ ...place, ...(time !== undefined && { time }) }]
    const earliest = new Map(sorted.toReversed().map((event) => [event.path.text, event]))
    return earliest.size === 0
      ? [place]
      : [
          ...Array.from(earliest.values(), ({ commit, path }) => ({
            ...place,
            origin: { ...place.origin, commit, path },
            time: secondsOf(commit, details),
          })),
          ...others,
        ]
  })
  const [first, ...rest] = places
  return {
    finding: first === undefined ? finding : { ...finding, places: [first, ...rest] },
    events,
    hasMorePaths,
  }
}

/** True for an event that stands for paths beyond the limit. */
function isFurther({ path }: Event): boolean {
  return path.text === FURTHER_PATHS.text
}

/** The facts from which the attribution of one finding follows. */
interface HistoryFacts {
  readonly details: ReadonlyMap<string, Details>
  readonly holders: Holders
  /** Ids of objects that the tree of HEAD contains. */
  readonly head: ReadonlySet<string>
  readonly removals: readonly Event[]
  readonly hasMorePaths: boolean
}

function byTime(events: readonly Event[], details: ReadonlyMap<string, Details>): readonly Event[] {
  return events.toSorted(
    (a, b) =>
      secondsOf(a.commit, details) - secondsOf(b.commit, details) ||
      compareText(a.path.text, b.path.text) ||
      compareText(a.commit, b.commit),
  )
}

/** Returns the latest event; of several in one second the one listed last. */
function latest(
  events: readonly Event[],
  details: ReadonlyMap<string, Details>,
): Event | undefined {
  return events.reduce<Event | undefined>(
    (last, event) =>
      last === undefined || secondsOf(event.commit, details) >= secondsOf(last.commit, details)
        ? event
        : last,
    undefined,
  )
}

function secondsOf(commit: string | undefined, details: ReadonlyMap<string, Details>): number {
  return details.get(commit ?? '')?.seconds ?? Infinity
}

function conclude(finding: Finding, events: readonly Event[], facts: HistoryFacts): Finding {
  const { details, holders, head } = facts
  const sorted = byTime(events, details)
  const [first, last] = [sorted[0], sorted.at(-1)].map((event) =>
    event === undefined ? undefined : introduction(event, details),
  )
  const removed = latest(facts.removals, details)
  const attribution: Attribution = {
    first: first ?? null,
    last: last ?? null,
    ...(removed === undefined ? {} : { removed: introduction(removed, details) }),
    inHead: objectsOf(finding).some((id) => head.has(id)) || (isMessage(finding) && holders.head),
    inHeadHistory: holders.head,
    refs: holders.refs,
    exposure: holders.exposure,
    ...(facts.hasMorePaths && { hasMorePaths: true }),
  }
  const [place, ...places] = finding.places.toSorted(comparePlaces)
  return {
    ...finding,
    places: place === undefined ? finding.places : [place, ...places],
    attribution,
  }
}

function introduction(event: Event, details: ReadonlyMap<string, Details>): Introduction {
  const { author, date } = details.get(event.commit) ?? { author: 'unknown', date: '' }
  return {
    commit: event.commit,
    author,
    date,
    ...(event.path.text === '' ? {} : { path: event.path }),
  }
}
