import { chunksOf } from '../detect/chunks.ts'
import { search } from '../detect/search.ts'
import { createPrefilter } from '../detect/prefilter.ts'
import { DecodedSearch } from '../decode/decoders.ts'
import type { Chunk, SourceBlob } from '../../model/model.ts'
import type { WasmInstance } from '../../git/wasm/instantiate.ts'
import type { TableKeyword, RuleTable } from './rule-table.ts'

type Pattern = Readonly<Record<'pattern', RegExp> & Record<'window', number>>

/**
 * Tells of a small blob whether any rule sees something in it, as `Scout` does with whole rules:
 * made of data, it is ready at once, and compiles no pattern whose keyword is not there.
 */
export class FastMatcher {
  readonly #marks: RuleTable
  readonly #search: (bytes: Uint8Array, hits: number[]) => void
  readonly #patterns = new Map<number, Pattern>()
  readonly #views = new Map<number, DecodedSearch>()

  constructor(marks: RuleTable, instance?: WasmInstance) {
    this.#marks = marks
    this.#search = createPrefilter(marks.keywords, { grams: marks.grams, instance }).search
  }

  /** Is there nothing in it? */
  isQuiet(blob: SourceBlob): boolean {
    for (const chunk of chunksOf(blob)) if (this.#sees(chunk)) return false
    return true
  }

  #sees(chunk: Chunk): boolean {
    const hits: number[] = []
    this.#search(chunk.bytes, hits)
    if (hits.length === 0) return false
    const { byPattern, byView } = sorted(hits, this.#marks.keywords)
    for (const [index, offsets] of byPattern)
      if (search(chunk, this.#pattern(index), offsets).length > 0) return true
    for (const { view, offsets } of byView.values())
      if (this.#view(view.rule).sightings(chunk, offsets, view).length > 0) return true
    return false
  }

  #pattern(index: number): Pattern {
    const known = this.#patterns.get(index)
    if (known !== undefined) return known
    const { source, flags, window } = this.#marks.patterns[index] ?? {
      source: '',
      flags: 'dg',
      window: 0,
    }
    const made = { pattern: new RegExp(source, flags), window }
    this.#patterns.set(index, made)
    return made
  }

  #view(rule: number): DecodedSearch {
    const known = this.#views.get(rule)
    if (known !== undefined) return known
    const made = new DecodedSearch({
      parts: (this.#marks.viewRules[rule] ?? []).map(({ keywords, role, pattern }) => ({
        keywords,
        role,
        ...this.#pattern(pattern),
      })),
    })
    this.#views.set(rule, made)
    return made
  }
}

type View = TableKeyword['views'][number]

interface Sorted {
  /** Ascending offsets of its keywords, by pattern. */
  readonly byPattern: ReadonlyMap<number, readonly number[]>
  readonly byView: ReadonlyMap<string, { readonly view: View; readonly offsets: readonly number[] }>
}

/** Pairs of keyword and offset, in no order. */
function sorted(hits: readonly number[], keywords: readonly TableKeyword[]): Sorted {
  const byPattern = new Map<number, number[]>()
  const byView = new Map<string, { readonly view: View; readonly offsets: number[] }>()
  for (let at = 0; at < hits.length; at += 2) {
    const { patterns, views } = keywords[hits[at] ?? -1] ?? { patterns: [], views: [] }
    const offset = hits[at + 1] ?? 0
    for (const pattern of patterns) {
      const offsets = byPattern.get(pattern)
      if (offsets === undefined) byPattern.set(pattern, [offset])
      else offsets.push(offset)
    }
    for (const view of views) {
      const key = `${view.rule} ${view.bytes} ${view.encoded}`
      const known = byView.get(key)
      if (known === undefined) byView.set(key, { view, offsets: [offset] })
      else known.offsets.push(offset)
    }
  }
  for (const offsets of byPattern.values()) offsets.sort((a, b) => a - b)
  for (const { offsets } of byView.values()) offsets.sort((a, b) => a - b)
  return { byPattern, byView }
}
