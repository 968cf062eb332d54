import type { Keyword } from '../model.ts'

const GRAM = 4
const COMMON = 'etaoinshrdlucmfpgwyb_. -'

/** Finds all keywords of all rules in one pass over bytes. */
export interface Prefilter {
  /**
   * Fills `hits` with pairs of numbers: which keyword (its place in the list it was made of), and the offset of its
   * first byte; in the order of the offsets' last looked-at bytes. Bytes are read once, most of them not at all.
   */
  search(bytes: Uint8Array, hits: number[]): void
}

/**
 * Wu and Manber's search: of every keyword four bytes are chosen, and a table says for any two bytes how far the end of
 * such a four can be at least, so that in ordinary text three of four bytes are stepped over. Twin: `slowPrefilter`.
 */
export function createPrefilter(keywords: readonly Keyword[]): Prefilter {
  const shift = new Uint8Array(65_536).fill(GRAM - 1)
  const starts = new Uint8Array(65_536)
  const byGram = new Map<number, { readonly keyword: number; readonly at: number }[]>()
  keywords.forEach((keyword, index) => {
    const at = rarestGram(keyword.text)
    for (const gram of spellings(keyword.text.slice(at, at + GRAM), keyword.ignoreCase)) {
      const [a = 0, b = 0, c = 0, d = 0] = gram
      shift[(c << 8) | d] = 0
      lower(shift, (b << 8) | c, 1)
      lower(shift, (a << 8) | b, 2)
      starts[(a << 8) | b] = 1
      const number = (a << 24) | (b << 16) | (c << 8) | d
      byGram.set(number, [...(byGram.get(number) ?? []), { keyword: index, at }])
    }
  })
  const texts = keywords.map((keyword) => bytesOf(keyword))

  return {
    search(bytes, hits) {
      for (let end = GRAM - 1; end < bytes.length; ) {
        const c = bytes[end - 1] ?? 0
        const d = bytes[end] ?? 0
        const step = shift[(c << 8) | d] ?? 1
        if (step > 0) {
          end += step
          continue
        }
        const a = bytes[end - 3] ?? 0
        const b = bytes[end - 2] ?? 0
        if (starts[(a << 8) | b] === 1) {
          for (const { keyword, at } of byGram.get((a << 24) | (b << 16) | (c << 8) | d) ?? []) {
            const start = end - (GRAM - 1) - at
            if (stands(texts[keyword], bytes, start)) hits.push(keyword, start)
          }
        }
        end += 1
      }
    },
  }
}

/** What `createPrefilter` means: every keyword looked for by itself. */
export function slowPrefilter(keywords: readonly Keyword[]): Prefilter {
  return {
    search(bytes, hits) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
      keywords.forEach((keyword, index) => {
        const literal = new RegExp(keyword.text.replaceAll(/[^A-Za-z0-9]/g, '\\$&'), keyword.ignoreCase ? 'gi' : 'g')
        for (let found = literal.exec(text); found !== null; found = literal.exec(text)) {
          hits.push(index, found.index)
          literal.lastIndex = found.index + 1
        }
      })
    },
  }
}

interface KeywordBytes {
  readonly bytes: Uint8Array
  /** Per byte: 0x20 where upper and lower case are the same, else 0. */
  readonly fold: Uint8Array
}

function bytesOf(keyword: Keyword): KeywordBytes {
  const fold = Uint8Array.from(keyword.text, (char) => (keyword.ignoreCase && /[A-Za-z]/.test(char) ? 0x20 : 0))
  return { bytes: Uint8Array.from(keyword.text, (char, at) => char.charCodeAt(0) | (fold[at] ?? 0)), fold }
}

function stands(keyword: KeywordBytes | undefined, bytes: Uint8Array, start: number): boolean {
  if (keyword === undefined || start < 0 || start + keyword.bytes.length > bytes.length) return false
  for (let at = 0; at < keyword.bytes.length; at += 1) {
    if (((bytes[start + at] ?? 0) | (keyword.fold[at] ?? 0)) !== keyword.bytes[at]) return false
  }
  return true
}

/** Where in the keyword the four bytes begin that ordinary text has least. */
function rarestGram(text: string): number {
  let best = 0
  let least = Infinity
  for (let at = 0; at + GRAM <= text.length; at += 1) {
    const cost = Array.from(text.slice(at, at + GRAM)).reduce((sum, char) => {
      const rank = COMMON.indexOf(char)
      return sum + (rank < 0 ? 0 : COMMON.length - rank)
    }, 0)
    if (cost < least) {
      least = cost
      best = at
    }
  }
  return best
}

/** Every way to write four characters in upper and lower case, as bytes. */
function spellings(gram: string, ignoreCase: boolean): readonly (readonly number[])[] {
  return [...gram].reduce<readonly (readonly number[])[]>(
    (heads, char) => {
      const cases = ignoreCase ? new Set([char.toLowerCase(), char.toUpperCase()]) : [char]
      return heads.flatMap((head) => [...cases].map((spelling) => [...head, spelling.charCodeAt(0)]))
    },
    [[]],
  )
}

function lower(table: Uint8Array, at: number, value: number): void {
  table[at] = Math.min(table[at] ?? value, value)
}
