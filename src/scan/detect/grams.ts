// Grams: the four bytes of a keyword that the prefilter searches for.

export const GRAM_BYTES = 4

/** Characters of source text, the most frequent first. All other characters are rarer. */
const COMMON = ' etaoinsrlcdumpfg_h.-/":0b1(),=y2v;k3>4'

/** Text that source code is full of. A gram from it is chosen only when a keyword has no other. */
const ORDINARY = [
  'https://www. http:// .com services Services account _key_ -key- api_ n_api rk_t rk_l test_ live_ ',
  'git- commit code _sec _tok auth_ ck.c ----- ',
  'private PRIVATE OPEN PENS ENCRYPT BLOCK encrypt pass word skey table rtable available index ',
  'option notice action Action= _id ',
  'client ent_s nt_s t_se server visual nExpires access token string number value name file line',
].join('')

/** Returns the offset in a keyword of the four bytes that are rarest in ordinary text. */
export function rarestGram(text: string): number {
  const ranks = Array.from(text, rankOf)
  let rarest = 0
  let maxRarity = -Infinity
  for (let offset = 0; offset + GRAM_BYTES <= text.length; offset += 1) {
    const gram = text.slice(offset, offset + GRAM_BYTES)
    const penalty = ORDINARY.includes(gram) ? -GRAM_BYTES * COMMON.length : 0
    const gramRanks = ranks.slice(offset, offset + GRAM_BYTES)
    const rarity = gramRanks.reduce((sum, rank) => sum + rank, penalty)
    if (rarity > maxRarity) {
      maxRarity = rarity
      rarest = offset
    }
  }
  return rarest
}

/** Returns every combination of upper and lower case in which a gram can be written. */
export function spellings(gram: string, ignoreCase: boolean): readonly Uint8Array[] {
  const casesOf = (char: string): readonly string[] =>
    ignoreCase ? [...new Set([char.toLowerCase(), char.toUpperCase()])] : [char]
  const texts = [...gram].reduce<readonly string[]>(
    (prefixes, char) =>
      prefixes.flatMap((prefix) => casesOf(char).map((written) => prefix + written)),
    [''],
  )
  return texts.map((text) => Buffer.from(text, 'latin1'))
}

function rankOf(char: string): number {
  const rank = COMMON.indexOf(char)
  return rank < 0 ? COMMON.length : rank
}
