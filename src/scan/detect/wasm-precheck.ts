import type { WasmInstance } from '../../git/wasm/instantiate.ts'
import { type IndexedKeyword, matchRadiusOfKeyword } from './keyword-index.ts'
import { bytesOf, type Grams } from './keyword-bytes.ts'
import { type RequiredChars, requiredCharsOf } from './required-chars.ts'
import type { Prefilter } from './prefilter.ts'
import { DECODE_MARGIN } from '../decode/decode-margin.ts'

/** To find out what patterns need takes longer than to be asked about a keyword so often. */
const SELDOM = 16

/** What is handed over with a keyword is in two halves of so many bytes. */
const HALF = 256

/**
 * Tells the loops what has to stand around a keyword for something to be seen there
 * (assembly/gate.ts), so that they need not ask: at first nothing, and then more of those keywords
 * that they ask about.
 */
export class WasmPrecheck {
  readonly #anchors: readonly IndexedKeyword[]
  readonly #grams: Grams
  readonly #saidOf: (reach: number) => number
  readonly #asked: Uint32Array
  #instance: WasmInstance | undefined

  /**
   * `saidOf`: what a sieve says where nothing is seen, by how far keywords reach; no less where
   * they reach farther.
   */
  constructor(anchors: readonly IndexedKeyword[], grams: Grams, saidOf: (reach: number) => number) {
    this.#anchors = anchors
    this.#grams = grams
    this.#saidOf = saidOf
    this.#asked = new Uint32Array(anchors.length)
  }

  /** Teaches an instance, in whose memory bytes will be looked at. */
  settleIn(instance: WasmInstance): void {
    const { loops } = instance
    const room = loops.handed()
    loops.forgetKeywords()
    for (const anchor of this.#anchors) {
      const { bytes, fold } = bytesOf(anchor.keyword)
      instance.memory().set(bytes.subarray(0, HALF), room)
      instance.memory().set(fold.subarray(0, HALF), room + HALF)
      loops.addKeyword(bytes.length, this.#saidOf(matchRadiusOfKeyword(anchor)))
    }
    const { grams, keywords, offsets } = this.#grams
    for (const [at, gram] of grams.entries())
      loops.addOwner(gram, keywords[at] ?? 0, offsets[at] ?? 0)
    this.#asked.fill(0)
    this.#instance = instance
  }

  /** Hears for which keywords it was asked, as pairs of them and their places. */
  hear(hits: readonly number[]): void {
    const instance = this.#instance
    if (instance === undefined) return
    for (let at = 0; at < hits.length; at += 2) {
      const keyword = hits[at] ?? 0
      const asked = (this.#asked[keyword] ?? 0) + 1
      this.#asked[keyword] = asked
      if (asked === SELDOM) this.#learn(instance, keyword)
    }
  }

  #learn({ loops, memory }: WasmInstance, keyword: number): void {
    const { patterns, views } = this.#anchors[keyword] ?? { patterns: [], views: [] }
    const needs = patterns.map(({ part }) => ({
      need: requiredCharsOf(part.pattern),
      window: part.window,
    }))
    if (views.some(({ encoded }) => encoded) || needs.some(({ need }) => need === 'nothing')) return
    loops.beginNeeds(keyword, Math.max(0, ...views.map(({ bytes }) => bytes + DECODE_MARGIN)))
    for (const { need, window } of needs) {
      if (need === 'nothing') continue
      memory().set(charsOf(need), loops.handed())
      loops.addNeed(keyword, need.length, window, need.before !== undefined)
    }
  }
}

/**
 * A prefilter that tells a gate what is looked closer at, and takes it along where bytes will lie.
 */
export function gated(prefilter: Prefilter, gate: WasmPrecheck): Prefilter {
  return {
    search(bytes, hits) {
      prefilter.search(bytes, hits)
      gate.hear(hits)
    },
    settleIn(instance) {
      prefilter.settleIn(instance)
      gate.settleIn(instance)
    },
  }
}

/** For each byte what it can be, as assembly/gate.ts has it. */
function charsOf({ run, before, glue, among = run }: RequiredChars): Uint8Array {
  return run.map(
    (is, char) =>
      is | (2 * (before?.[char] ?? 0)) | (4 * (glue[char] ?? 0)) | (8 * (among[char] ?? 0)),
  )
}
