import { gitFailed } from '../commands/run.ts'
import type { Attribution, Finding, Introduction, Place, Skip } from '../../model/model.ts'
import { scrubber } from '../../model/scrubber.ts'
import { type HistoryPrefetch, prefetchHistory, type History } from './history-prefetch.ts'
import { comparePlaces, compareText } from './by-time.ts'
import { type Details, type Lookup, readDetails } from './commit-details.ts'
import type { Event } from './introductions.ts'
import { findIntroductions, type CacheableAnswers } from './cache/find-introductions.ts'
import { refReachability } from './ref-reachability.ts'
import type { Holders } from './ref-list.ts'
import { type EventsOf, eventsAt, findWanted, isInName, isMessage, objectsOf } from './sightings.ts'
import { isAttributable } from './attributable.ts'

interface Attributed {
  readonly findings: readonly Finding[]
  readonly skips: readonly Skip[]
}

const NOBODY: Holders = { refs: [], head: false, exposure: 'local' }

/**
 * What history says of findings; costs nothing when there are none. Aborted, it gives them as they
 * were. `asked`: what was asked ahead.
 */
export async function attribute(
  findings: readonly Finding[],
  history: History,
  asked?: HistoryPrefetch,
): Promise<Attributed> {
  if (findings.length === 0) return { findings, skips: [] }
  if (!findings.some(isAttributable)) {
    return {
      findings: findings.map((finding) =>
        conclude(finding, [], {
          details: new Map(),
          holders: NOBODY,
          head: new Set(),
          removals: [],
        }),
      ),
      skips: [],
    }
  }
  const { repository, reader, signal } = history
  const { refs, published, inHead, cache: past } = asked ?? prefetchHistory(history)
  const skips: Skip[] = []
  const onSkip = (skip: Skip): void => void skips.push(skip)
  try {
    const lookup = { reader, signal, onSkip }
    const wanted = await findWanted(findings, repository.idLength / 2, lookup)
    const [heldByHead, back] = await Promise.all([
      inHead(new Set(findings.flatMap(objectsOf)), findings.some(isInName)),
      findIntroductions(wanted, repository, lookup, past),
    ])
    const [eventsOf, removalsOf] = [
      wanted.eventsOf(back.introductions),
      wanted.eventsOf(back.removals),
    ]
    const head: ReadonlySet<string> = new Set(heldByHead?.held)
    const reach = await refReachability(
      { findings, eventsOf, removalsOf, head },
      { refs: await refs, published: await published },
      back,
      { repository, lookup },
    )
    const mentioned = findings.flatMap(({ places }) =>
      places.flatMap((seen) => eventsAt(seen, eventsOf)),
    )
    const details = await detailsOf(
      [...mentioned, ...[...reach.removals.values()].flat()].map(({ commit }) => commit),
      past,
      lookup,
    )
    // What was read until then is not all, so what follows from it may be wrong.
    if (signal.aborted) return { findings, skips: [] }
    await back.keep(
      toldOf(history.reported, findings, { details, head: heldByHead, reach: reach.kept() }),
    )
    const attributed = findings.map((finding) => {
      const placed = place(finding, eventsOf, details)
      return conclude(placed.finding, placed.events, {
        details,
        holders: reach.holders.get(finding.fingerprint) ?? NOBODY,
        head,
        removals: reach.removals.get(finding.fingerprint) ?? [],
      })
    })
    return { findings: attributed, skips }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return {
      findings,
      skips: [...skips, gitFailed(`what was found could not be attributed to commits: ${detail}`)],
    }
  }
}

/** What may be kept of what was answered. */
function toldOf(
  said: History['reported'],
  findings: readonly Finding[],
  { details, ...others }: Pick<CacheableAnswers, 'head' | 'reach'> & Pick<Known, 'details'>,
): CacheableAnswers | undefined {
  if (said?.isInNames !== false) return undefined
  const scrub = scrubber([
    ...findings,
    ...said.suppressed().flatMap(({ finding }) => finding ?? []),
  ])
  return { ...others, details: [...details].filter(([commit]) => !said.isSpokenOf(commit)), scrub }
}

/** Reads those that are not known yet. */
async function detailsOf(
  commits: readonly string[],
  { again }: HistoryPrefetch['cache'],
  lookup: Lookup,
): Promise<ReadonlyMap<string, Details>> {
  const known = (await again)?.details ?? new Map<string, Details>()
  const others = commits.filter((commit) => !known.has(commit))
  return others.length === 0 ? known : new Map([...known, ...(await readDetails(others, lookup))])
}

interface Placed {
  readonly finding: Finding
  readonly events: readonly Event[]
}

/**
 * Gives each place its commit and path: one a path, the earliest, since the same content at the
 * same path is no other place.
 */
function place(
  finding: Finding,
  eventsOf: EventsOf,
  details: ReadonlyMap<string, Details>,
): Placed {
  const events: Event[] = []
  const places = finding.places.flatMap((seen): readonly Place[] => {
    const own = byTime(eventsAt(seen, eventsOf), details)
    for (const event of own) events.push(event)
    const time = details.get(seen.origin.commit ?? '')?.seconds
    if (seen.origin.commit !== undefined) return [{ ...seen, ...(time !== undefined && { time }) }]
    const earliest = new Map(own.toReversed().map((event) => [event.path.text, event]))
    return earliest.size === 0
      ? [seen]
      : [...earliest.values()].map(({ commit, path }) => ({
          ...seen,
          origin: { ...seen.origin, commit, path },
          time: secondsOf(commit, details),
        }))
  })
  const [first, ...rest] = places
  return {
    finding: first === undefined ? finding : { ...finding, places: [first, ...rest] },
    events,
  }
}

interface Known {
  readonly details: ReadonlyMap<string, Details>
  readonly holders: Holders
  readonly head: ReadonlySet<string>
  readonly removals: readonly Event[]
}

function byTime(events: readonly Event[], details: ReadonlyMap<string, Details>): readonly Event[] {
  return events.toSorted(
    (a, b) =>
      secondsOf(a.commit, details) - secondsOf(b.commit, details) ||
      compareText(a.path.text, b.path.text) ||
      compareText(a.commit, b.commit),
  )
}

/** The latest, and of those of one second the last. */
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

function conclude(finding: Finding, events: readonly Event[], known: Known): Finding {
  const sorted = byTime(events, known.details)
  const [first, last] = [sorted[0], sorted.at(-1)].map((event) =>
    event === undefined ? undefined : introduction(event, known.details),
  )
  const removed = latest(known.removals, known.details)
  const attribution: Attribution = {
    first: first ?? null,
    last: last ?? null,
    ...(removed === undefined ? {} : { removed: introduction(removed, known.details) }),
    inHead:
      objectsOf(finding).some((id) => known.head.has(id)) ||
      (isMessage(finding) && known.holders.head),
    inHeadHistory: known.holders.head,
    refs: known.holders.refs,
    exposure: known.holders.exposure,
  }
  const [head, ...tail] = finding.places.toSorted(comparePlaces)
  return { ...finding, places: head === undefined ? finding.places : [head, ...tail], attribution }
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
