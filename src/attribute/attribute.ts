import { gitFailed } from '../git/failed.ts'
import type { Repository } from '../git/repository.ts'
import { type GitCall, readGit } from '../git/run.ts'
import type { Attribution, Finding, Introduction, Place, Skip } from '../model.ts'
import { type Ahead, askAhead, type History } from './ahead.ts'
import { comparePlaces, compareText } from './by-time.ts'
import { type Details, type Lookup, readDetails } from './commit-details.ts'
import { graphOfRefs, type Holders } from './graph.ts'
import type { Event } from './introductions.ts'
import { lookBack } from './look-back.ts'
import { isOfHistory } from './of-history.ts'
import { withInnerTags } from './refs.ts'
import { removalsInHead } from './removals.ts'
import { type EventsOf, findWanted } from './sightings.ts'

interface Attributed {
  readonly findings: readonly Finding[]
  readonly skips: readonly Skip[]
}

/** `100644` */
const MODE_LENGTH = 6

const NOBODY: Holders = { refs: [], head: false, exposure: 'local' }

/** What history says of findings; costs nothing when there are none. Aborted, it gives them as they were. `asked`: what was asked ahead. */
export async function attribute(findings: readonly Finding[], history: History, asked?: Ahead): Promise<Attributed> {
  if (findings.length === 0) return { findings, skips: [] }
  if (!findings.some(isOfHistory)) {
    return { findings: findings.map((finding) => conclude(finding, [], { details: new Map(), holders: NOBODY, head: new Set(), removals: [] })), skips: [] }
  }
  const { repository, reader, signal } = history
  const { refs, published, head: inHead, past } = asked ?? askAhead(history)
  const skips: Skip[] = []
  const onSkip = (skip: Skip): void => void skips.push(skip)
  try {
    const lookup = { reader, signal, onSkip }
    const idBytes = repository.idLength / 2
    const wanted = await findWanted(findings, idBytes, lookup)
    const [leading, head, back] = await Promise.all([
      // Tags between others matter only to what their messages hold, and take reading all tags.
      findings.some(isMessage) ? withInnerTags(await refs, { ...repository, signal }) : refs,
      objectsInHead({ ...repository, signal }, findings, inHead),
      lookBack(wanted, repository, lookup, past),
    ])
    const [eventsOf, removalsOf] = [wanted.eventsOf(back.introductions), wanted.eventsOf(back.removals)]
    const graph = await graphOfRefs({ refs: leading, published: await published }, back.commits, idBytes, lookup)
    const gone = findings.filter((finding) => !objectsOf(finding).some((id) => head.has(id)))
    const removals = removalsInHead(gone, { eventsOf, removalsOf, graph })
    const mentioned = findings.flatMap(({ places }) => places.flatMap((seen) => eventsAt(seen, eventsOf).map((event) => event.commit)))
    const details = await detailsOf([...mentioned, ...[...removals.values()].flat().map((event) => event.commit)], past, lookup)
    const placed = findings.map((finding) => place(finding, eventsOf, details))
    const holders = graph.refsHolding(placed.map(({ finding, events }) => new Set([...events.map((event) => event.commit), ...objectsOf(finding)])))
    // What was read until then is not all, so what follows from it may be wrong.
    if (signal.aborted) return { findings, skips: [] }
    const attributed = placed.map(({ finding, events }, at) => conclude(finding, events, { details, holders: holders[at] ?? NOBODY, head, removals: removals.get(finding.fingerprint) ?? [] }))
    return { findings: attributed, skips }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { findings, skips: [...skips, gitFailed(`what was found could not be attributed to commits: ${detail}`)] }
  }
}

/** Reads those that are not known yet. */
async function detailsOf(commits: readonly string[], { again }: Ahead['past'], lookup: Lookup): Promise<ReadonlyMap<string, Details>> {
  const known = (await again)?.details ?? new Map<string, Details>()
  const others = commits.filter((commit) => !known.has(commit))
  return others.length === 0 ? known : new Map([...known, ...(await readDetails(others, lookup))])
}

interface Placed {
  readonly finding: Finding
  readonly events: readonly Event[]
}

/** What brought in what is at a place: known from the start, or looked up. */
function eventsAt(seen: Place, eventsOf: EventsOf): readonly Event[] {
  const { object, commit, path } = seen.origin
  return commit === undefined ? eventsOf(seen) : [{ object: object ?? commit, commit, path: path ?? { text: '' } }]
}

