/** Finds the refs that lead to findings, and the commits that removed findings from HEAD. */
import { crypto } from '../../model/lazy-crypto.ts'
import type { Finding } from '../../model/model.ts'
import type { Refs } from '../commands/refs.ts'
import type { Repository } from '../commands/repository.ts'
import { compareText } from './by-time.ts'
import type { CachedReachability } from './cache/attribution-cache.ts'
import type { FoundIntroductions } from './cache/find-introductions.ts'
import type { Lookup } from './commit-details.ts'
import { graphOfRefs } from './graph.ts'
import type { Event } from './introductions.ts'
import type { Published } from './published.ts'
import { type Holders, RefList } from './ref-list.ts'
import { withInnerTags } from './refs.ts'
import { removalsInHead } from './removals.ts'
import { type EventsOf, eventsAt, isMessage, objectsOf } from './sightings.ts'

/** The findings, and what is known about them already. */
interface ReachabilityQuestion {
  readonly findings: readonly Finding[]
  readonly eventsOf: EventsOf
  readonly removalsOf: EventsOf
  /** Ids of the objects that HEAD contains. */
  readonly head: ReadonlySet<string>
}

/** All refs, and what remotes have. */
interface RefState {
  readonly refs: Refs
  readonly published: Published
}

/** The answer, with equal sets of refs stored once. */
interface ReachabilityAnswer {
  /** For each finding the commits that removed it, as `removalsInHead` returns them. */
  readonly removals: readonly (readonly Event[])[]
  /** Distinct sets of refs, one bit a ref. */
  readonly sets: readonly Uint8Array[]
  /** For each finding the index of its set. */
  readonly setOf: readonly number[]
}

/** The answer by fingerprint. */
interface RefReachability {
  readonly removals: ReadonlyMap<string, readonly Event[]>
  readonly holders: ReadonlyMap<string, Holders>
  /** Returns the answer for the cache, or undefined when it is too large. */
  readonly toCache: () => CachedReachability | undefined
}

interface SearchContext {
  readonly repository: Repository
  readonly lookup: Lookup
}

/** Reading larger sets from the cache takes longer than computing them. */
const MAX_CACHED_BYTES = 1 << 20

/**
 * Finds the refs and removals of findings. The whole history is walked unless the cache has the
 * answer to the same question.
 */
export async function refReachability(
  question: ReachabilityQuestion,
  refState: RefState,
  introductions: FoundIntroductions,
  context: SearchContext,
): Promise<RefReachability> {
  // Threads report findings in any order; the digest needs a fixed one.
  const findings = question.findings.toSorted((a, b) => compareText(a.fingerprint, b.fingerprint))
  const digest = digestOf(refState, findings, question.head)
  const list = new RefList(refState.refs.all(), refState.published)
  const answer =
    fromCache(introductions, digest) ??
    (await findAnswer({ ...question, findings }, list, introductions, context))
  const { removals, sets, setOf } = answer
  // Findings with the same refs share one list of them, which may be long.
  const holders = sets.map((set) => list.holders(set))
  return {
    removals: new Map(findings.map(({ fingerprint }, at) => [fingerprint, removals[at] ?? []])),
    holders: new Map(
      findings.flatMap(({ fingerprint }, at) => {
        const refs = holders[setOf[at] ?? -1]
        return refs === undefined ? [] : [[fingerprint, refs]]
      }),
    ),
    toCache: () => toCache(digest, answer, introductions),
  }
}

async function findAnswer(
  { findings, eventsOf, removalsOf, head }: ReachabilityQuestion,
  list: RefList,
  introductions: FoundIntroductions,
  { repository, lookup }: SearchContext,
): Promise<ReachabilityAnswer> {
  // Tags in the middle of a chain matter only for findings in their messages, and take reading all
  // tags.
  const refs = findings.some(isMessage)
    ? await withInnerTags(list.refs, { ...repository, signal: lookup.signal })
    : list.refs
  const graph = await graphOfRefs(
    { refs, former: list.former },
    await introductions.commits(),
    repository.idLength / 2,
    lookup,
  )
  const notInHead = findings.filter((finding) => !objectsOf(finding).some((id) => head.has(id)))
  const removals = removalsInHead(notInHead, { eventsOf, removalsOf, graph })
  const idsOfFindings = findings.map(
    (finding) =>
      new Set([
        ...finding.places.flatMap((place) => eventsAt(place, eventsOf).map(({ commit }) => commit)),
        ...objectsOf(finding),
      ]),
  )
  return {
    removals: findings.map(({ fingerprint }) => removals.get(fingerprint) ?? []),
    ...distinctSets(graph.refsHolding(idsOfFindings)),
  }
}

function distinctSets(all: readonly Uint8Array[]): Pick<ReachabilityAnswer, 'sets' | 'setOf'> {
  const indexes = new Map<string, number>()
  const sets: Uint8Array[] = []
  const setOf = all.map((set) => {
    const key = Buffer.from(set).toString('latin1')
    const index = indexes.get(key) ?? sets.push(set) - 1
    indexes.set(key, index)
    return index
  })
  return { sets, setOf }
}

/** Returns a digest of everything that the answer depends on besides commits. */
function digestOf(
  { refs, published }: RefState,
  findings: readonly Finding[],
  head: ReadonlySet<string>,
): string {
  const origins = findings.map(({ places }) =>
    places
      .map(({ origin: { kind, object, commit, path } }) =>
        JSON.stringify([kind, object, commit, path?.text]),
      )
      .sort(),
  )
  return crypto()
    .createHash('sha256')
    .update(JSON.stringify([published.summary, origins, [...head].sort()]))
    .update(refs.output)
    .digest('hex')
}

function fromCache(
  { reachability, removals }: FoundIntroductions,
  digest: string,
): ReachabilityAnswer | undefined {
  if (reachability?.question !== digest) return undefined
  return {
    ...reachability,
    removals: reachability.removals.map((indexes) => indexes.flatMap((at) => removals[at] ?? [])),
  }
}

function toCache(
  question: string,
  { removals, sets, setOf }: ReachabilityAnswer,
  introductions: FoundIntroductions,
): CachedReachability | undefined {
  if (sets.reduce((sum, { length }) => sum + length, 0) > MAX_CACHED_BYTES) return undefined
  const indexes = new Map(introductions.removals.map((event, at) => [event, at]))
  return {
    question,
    sets,
    setOf,
    removals: removals.map((events) => events.flatMap((event) => indexes.get(event) ?? [])),
  }
}
