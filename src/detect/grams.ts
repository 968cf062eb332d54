/** Of each keyword so many bytes are looked for. */
export const GRAM = 4

/** Characters of source text, the most frequent first: what is not among them is rare. */
const COMMON = ' etaoinsrlcdumpfg_h.-/":0b1(),=y2v;k3>4'

/** What source text is full of: no keyword is looked for by a piece of it that has another. */
const ORDINARY = 'https://www. http:// services account private_key -key password secret -----'

/** Where in a keyword four bytes stand that ordinary text has least. */
export function rarestGram(text: string): number {
  const ranks = Array.from(text, rankOf)
  let best = 0
  let most = -Infinity
  for (let at = 0; at + GRAM <= text.length; at += 1) {
    const ordinary = ORDINARY.includes(text.slice(at, at + GRAM)) ? -GRAM * COMMON.length : 0
    const rarity = ranks.slice(at, at + GRAM).reduce((sum, rank) => sum + rank, ordinary)
    if (rarity > most) {
      most = rarity
      best = at
    }
  }
  return best
}

/** Every way to write a gram in upper and lower case. */
export function spellings(gram: string, ignoreCase: boolean): readonly Uint8Array[] {
  const texts = [...gram].reduce<readonly string[]>(
    (heads, char) => heads.flatMap((head) => (ignoreCase ? [...new Set([char.toLowerCase(), char.toUpperCase()])] : [char]).map((one) => head + one)),
    [''],
  )
  return texts.map((text) => Buffer.from(text, 'latin1'))
}

/** Sets of halves of bytes: for each place of a gram a mask of 16 low and one of 16 high halves. */
type Halves = readonly { readonly low: number; readonly high: number }[]

/**
 * Puts grams into a few groups, similar ones together: a place is looked at closely when each of its halves of bytes occurs
 * in one group. Those that are least like each other begin the groups, each other one goes where it raises the odds of
 * that least. Gives each gram's group.
 */
export function groupGrams(grams: readonly (readonly Uint8Array[])[], most: number): readonly number[] {
  const all = grams.map(halvesOf)
  const groups: Halves[] = []
  /** Of each gram to the group that is nearest. */
  let distances = all.map(() => Infinity)
  while (groups.length < Math.min(most, all.length)) {
    const group = all[distances.indexOf(Math.max(...distances))] ?? []
    groups.push(group)
    distances = all.map((halves, at) => Math.min(distances[at] ?? 0, costOfJoining(group, halves)))
  }
  return all.map((halves) => {
    const costs = groups.map((group) => costOfJoining(group, halves))
    const best = costs.indexOf(Math.min(...costs))
    groups[best] = union(groups[best] ?? [], halves)
    return best
  })
}

function halvesOf(grams: readonly Uint8Array[]): Halves {
  return Array.from({ length: GRAM }, (_, at) => ({
    low: grams.reduce((mask, gram) => mask | (1 << ((gram[at] ?? 0) & 15)), 0),
    high: grams.reduce((mask, gram) => mask | (1 << ((gram[at] ?? 0) >> 4)), 0),
  }))
}

function union(one: Halves, other: Halves): Halves {
  return one.map(({ low, high }, at) => ({ low: low | (other[at]?.low ?? 0), high: high | (other[at]?.high ?? 0) }))
}

function costOfJoining(one: Halves, other: Halves): number {
  return oddsOf(union(one, other)) - oddsOf(one)
}

/** How often ordinary text has bytes whose halves are all in the masks, as if halves were independent. */
function oddsOf(halves: Halves): number {
  let odds = 1
  for (const { low, high } of halves) odds *= shareOf(LOW_SHARES, low) * shareOf(HIGH_SHARES, high)
  return odds
}

function shareOf(shares: readonly number[], mask: number): number {
  let sum = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) sum += shares[31 - Math.clz32(rest & -rest)] ?? 0
  return sum
}

function rankOf(char: string): number {
  const rank = COMMON.indexOf(char)
  return rank < 0 ? COMMON.length : rank
}

/** Shares of source text, roughly, of the bytes with each low and each high half. */
const LOW_SHARES = sharesBy((byte) => byte & 15)
const HIGH_SHARES = sharesBy((byte) => byte >> 4)

function sharesBy(halfOf: (byte: number) => number): readonly number[] {
  const shares = Array.from({ length: 16 }, () => 0)
  for (let byte = 32; byte < 127; byte += 1) {
    const half = halfOf(byte)
    shares[half] = (shares[half] ?? 0) + 0.3 / (rankOf(String.fromCharCode(byte)) + 3)
  }
  return shares
}
