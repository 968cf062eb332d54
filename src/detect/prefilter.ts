import type { Keyword } from '../rule.ts'

/** Characters of source text, the most frequent first: what is not among them is rare. */
const COMMON = ' etaoinsrlcdumpfg_h.-/":0b1(),=y2v;k3>4'

const NOBODY: Owner[] = []

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Finds all keywords of all rules in one pass over bytes. */
export interface Prefilter {
  /** Fills `hits` with pairs of numbers, in no order: which keyword (its place in the list it was made of), and the offset of its first byte. */
  search(bytes: Uint8Array, hits: number[]): void
}

/** A keyword that has two given bytes at `at`. */
interface Owner {
  readonly keyword: number
  readonly at: number
}

/**
 * Looks at every second place only, at two bytes together: of each keyword the rarest two bytes at an even and at an odd
 * offset are chosen, so that one of both pairs is met wherever the keyword begins. Loads do not depend on each other, which
 * makes this faster than algorithms that skip. Twin: `slowPrefilter`.
 */
export function createPrefilter(keywords: readonly Keyword[]): Prefilter {
  const marks = new Uint8Array(65_536)
  const owners: Owner[][] = Array.from({ length: 65_536 }, () => NOBODY)
  keywords.forEach(({ text, ignoreCase }, keyword) => {
    for (const at of [rarestPair(text, 0), rarestPair(text, 1)]) {
      for (const pair of spellings(text.slice(at, at + 2), ignoreCase)) {
        marks[pair] = 1
        owners[pair] = [...(owners[pair] ?? NOBODY), { keyword, at }]
      }
    }
  })
  const texts = keywords.map(bytesOf)

  return {
    search(bytes, hits) {
      const lead = bytes.byteOffset % 2
      const pairs = new Uint16Array(bytes.buffer, bytes.byteOffset + lead, Math.max(0, (bytes.length - lead) >> 1))
      for (let place = nextMark(pairs, marks, 0); place < pairs.length; place = nextMark(pairs, marks, place + 1)) {
        for (const { keyword, at } of owners[pairs[place] ?? 0] ?? NOBODY) {
          const start = lead + 2 * place - at
          if (stands(texts[keyword], bytes, start)) hits.push(keyword, start)
        }
      }
    },
  }
}

/** The next place from `from` on with a marked pair, or the end. The hot loop of a scan: four places at a time. */
function nextMark(pairs: Uint16Array, marks: Uint8Array, from: number): number {
  const end = pairs.length
  let at = from
  for (const last = end - 3; at < last; at += 4) {
    const any = (marks[pairs[at] ?? 0] ?? 0) | (marks[pairs[at + 1] ?? 0] ?? 0) | (marks[pairs[at + 2] ?? 0] ?? 0) | (marks[pairs[at + 3] ?? 0] ?? 0)
    if (any !== 0) break
  }
  while (at < end && marks[pairs[at] ?? 0] === 0) at += 1
  return at
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

/** Where in the keyword, at an even or odd offset, two bytes stand that ordinary text has least. */
function rarestPair(text: string, parity: number): number {
  let best = parity
  let rarest = -1
  for (let at = parity; at + 2 <= text.length; at += 2) {
    const rarity = rarityOf(text.charAt(at)) + rarityOf(text.charAt(at + 1))
    if (rarity > rarest) {
      rarest = rarity
      best = at
    }
  }
  return best
}

function rarityOf(char: string): number {
  const rank = COMMON.indexOf(char)
  return rank < 0 ? COMMON.length : rank
}

/** Every way to write two characters, as the number that two neighbouring bytes are read as. */
function spellings(pair: string, ignoreCase: boolean): readonly number[] {
  const [firsts, seconds] = [...pair].map((char) => (ignoreCase ? [...new Set([char.toLowerCase(), char.toUpperCase()])] : [char]))
  return (firsts ?? []).flatMap((first) =>
    (seconds ?? []).map((second) => {
      const [a, b] = [first.charCodeAt(0), second.charCodeAt(0)]
      return LITTLE_ENDIAN ? a | (b << 8) : (a << 8) | b
    }),
  )
}
