import type { Keyword } from '../rule.ts'
import { GRAM } from './grams.ts'
import { bytesOf, gramAt, type KeywordBytes, ownersIn, ownersOf, stands } from './keyword-bytes.ts'
import type { Prefilter } from './prefilter.ts'

/** Bits of a gram's hash. */
const HASH_BITS = 13
const GOLDEN = 0x9e37_79b1

/**
 * The prefilter for a few small blobs: one table and a plain loop, ready at once, where the other one takes longer to set up than
 * these take to search. Finds the same. `grams`: those of the keywords, if they are known.
 */
export function tablePrefilter(keywords: readonly Keyword[], grams?: readonly (readonly [gram: number, keyword: number, at: number])[]): Prefilter {
  const owners = grams === undefined ? ownersOf(keywords) : ownersIn(grams)
  const table = new Uint8Array(1 << HASH_BITS)
  for (const gram of owners.keys()) table[Math.imul(gram, GOLDEN) >>> (32 - HASH_BITS)] = 1
  const texts = new Map<number, KeywordBytes>()
  const textOf = (keyword: number): KeywordBytes | undefined => {
    const given = keywords[keyword]
    if (!texts.has(keyword) && given !== undefined) texts.set(keyword, bytesOf(given))
    return texts.get(keyword)
  }
  return {
    search(bytes, hits) {
      let gram = gramAt(bytes, 0)
      for (let end = GRAM; end <= bytes.length; end += 1) {
        if (table[Math.imul(gram, GOLDEN) >>> (32 - HASH_BITS)] === 1) {
          for (const { keyword, at } of owners.get(gram) ?? []) if (stands(textOf(keyword), bytes, end - GRAM - at)) hits.push(keyword, end - GRAM - at)
        }
        gram = (gram >>> 8) | ((bytes[end] ?? 0) << 24)
      }
    },
  }
}
