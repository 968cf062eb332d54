// The prefilter: one search for the keywords of all rules. Patterns run only around keywords.
import type { Keyword } from '../../model/rule.ts'
import { instantiate, type WasmInstance } from '../../git/wasm/instantiate.ts'
import { BEFORE_TOKEN } from '../../rules/token-border.ts'
import { standsBeside } from './beside.ts'
import { GRAM_BYTES } from './grams.ts'
import {
  type Grams,
  gramAt,
  gramsOf,
  indexOwners,
  isKeywordAt,
  type KeywordBytes,
  toKeywordBytes,
} from './keyword-bytes.ts'

/** Bytes that are copied to WebAssembly's memory at once. */
const MAX_SLICE_BYTES = 4 << 20
/** Bytes behind a slice that the WebAssembly search may read. */
const PADDING = 32

/** Finds all keywords of all rules in one pass over bytes. */
export interface Prefilter {
  /**
   * Appends a pair of numbers to `hits` for each occurrence of a keyword, in no order: the keyword,
   * by its place in the list the prefilter was made of, and the offset of its first byte.
   */
  search(bytes: Uint8Array, hits: number[]): void
  /**
   * Makes the prefilter search bytes in the memory of this instance in place. Other bytes it copies
   * to the memory of its own instance.
   */
  shareMemory(instance: WasmInstance): void
}

interface PrefilterOptions {
  /** The result of `gramsOf` for the keywords, when it is already computed. */
  readonly grams?: Grams
  /** An instance that nothing else uses during a search. */
  readonly instance?: WasmInstance | undefined
}

/**
 * Creates a prefilter that searches for the rarest four bytes of each keyword in WebAssembly
 * (assembly/prefilter.ts) and compares the whole keyword around them. Twin: `slowPrefilter`, which
 * also serves where WebAssembly has no vectors.
 */
export function createPrefilter(
  keywords: readonly Keyword[],
  { grams = gramsOf(keywords), instance = instantiate() }: PrefilterOptions = {},
): Prefilter {
  if (instance === undefined) return slowPrefilter(keywords)
  const slicesAt = instance.loops.firstFree()
  const search = searchFor(keywords, grams)
  addGrams(instance, grams)
  let shared: WasmInstance | undefined
  return {
    shareMemory(sharedInstance) {
      addGrams(sharedInstance, grams)
      shared = sharedInstance
    },
    search(bytes, hits) {
      if (bytes.buffer === shared?.memory().buffer) {
        const [from, to] = [bytes.byteOffset, bytes.byteOffset + bytes.length]
        search(shared, { bytes, offset: 0, from, to }, hits)
        return
      }
      const step = MAX_SLICE_BYTES - GRAM_BYTES + 1
      for (let offset = 0; offset + GRAM_BYTES <= bytes.length; offset += step) {
        const slice = bytes.subarray(offset, offset + MAX_SLICE_BYTES)
        reserve(instance, slicesAt + slice.length + PADDING)
        instance.memory().set(slice, slicesAt)
        search(instance, { bytes, offset, from: slicesAt, to: slicesAt + slice.length }, hits)
      }
    },
  }
}

/** A slice of `bytes` that begins at `offset` and stands at `[from, to)` in WebAssembly's memory. */
interface Slice {
  readonly bytes: Uint8Array
  readonly offset: number
  readonly from: number
  readonly to: number
}

function searchFor(
  keywords: readonly Keyword[],
  grams: Grams,
): (instance: WasmInstance, slice: Slice, hits: number[]) => void {
  const ownersOf = indexOwners(grams)
  const converted = new Map<number, KeywordBytes>()
  const bytesOf = (place: number): KeywordBytes | undefined => {
    const keyword = keywords[place]
    if (keyword !== undefined && !converted.has(place))
      converted.set(place, toKeywordBytes(keyword))
    return converted.get(place)
  }
  return ({ loops, memory }, { bytes, offset, from, to }, hits) => {
    for (let start = from; start < to; start = loops.resumeAt()) {
      const count = loops.findCandidates(start, to)
      if (count === 0) continue
      const candidates = new Uint32Array(memory().buffer, loops.candidateOffsets(), count)
      for (let index = 0; index < count; index += 1) {
        const gramOffset = offset + start - from + (candidates[index] ?? 0)
        for (const owner of ownersOf(gramAt(bytes, gramOffset))) {
          const keywordOffset = gramOffset - owner.offset
          if (
            isKeywordAt(bytesOf(owner.keyword), bytes, keywordOffset) &&
            counts(keywords[owner.keyword], bytes, keywordOffset)
          )
            hits.push(owner.keyword, keywordOffset)
        }
      }
    }
  }
}

/** True unless something must stand beside the keyword at `offset` and does not. */
function counts(keyword: Keyword | undefined, bytes: Uint8Array, offset: number): boolean {
  return (
    keyword?.beside === undefined ||
    standsBeside(keyword.beside, bytes, offset + keyword.text.length)
  )
}

/** Adds grams to an instance. It reads them from memory that later holds the bytes to search. */
function addGrams(instance: WasmInstance, { grams, codes }: Grams): void {
  const at = instance.loops.firstFree()
  reserve(instance, at + Int32Array.BYTES_PER_ELEMENT * grams.length)
  for (const code of new Set(codes)) {
    const ofCode = grams.filter((_, index) => codes[index] === code)
    new Int32Array(instance.memory().buffer, at, ofCode.length).set(ofCode)
    instance.loops.addGrams(at, ofCode.length, code)
  }
}

function reserve(instance: WasmInstance, end: number): void {
  if (!instance.reserve(end, Infinity)) throw new RangeError('not enough memory to search in')
}

const quoted = (text: string): string => text.replaceAll(/[^A-Za-z0-9]/g, '\\$&')
const border = `(?<=[${quoted(BEFORE_TOKEN)}])`

/** Creates the plain prefilter that defines `createPrefilter`: it searches keyword by keyword. */
export function slowPrefilter(keywords: readonly Keyword[]): Prefilter {
  return {
    shareMemory() {},
    search(bytes, hits) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
      keywords.forEach((keyword, index) => {
        const literal = new RegExp(
          `${keyword.isStart ? border : ''}${quoted(keyword.text)}`,
          keyword.ignoreCase ? 'gi' : 'g',
        )
        for (let match = literal.exec(text); match !== null; match = literal.exec(text)) {
          if (counts(keyword, bytes, match.index)) hits.push(index, match.index)
          literal.lastIndex = match.index + 1
        }
      })
    },
  }
}
