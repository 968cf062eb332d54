// The matcher of all rules: it finds their keywords in a chunk and runs their patterns there.
import type { Chunk } from '../../model/model.ts'
import type { Keyword, Rule, RulePart } from '../../model/rule.ts'
import { DecodedSearch } from '../decode/decoders.ts'
import {
  type DecodePlan,
  type IndexedKeyword,
  keywordIndexOf,
  matchRadiusOfKeyword,
  type PatternOfRule,
} from './keyword-index.ts'
import { type Layout, layoutAt } from './layout.ts'
import type { Prefilter } from './prefilter.ts'
import { type EntrySighting, searchEntries } from '../entries/search-entries.ts'
import { searchPattern, type Sighting } from './search.ts'

/** A secret that a part of a rule found in a chunk. Offsets are the chunk's. */
export interface FoundSighting extends PatternOfRule {
  readonly sighting: Sighting | EntrySighting
  /** Names of the steps that decoded the text; empty where the secret stands as it is. */
  readonly steps: readonly string[]
  /** Reads the structure around the secret. Its offsets are the blob's. */
  readonly layout: () => Layout
}

export class RuleMatcher {
  readonly #index: readonly IndexedKeyword[]
  /** The match radius of each keyword. */
  readonly #radii: readonly number[]
  readonly #prefilter: Prefilter
  readonly #decodedSearches: ReadonlyMap<Rule, DecodedSearch<RulePart>>

  constructor(
    rules: readonly Rule[],
    createPrefilter: (keywords: readonly Keyword[]) => Prefilter,
  ) {
    this.#index = keywordIndexOf(rules)
    this.#radii = this.#index.map(matchRadiusOfKeyword)
    this.#prefilter = createPrefilter(this.#index.map(({ keyword }) => keyword))
    this.#decodedSearches = new Map(
      rules.filter((rule) => rule.views).map((rule) => [rule, new DecodedSearch(rule)]),
    )
  }

  /** Returns the occurrences of keywords, as `Prefilter.search` does. Most objects have none. */
  findKeywords(bytes: Uint8Array): readonly number[] {
    const hits: number[] = []
    this.#prefilter.search(bytes, hits)
    return hits
  }

  /** Returns the largest match radius of these occurrences, in bytes of a chunk; 0 for none. */
  maxRadius(hits: readonly number[]): number {
    let max = 0
    for (let at = 0; at < hits.length; at += 2)
      max = Math.max(max, this.#radii[hits[at] ?? -1] ?? 0)
    return max
  }

  /**
   * Yields the secrets that stand as they are, then those in decoded text. A secret may be in both
   * lists.
   */
  *match(
    chunk: Chunk,
    hits: readonly number[] = this.findKeywords(chunk.bytes),
  ): Generator<FoundSighting> {
    if (hits.length === 0) return
    const { patterns, decodePlans } = this.#groupHits(hits)
    for (const { target, offsets } of patterns.values()) {
      for (const sighting of searchPart(chunk, target.part, ascending(offsets))) {
        yield {
          ...target,
          sighting,
          steps: [],
          layout: () => layoutAt(chunk.bytes, sighting.start, chunk.toBlob),
        }
      }
    }
    for (const [rule, plansOfRule] of decodePlans) {
      const search = this.#decodedSearches.get(rule)
      for (const { target, offsets } of plansOfRule.values())
        for (const decoded of search?.search(chunk, ascending(offsets), target) ?? [])
          yield { ...decoded, rule }
    }
  }

  /** Returns the offsets of keywords for each pattern and each decode plan. */
  #groupHits(hits: readonly number[]): {
    readonly patterns: Map<RulePart, HitGroup<PatternOfRule>>
    readonly decodePlans: Map<Rule, Map<string, HitGroup<DecodePlan>>>
  } {
    const patterns = new Map<RulePart, HitGroup<PatternOfRule>>()
    const decodePlans = new Map<Rule, Map<string, HitGroup<DecodePlan>>>()
    for (let at = 0; at < hits.length; at += 2) {
      const indexed = this.#index[hits[at] ?? -1]
      const offset = hits[at + 1] ?? 0
      for (const pattern of indexed?.patterns ?? [])
        addToGroup(patterns, pattern.part, pattern, offset)
      for (const plan of indexed?.decodePlans ?? []) {
        const ofRule = decodePlans.get(plan.rule) ?? new Map<string, HitGroup<DecodePlan>>()
        decodePlans.set(plan.rule, ofRule)
        addToGroup(ofRule, `${plan.radius} ${plan.isBase64}`, plan, offset)
      }
    }
    return { patterns, decodePlans }
  }
}

/** Runs a part's pattern, or its reader of entries, around ascending offsets. */
function searchPart(
  chunk: Chunk,
  part: RulePart,
  offsets: readonly number[],
): Iterable<Sighting | EntrySighting> {
  const { entry } = part
  return entry === undefined
    ? searchPattern(chunk, part, offsets)
    : searchEntries(chunk, { ...part, entry }, offsets)
}

/** A pattern or decode plan, and the offsets of all keywords that call for it. */
interface HitGroup<T> {
  readonly target: T
  readonly offsets: number[]
}

function addToGroup<K, T>(groups: Map<K, HitGroup<T>>, key: K, target: T, offset: number): void {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, { target, offsets: [offset] })
  else group.offsets.push(offset)
}

function ascending(numbers: number[]): readonly number[] {
  return numbers.sort((a, b) => a - b)
}
