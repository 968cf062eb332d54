/** Of each keyword so many bytes are looked for. */
export const GRAM = 4

/** Characters of source text, the most frequent first: what is not among them is rare. */
const COMMON = ' etaoinsrlcdumpfg_h.-/":0b1(),=y2v;k3>4'

/** What source text is full of: no keyword is looked for by a piece of it that has another. */
const ORDINARY = [
  'https://www. http:// .com services Services account _key_ -key- api_ n_api rk_t rk_l test_ live_ git- commit code _sec _tok auth_ ck.c -----',
  'private PRIVATE OPEN PENS ENCRYPT BLOCK encrypt pass word skey table rtable available index option notice action Action= _id',
  'client ent_s nt_s t_se server visual nExpires access token string number value name file line',
].join(' ')

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
    (heads, char) =>
      heads.flatMap((head) =>
        (ignoreCase ? [...new Set([char.toLowerCase(), char.toUpperCase()])] : [char]).map(
          (one) => head + one,
        ),
      ),
    [''],
  )
  return texts.map((text) => Buffer.from(text, 'latin1'))
}

function rankOf(char: string): number {
  const rank = COMMON.indexOf(char)
  return rank < 0 ? COMMON.length : rank
}
