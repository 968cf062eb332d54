import type { Refs } from '../git/refs.ts'
import type { Repository } from '../git/repository.ts'
import { crypto } from '../lazy-crypto.ts'
import type { Finding } from '../model.ts'
import { compareText } from './by-time.ts'
import type { Lookup } from './commit-details.ts'
import { graphOfRefs } from './graph.ts'
import type { Event } from './introductions.ts'
import type { Back } from './look-back.ts'
import type { Published } from './published.ts'
import { type Holders, RefList } from './ref-list.ts'
import { withInnerTags } from './refs.ts'
import { removalsInHead } from './removals.ts'
import { type EventsOf, eventsAt, objectsOf } from './sightings.ts'

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

/** Of each finding: the commits in HEAD's history that took it out, as `removalsInHead` has them, and a bit for each ref that leads to it. */
interface Answer {
  readonly removals: readonly (readonly Event[])[]
  readonly refs: readonly Uint8Array[]
}

/** The answer as it is kept, for whoever asks the same of the same refs and commits. */
export interface KeptReach {
  readonly question: string
  /** Sets of refs, each once, one behind the other. */
  readonly sets: Uint8Array
  /** For each finding the number of its set. */
  readonly setOf: readonly number[]
  /** For each finding the numbers of its removals. */
  readonly removals: readonly (readonly number[])[]
}

/** By fingerprints. */
interface Reach {
  readonly removals: ReadonlyMap<string, readonly Event[]>
  readonly holders: ReadonlyMap<string, Holders>
  /** Undefined where there is too much of it. */
  readonly kept: () => KeptReach | undefined
}

/** More of it takes longer to read than to work out. */
const MOST_BYTES = 1 << 20

/** What refs lead to: all of history is gone through only where that was not asked before. */
export async function reachOf(asked: Question, leading: Leading, back: Back, { repository, lookup }: { readonly repository: Repository; readonly lookup: Lookup }): Promise<Reach> {
  const list = new RefList(leading.refs.all(), leading.published)
  // Threads find in any order.
  const findings = asked.findings.toSorted((a, b) => compareText(a.fingerprint, b.fingerprint))
  const question = digestOf(leading, findings, asked.head)
  const { removals, refs } = recalled(back, question, list) ?? (await workOut({ ...asked, findings }, leading, back, { repository, lookup }))
  const holders = list.holders(refs)
  const byFingerprint = <Value>(values: readonly Value[]): ReadonlyMap<string, Value> => new Map(findings.flatMap(({ fingerprint }, at) => values[at] === undefined ? [] : [[fingerprint, values[at]]]))
  return { removals: byFingerprint(removals), holders: byFingerprint(holders), kept: () => packed(question, { removals, refs }, back) }
}

async function workOut({ findings, eventsOf, removalsOf, head }: Question, { refs, published }: Leading, back: Back, { repository, lookup }: { readonly repository: Repository; readonly lookup: Lookup }): Promise<Answer> {
  // Tags between others matter only to what their messages hold, and take reading all tags.
  const isOfMessage = findings.some(({ places }) => places.some(({ origin }) => origin.kind === 'message'))
  const list = new RefList(isOfMessage ? await withInnerTags(refs.all(), { ...repository, signal: lookup.signal }) : refs.all(), published)
  const graph = await graphOfRefs(list, await back.commits(), repository.idLength / 2, lookup)
  const gone = findings.filter((finding) => !objectsOf(finding).some((id) => head.has(id)))
  const removals = removalsInHead(gone, { eventsOf, removalsOf, graph })
  const sets = findings.map((finding) => new Set([...finding.places.flatMap((place) => eventsAt(place, eventsOf).map(({ commit }) => commit)), ...objectsOf(finding)]))
  return { removals: findings.map(({ fingerprint }) => removals.get(fingerprint) ?? []), refs: graph.refsHolding(sets) }
}

/** All that the answer hangs on besides commits. */
function digestOf({ refs, published }: Leading, findings: readonly Finding[], head: ReadonlySet<string>): string {
  const sought = findings.map(({ places }) => places.map(({ origin: { kind, object, commit, path } }) => JSON.stringify([kind, object, commit, path?.text])).sort())
  return crypto().createHash('sha256').update(JSON.stringify([published.told, sought, [...head].sort()])).update(refs.said).digest('hex')
}

function recalled({ reach, removals }: Back, question: string, { all }: RefList): Answer | undefined {
  if (reach?.question !== question) return undefined
  const bytes = Math.ceil(all.length / 8)
  return {
    removals: reach.removals.map((numbers) => numbers.flatMap((at) => removals[at] ?? [])),
    refs: reach.setOf.map((at) => reach.sets.subarray(at * bytes, (at + 1) * bytes)),
  }
}

function packed(question: string, { removals, refs }: Answer, back: Back): KeptReach | undefined {
  const numbers = new Map(back.removals.map((event, at) => [event, at]))
  const sets = new Map<string, number>()
  const setOf = refs.map((set) => {
    const key = Buffer.from(set).toString('latin1')
    const at = sets.get(key) ?? sets.size
    sets.set(key, at)
    return at
  })
  const bytes = Uint8Array.from(Buffer.from([...sets.keys()].join(''), 'latin1'))
  return bytes.length > MOST_BYTES ? undefined : { question, sets: bytes, setOf, removals: removals.map((events) => events.flatMap((event) => numbers.get(event) ?? [])) }
}
