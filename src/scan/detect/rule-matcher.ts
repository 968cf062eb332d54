import type { Chunk } from '../../model/model.ts'
import type { Keyword, Rule, RulePart } from '../../model/rule.ts'
import {
  type IndexedKeyword,
  keywordIndexOf,
  type Pattern,
  matchRadiusOfKeyword,
  type ViewPlan,
} from './keyword-index.ts'
import { type Layout, layoutAt } from './layout.ts'
import type { Prefilter } from './prefilter.ts'
import { search, type Sighting } from './search.ts'
import { DecodedSearch } from '../decode/decoders.ts'

/** What a part of a rule sees in a chunk; offsets are the chunk's. */
export interface FoundSighting extends Pattern {
  readonly sighting: Sighting
  /** How its text was read, in words; none where it stands as it is. */
  readonly steps: readonly string[]
  /** What it stands in; offsets are the blob's. */
  readonly layout: () => Layout
}

/** Sees what the rules look for, around their keywords. */
export class RuleMatcher {
  readonly #anchors: readonly IndexedKeyword[]
  readonly #reaches: readonly number[]
  readonly #prefilter: Prefilter
  readonly #views: ReadonlyMap<Rule, DecodedSearch<RulePart>>

  constructor(
    rules: readonly Rule[],
    createPrefilter: (keywords: readonly Keyword[]) => Prefilter,
  ) {
    this.#anchors = keywordIndexOf(rules)
    this.#reaches = this.#anchors.map(matchRadiusOfKeyword)
    this.#prefilter = createPrefilter(this.#anchors.map(({ keyword }) => keyword))
    this.#views = new Map(
      rules.filter((rule) => rule.views).map((rule) => [rule, new DecodedSearch(rule)]),
    )
  }

  /** Where keywords stand, for `sightings`: pairs of numbers, none in most objects. */
  hitsIn(bytes: Uint8Array): readonly number[] {
    const hits: number[] = []
    this.#prefilter.search(bytes, hits)
    return hits
  }

  /** The most that any of these reaches, in bytes of a chunk; 0 for none. */
  reachOf(hits: readonly number[]): number {
    let most = 0
    for (let at = 0; at < hits.length; at += 2)
      most = Math.max(most, this.#reaches[hits[at] ?? -1] ?? 0)
    return most
  }

  /** What stands there as it is, then what stands there in other forms: the same may come twice. */
  sightings(
    chunk: Chunk,
    hits: readonly number[] = this.hitsIn(chunk.bytes),
  ): readonly FoundSighting[] {
    const sightings: FoundSighting[] = []
    if (hits.length === 0) return sightings
    const { patterns, views } = this.#placesOf(hits)
    for (const { what, offsets } of patterns.values()) {
      for (const sighting of search(chunk, what.part, ascending(offsets))) {
        sightings.push({
          ...what,
          sighting,
          steps: [],
          layout: () => layoutAt(chunk.bytes, sighting.start, chunk.toBlob),
        })
      }
    }
    for (const ofRule of views.values()) {
      for (const { what, offsets } of ofRule.values()) {
        for (const seen of this.#views.get(what.rule)?.sightings(chunk, ascending(offsets), what) ??
          [])
          sightings.push({ ...seen, rule: what.rule })
      }
    }
    return sightings
  }

  /** For each pattern and each view where its keywords stand. */
  #placesOf(hits: readonly number[]): {
    readonly patterns: Map<RulePart, Placed<Pattern>>
    readonly views: Map<Rule, Map<string, Placed<ViewPlan>>>
  } {
    const patterns = new Map<RulePart, Placed<Pattern>>()
    const views = new Map<Rule, Map<string, Placed<ViewPlan>>>()
    for (let at = 0; at < hits.length; at += 2) {
      const anchor = this.#anchors[hits[at] ?? -1]
      const offset = hits[at + 1] ?? 0
      for (const pattern of anchor?.patterns ?? []) place(patterns, pattern.part, pattern, offset)
      for (const plan of anchor?.views ?? []) {
        const ofRule = views.get(plan.rule) ?? new Map<string, Placed<ViewPlan>>()
        views.set(plan.rule, ofRule)
        place(ofRule, `${plan.bytes} ${plan.encoded}`, plan, offset)
      }
    }
    return { patterns, views }
  }
}

interface Placed<T> {
  readonly what: T
  readonly offsets: number[]
}

function place<K, T>(placed: Map<K, Placed<T>>, key: K, what: T, offset: number): void {
  const entry = placed.get(key)
  if (entry === undefined) placed.set(key, { what, offsets: [offset] })
  else entry.offsets.push(offset)
}

function ascending(numbers: number[]): readonly number[] {
  return numbers.sort((a, b) => a - b)
}
