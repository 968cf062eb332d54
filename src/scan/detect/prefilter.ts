import type { Keyword } from '../../model/rule.ts'
import { instantiate, type WasmInstance } from '../../git/wasm/instantiate.ts'
import { GRAM } from './grams.ts'
import {
  bytesOf,
  type Grams,
  gramAt,
  gramsOf,
  type KeywordBytes,
  ownersIn,
  stands,
} from './keyword-bytes.ts'

/** Bytes that are copied to WebAssembly's memory at once. */
const SLICE = 4 << 20
/** Bytes behind those searched that are read, and mean nothing. */
const PADDING = 32

/** Finds all keywords of all rules in one pass over bytes. */
export interface Prefilter {
  /**
   * Fills `hits` with pairs of numbers, in no order: which keyword (its place in the list it was
   * made of), and the offset of its first byte.
   */
  search(bytes: Uint8Array, hits: number[]): void
  /**
   * Lets it search bytes where they stand that lie in the memory of this instance; others it copies
   * to its own.
   */
  settleIn(instance: WasmInstance): void
}

/** What may be known already where a prefilter is made. */
interface Known {
  /** Those of the keywords, as `gramsOf` gives them. */
  readonly grams?: Grams
  /** Memory and loops that nothing else uses while it searches. */
  readonly instance?: WasmInstance | undefined
}

/**
 * Looks for the rarest four bytes of each keyword (assembly/prefilter.ts), and then for the whole
 * keyword around them. Twin: `slowPrefilter`, which also stands in where WebAssembly lacks vectors.
 */
export function createPrefilter(
  keywords: readonly Keyword[],
  { grams = gramsOf(keywords), instance = instantiate() }: Known = {},
): Prefilter {
  if (instance === undefined) return slowPrefilter(keywords)
  const room = instance.loops.firstFree()
  const search = searchFor(keywords, grams)
  teach(instance, grams)
  let settled: WasmInstance | undefined
  return {
    settleIn(other) {
      teach(other, grams)
      settled = other
    },
    search(bytes, hits) {
      if (bytes.buffer === settled?.memory().buffer) {
        search(
          settled,
          { bytes, offset: 0, from: bytes.byteOffset, to: bytes.byteOffset + bytes.length },
          hits,
        )
        return
      }
      for (let offset = 0; offset + GRAM <= bytes.length; offset += SLICE - GRAM + 1) {
        const slice = bytes.subarray(offset, offset + SLICE)
        if (!instance.reserve(room + slice.length + PADDING, Infinity))
          throw new RangeError('there is no memory to search in')
        instance.memory().set(slice, room)
        search(instance, { bytes, offset, from: room, to: room + slice.length }, hits)
      }
    },
  }
}

/**
 * Part of some bytes, from `offset` on, that stands in an instance's memory from `from` up to `to`.
 */
interface Part {
  readonly bytes: Uint8Array
  readonly offset: number
  readonly from: number
  readonly to: number
}

function searchFor(
  keywords: readonly Keyword[],
  grams: Grams,
): (instance: WasmInstance, part: Part, hits: number[]) => void {
  const ownersOf = ownersIn(grams)
  const texts = new Map<number, KeywordBytes>()
  const textOf = (keyword: number): KeywordBytes | undefined => {
    const given = keywords[keyword]
    if (given !== undefined && !texts.has(keyword)) texts.set(keyword, bytesOf(given))
    return texts.get(keyword)
  }
  return ({ loops, memory }, { bytes, offset, from, to }, hits) => {
    for (let start = from; start < to; start = loops.resumeAt()) {
      const count = loops.findCandidates(start, to)
      if (count === 0) continue
      const places = new Uint32Array(memory().buffer, loops.candidateOffsets(), count)
      for (let index = 0; index < count; index += 1) {
        const place = offset + start - from + (places[index] ?? 0)
        for (const { keyword, at } of ownersOf(gramAt(bytes, place))) {
          if (stands(textOf(keyword), bytes, place - at)) hits.push(keyword, place - at)
        }
      }
    }
  }
}

/** Says which grams are searched for. They are read from where bytes to search come later. */
function teach(instance: WasmInstance, { grams }: Grams): void {
  const room = instance.loops.firstFree()
  if (!instance.reserve(room + Int32Array.BYTES_PER_ELEMENT * grams.length, Infinity))
    throw new RangeError('there is no memory to search in')
  new Int32Array(instance.memory().buffer, room, grams.length).set(grams)
  instance.loops.addGrams(room, grams.length)
}

/** What `createPrefilter` means: every keyword looked for by itself. */
export function slowPrefilter(keywords: readonly Keyword[]): Prefilter {
  return {
    settleIn() {},
    search(bytes, hits) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
      keywords.forEach((keyword, index) => {
        const literal = new RegExp(
          keyword.text.replaceAll(/[^A-Za-z0-9]/g, '\\$&'),
          keyword.ignoreCase ? 'gi' : 'g',
        )
        for (let found = literal.exec(text); found !== null; found = literal.exec(text)) {
          hits.push(index, found.index)
          literal.lastIndex = found.index + 1
        }
      })
    },
  }
}
