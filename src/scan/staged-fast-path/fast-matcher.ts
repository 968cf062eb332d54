/** Decides quickly whether the bytes of a staged file need the full detector. */
import { chunksOf } from '../detect/chunks.ts'
import { searchPattern } from '../detect/search.ts'
import { createPrefilter } from '../detect/prefilter.ts'
import { searchEntries } from '../entries/search-entries.ts'
import { DecodedSearch } from '../decode/decoders.ts'
import type { Chunk, SourceBlob } from '../../model/model.ts'
import { compilePattern } from '../../rules/token-border.ts'
import type { WasmInstance } from '../../git/wasm/instantiate.ts'
import type { DecodedSearchPlan, RuleTable, TableKeyword, TablePattern } from './rule-table.ts'

interface CompiledPattern extends Pick<TablePattern, 'window' | 'entry'> {
  readonly pattern: RegExp
}

const NO_PATTERN: TablePattern = { source: '', flags: 'dg', window: 0 }
const NO_SEARCHES: Pick<TableKeyword, 'patterns' | 'decodedSearches'> = {
  patterns: [],
  decodedSearches: [],
}

/**
 * Decides whether any rule matches in a small blob, with the same answer as `RuleMatcher`, which
 * takes whole rules. Built from a table of plain data, it is ready at once, and it compiles a
 * pattern only when one of the pattern's keywords occurs.
 */
export class FastMatcher {
  readonly #table: RuleTable
  readonly #findKeywords: (bytes: Uint8Array, hits: number[]) => void
  readonly #patterns = new Map<number, CompiledPattern>()
  readonly #decodedSearches = new Map<number, DecodedSearch>()

  constructor(table: RuleTable, instance?: WasmInstance) {
    this.#table = table
    this.#findKeywords = createPrefilter(table.keywords, { grams: table.grams, instance }).search
  }

  /** True when no rule matches anything in the blob. */
  isQuiet(blob: SourceBlob): boolean {
    for (const chunk of chunksOf(blob)) if (this.#hasMatch(chunk)) return false
    return true
  }

  #hasMatch(chunk: Chunk): boolean {
    const hits: number[] = []
    this.#findKeywords(chunk.bytes, hits)
    if (hits.length === 0) return false
    const { byPattern, byDecodedSearch } = groupHits(hits, this.#table.keywords)
    for (const [index, offsets] of byPattern)
      if (hasSighting(chunk, this.#pattern(index), offsets)) return true
    for (const { plan, offsets } of byDecodedSearch.values())
      if (this.#decodedSearch(plan.rule).search(chunk, offsets, plan).length > 0) return true
    return false
  }

  #pattern(index: number): CompiledPattern {
    const compiled = this.#patterns.get(index)
    if (compiled !== undefined) return compiled
    const { source, flags, ...rest } = this.#table.patterns[index] ?? NO_PATTERN
    const pattern = { pattern: compilePattern(source, flags), ...rest }
    this.#patterns.set(index, pattern)
    return pattern
  }

  #decodedSearch(rule: number): DecodedSearch {
    const built = this.#decodedSearches.get(rule)
    if (built !== undefined) return built
    const decodedSearch = new DecodedSearch({
      parts: (this.#table.decodedRules[rule] ?? []).map(({ keywords, role, pattern }) => ({
        keywords,
        role,
        ...this.#pattern(pattern),
      })),
    })
    this.#decodedSearches.set(rule, decodedSearch)
    return decodedSearch
  }
}

function hasSighting(
  chunk: Chunk,
  { entry, ...part }: CompiledPattern,
  offsets: readonly number[],
): boolean {
  const sightings =
    entry === undefined
      ? searchPattern(chunk, part, offsets)
      : searchEntries(chunk, { ...part, entry }, offsets)
  return sightings.next().done !== true
}

interface DecodedSearchHits {
  readonly plan: DecodedSearchPlan
  readonly offsets: number[]
}

/** Ascending offsets of keywords, grouped by the search that runs near them. */
interface GroupedHits {
  readonly byPattern: ReadonlyMap<number, readonly number[]>
  readonly byDecodedSearch: ReadonlyMap<string, DecodedSearchHits>
}

/** Groups `hits`, a flat list of keyword index and offset pairs in any order. */
function groupHits(hits: readonly number[], keywords: readonly TableKeyword[]): GroupedHits {
  const byPattern = new Map<number, number[]>()
  const byDecodedSearch = new Map<string, DecodedSearchHits>()
  for (let at = 0; at < hits.length; at += 2) {
    const { patterns, decodedSearches } = keywords[hits[at] ?? -1] ?? NO_SEARCHES
    const offset = hits[at + 1] ?? 0
    for (const pattern of patterns) {
      const offsets = byPattern.get(pattern)
      if (offsets === undefined) byPattern.set(pattern, [offset])
      else offsets.push(offset)
    }
    for (const plan of decodedSearches) {
      const key = `${plan.rule} ${plan.radius} ${plan.isBase64}`
      const group = byDecodedSearch.get(key)
      if (group === undefined) byDecodedSearch.set(key, { plan, offsets: [offset] })
      else group.offsets.push(offset)
    }
  }
  for (const offsets of byPattern.values()) offsets.sort((a, b) => a - b)
  for (const { offsets } of byDecodedSearch.values()) offsets.sort((a, b) => a - b)
  return { byPattern, byDecodedSearch }
}