/** Gives each place its commit and path: one a path, the earliest, since the same content at the same path is no other place. */
function place(finding: Finding, eventsOf: EventsOf, details: ReadonlyMap<string, Details>): Placed {
  const events: Event[] = []
  const places = finding.places.flatMap((seen): readonly Place[] => {
    const own = byTime(eventsAt(seen, eventsOf), details)
    for (const event of own) events.push(event)
    const time = details.get(seen.origin.commit ?? '')?.seconds
    if (seen.origin.commit !== undefined) return [{ ...seen, ...(time !== undefined && { time }) }]
    const earliest = new Map(own.toReversed().map((event) => [event.path.text, event]))
    return earliest.size === 0 ? [seen] : [...earliest.values()].map(({ commit, path }) => ({ ...seen, origin: { ...seen.origin, commit, path }, time: secondsOf(commit, details) }))
  })
  const [first, ...rest] = places
  return { finding: first === undefined ? finding : { ...finding, places: [first, ...rest] }, events }
}

interface Known {
  readonly details: ReadonlyMap<string, Details>
  readonly holders: Holders
  readonly head: ReadonlySet<string>
  readonly removals: readonly Event[]
}

function byTime(events: readonly Event[], details: ReadonlyMap<string, Details>): readonly Event[] {
  return events.toSorted((a, b) => secondsOf(a.commit, details) - secondsOf(b.commit, details) || compareText(a.path.text, b.path.text) || compareText(a.commit, b.commit))
}

/** The latest, and of those of one second the last. */
function latest(events: readonly Event[], details: ReadonlyMap<string, Details>): Event | undefined {
  return events.reduce<Event | undefined>((last, event) => (last === undefined || secondsOf(event.commit, details) >= secondsOf(last.commit, details) ? event : last), undefined)
}

function secondsOf(commit: string | undefined, details: ReadonlyMap<string, Details>): number {
  return details.get(commit ?? '')?.seconds ?? Infinity
}

function conclude(finding: Finding, events: readonly Event[], known: Known): Finding {
  const sorted = byTime(events, known.details)
  const [first, last] = [sorted[0], sorted.at(-1)].map((event) => (event === undefined ? undefined : introduction(event, known.details)))
  const removed = latest(known.removals, known.details)
  const attribution: Attribution = {
    first: first ?? null,
    last: last ?? null,
    ...(removed === undefined ? {} : { removed: introduction(removed, known.details) }),
    inHead: objectsOf(finding).some((id) => known.head.has(id)) || (isMessage(finding) && known.holders.head),
    inHeadHistory: known.holders.head,
    refs: known.holders.refs,
    exposure: known.holders.exposure,
  }
  const [head, ...tail] = finding.places.toSorted(comparePlaces)
  return { ...finding, places: head === undefined ? finding.places : [head, ...tail], attribution }
}

function introduction(event: Event, details: ReadonlyMap<string, Details>): Introduction {
  const { author, date } = details.get(event.commit) ?? { author: 'unknown', date: '' }
  return { commit: event.commit, author, date, ...(event.path.text === '' ? {} : { path: event.path }) }
}

function isMessage(finding: Finding): boolean {
  return finding.places.some(({ origin }) => origin.kind === 'message')
}

function objectsOf(finding: Finding): readonly string[] {
  return finding.places.flatMap(({ origin }) => origin.object ?? [])
}

/** Which of their objects the tree of HEAD holds: `100644 blob 3b18e51…\tsrc/a.ts\0`. */
async function objectsInHead(call: GitCall & Pick<Repository, 'idLength'>, findings: readonly Finding[], list: Promise<Buffer>): Promise<ReadonlySet<string>> {
  const objects = new Set(findings.flatMap(objectsOf))
  const isOfName = findings.some(({ places }) => places.some(({ origin }) => origin.inName))
  const found = new Set<string>()
  const [top, tree] = await Promise.all([
    // The tree at the top is not in its own list; names at the top are in it.
    isOfName ? readGit({ ...call, args: ['rev-parse', '--verify', '--quiet', 'HEAD^{tree}'] }).catch(() => '') : '',
    list,
  ])
  if (objects.has(top.toString().trim())) found.add(top.toString().trim())
  // Of tens of thousands of files only the names of objects are looked at: as one text, not as fields.
  const text = tree.toString('latin1')
  for (let from = 0; from < text.length; from = text.indexOf('\0', from) + 1) {
    const start = text.indexOf(' ', from + MODE_LENGTH + 1) + 1
    const id = text.slice(start, start + call.idLength)
    if (objects.has(id)) found.add(id)
  }
  return found
}
