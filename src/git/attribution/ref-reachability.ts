import type { Refs } from '../commands/refs.ts'
import type { Repository } from '../commands/repository.ts'
import { crypto } from '../../model/lazy-crypto.ts'
import type { Finding } from '../../model/model.ts'
import { compareText } from './by-time.ts'
import type { Lookup } from './commit-details.ts'
import { graphOfRefs } from './graph.ts'
import type { Event } from './introductions.ts'
import type { FoundIntroductions } from './cache/find-introductions.ts'
import type { Published } from './published.ts'
import { type Holders, RefList } from './ref-list.ts'
import { withInnerTags } from './refs.ts'
import { removalsInHead } from './removals.ts'
import { type EventsOf, eventsAt, isMessage, objectsOf } from './sightings.ts'

/** What is asked about findings. */
interface Question {
  readonly findings: readonly Finding[]
  readonly eventsOf: EventsOf
  readonly removalsOf: EventsOf
  /** Objects that HEAD holds. */
  readonly head: ReadonlySet<string>
}

/** What leads to commits, as git and the logs of refs have it. */
interface Leading {
  readonly refs: Refs
  readonly published: Published
}

/**
 * The commits in HEAD's history that took each finding out, as `removalsInHead` has them, and the
 * refs that lead to it.
 */
interface Answer {
  readonly removals: readonly (readonly Event[])[]
  /** Sets of refs, a bit each, every one once. */
  readonly sets: readonly Uint8Array[]
  /** For each finding the number of its set. */
  readonly setOf: readonly number[]
}

/** The answer as it is kept, for whoever asks the same of the same refs and commits. */
export interface CachedReachability extends Pick<Answer, 'sets' | 'setOf'> {
  readonly question: string
  /** For each finding the numbers of its removals. */
  readonly removals: readonly (readonly number[])[]
}

/** By fingerprints. */
interface Reach {
  readonly removals: ReadonlyMap<string, readonly Event[]>
  readonly holders: ReadonlyMap<string, Holders>
  /** Undefined where there is too much of it. */
  readonly kept: () => CachedReachability | undefined
}

/** Where it is worked out. */
interface Place {
  readonly repository: Repository
  readonly lookup: Lookup
}

/** More of it takes longer to read than to work out. */
const MAX_BYTES = 1 << 20

/** What refs lead to: all of history is gone through only where that was not asked before. */
export async function refReachability(
  asked: Question,
  leading: Leading,
  back: FoundIntroductions,
  place: Place,
): Promise<Reach> {
  // Threads find in any order.
  const findings = asked.findings.toSorted((a, b) => compareText(a.fingerprint, b.fingerprint))
  const question = digestOf(leading, findings, asked.head)
  const list = new RefList(leading.refs.all(), leading.published)
  const { removals, sets, setOf } =
    recalled(back, question) ?? (await workOut({ ...asked, findings }, list, back, place))
  // Findings that the same refs hold share one list of them: it may be long.
  const holders = sets.map((set) => list.holders(set))
  return {
    removals: new Map(findings.map(({ fingerprint }, at) => [fingerprint, removals[at] ?? []])),
    holders: new Map(
      findings.flatMap(({ fingerprint }, at) => {
        const held = holders[setOf[at] ?? -1]
        return held === undefined ? [] : [[fingerprint, held]]
      }),
    ),
    kept: () => packed(question, { removals, sets, setOf }, back),
  }
}

async function workOut(
  { findings, eventsOf, removalsOf, head }: Question,
  list: RefList,
  back: FoundIntroductions,
  { repository, lookup }: Place,
): Promise<Answer> {
  // Tags between others matter only to what their messages hold, and take reading all tags.
  const refs = findings.some(isMessage)
    ? await withInnerTags(list.refs, { ...repository, signal: lookup.signal })
    : list.refs
  const graph = await graphOfRefs(
    { refs, former: list.former },
    await back.commits(),
    repository.idLength / 2,
    lookup,
  )
  const gone = findings.filter((finding) => !objectsOf(finding).some((id) => head.has(id)))
  const removals = removalsInHead(gone, { eventsOf, removalsOf, graph })
  const asked = findings.map(
    (finding) =>
      new Set([
        ...finding.places.flatMap((place) => eventsAt(place, eventsOf).map(({ commit }) => commit)),
        ...objectsOf(finding),
      ]),
  )
  return {
    removals: findings.map(({ fingerprint }) => removals.get(fingerprint) ?? []),
    ...distinct(graph.refsHolding(asked)),
  }
}

function distinct(all: readonly Uint8Array[]): Pick<Answer, 'sets' | 'setOf'> {
  const numbers = new Map<string, number>()
  const sets: Uint8Array[] = []
  const setOf = all.map((set) => {
    const key = Buffer.from(set).toString('latin1')
    const at = numbers.get(key) ?? sets.push(set) - 1
    numbers.set(key, at)
    return at
  })
  return { sets, setOf }
}

/** All that the answer hangs on besides commits. */
function digestOf(
  { refs, published }: Leading,
  findings: readonly Finding[],
  head: ReadonlySet<string>,
): string {
  const sought = findings.map(({ places }) =>
    places
      .map(({ origin: { kind, object, commit, path } }) =>
        JSON.stringify([kind, object, commit, path?.text]),
      )
      .sort(),
  )
  return crypto()
    .createHash('sha256')
    .update(JSON.stringify([published.told, sought, [...head].sort()]))
    .update(refs.output)
    .digest('hex')
}

function recalled({ reach, removals }: FoundIntroductions, question: string): Answer | undefined {
  if (reach?.question !== question) return undefined
  return {
    ...reach,
    removals: reach.removals.map((numbers) => numbers.flatMap((at) => removals[at] ?? [])),
  }
}

function packed(
  question: string,
  { removals, sets, setOf }: Answer,
  back: FoundIntroductions,
): CachedReachability | undefined {
  if (sets.reduce((sum, { length }) => sum + length, 0) > MAX_BYTES) return undefined
  const numbers = new Map(back.removals.map((event, at) => [event, at]))
  return {
    question,
    sets,
    setOf,
    removals: removals.map((events) => events.flatMap((event) => numbers.get(event) ?? [])),
  }
}
