// Grams: the four bytes of a keyword that the prefilter searches for.

export const GRAM_BYTES = 4

const CASE_BIT = 0x20
const LOWER_A = 0x61
const LOWER_Z = 0x7a

/** Characters of source text, the most frequent first. All other characters are rarer. */
const COMMON = ' etaoinsrlcdumpfg_h.-/":0b1(),=y2v;k3>4'

/** Text that source code is full of. A gram from it is chosen only when a keyword has no other. */
const ORDINARY = [
  'https://www. http:// .com services Services account _key_ -key- api_ n_api rk_t rk_l test_ live_ ',
  'git- commit code _sec _tok auth_ ck.c ----- ',
  'private PRIVATE OPEN PENS ENCRYPT BLOCK encrypt pass word skey table rtable available index ',
  'option notice action Action= _id ',
  'client ent_s nt_s t_se server visual nExpires access token string number value name file line',
  'command call Call mark cursor curs discord ability cogn plain 1000. _pro pro_ _API t_id ify_ path post',
  'AUTH Auth DATA Data MAND CLIENT POST ASSE MAIL Mail stab SECRET ',
].join('')

/**
 * Grams that stood at least twice as often as another gram of the same keyword in one version in
 * forty to sixty of the files of redis, git, curl and express: four characters each.
 */
const FREQUENT = [
  'ALGOAlgofy_an.co.acc-codsworonExTRUNsecr&sigAZURdio.azurZUREzureURE_ureAe_spSPEE',
  'itivxkeysk_cv1.0TOKEOKEN: cr"pat: pa: ciCURSrapiCursDD_AAPPLpgraDEEPnkeyDISCBOTT',
  ": slunt.y_idptchpi_kng_kgiteFORGall_'patsv1.t-idcrethex_pat-t-apker.LOB_ANDR:key",
  "Mattry_pgifybookFACEnvokmist'APIbox._ackckagpacka_prs-pr-devPLAI_at_lar_PostENSS",
  'mp_stly_d_cl: lism_asm_shippks.sity_DREAk_lik_orunkecat_PrivdKeyBEAREAREbearAAAA',
  ': 10an.cmit.sswoecreio.cure_PENAreopRE_A_spetivekeysk_caCF_TPPLIgramISCOOTTOnt.c',
  'tchag_keORGEret-makey_pry_apvokeistrack_veloar_oNSSHamp_k.coREAMeKeyKey ARERion.',
  'it-cPasso.coe_opre_sogni_carPLICSCORt.cocapting_akeron_kdevep_seack.EAMSey =t-co',
  'asswstud_opeLICAgsersignn_keoks.udiore_oICAT_apphookualsopenCATIlackpenaATIOooks',
  'TION',
].join('')

const ORDINARY_PENALTY = -GRAM_BYTES * COMMON.length

const ordinaryGrams = new Set([
  ...Array.from(ORDINARY, (_, at) => ORDINARY.slice(at, at + GRAM_BYTES)),
  ...Array.from({ length: FREQUENT.length / GRAM_BYTES }, (_, index) =>
    FREQUENT.slice(index * GRAM_BYTES, (index + 1) * GRAM_BYTES),
  ),
])

/** The rarity of each ASCII character: its place among the common ones, or behind them. */
const rarities = Uint8Array.from({ length: 128 }, (_, code) => {
  const rank = COMMON.indexOf(String.fromCharCode(code))
  return rank < 0 ? COMMON.length : rank
})

/** Returns the offset in a keyword of the four bytes that are rarest in ordinary text. */
export function rarestGram(text: string): number {
  let rarest = 0
  let maxRarity = -Infinity
  for (let offset = 0; offset + GRAM_BYTES <= text.length; offset += 1) {
    let rarity = 0
    for (let at = offset; at < offset + GRAM_BYTES; at += 1)
      rarity += rarities[text.charCodeAt(at)] ?? COMMON.length
    if (rarity <= maxRarity) continue
    if (ordinaryGrams.has(text.slice(offset, offset + GRAM_BYTES))) rarity += ORDINARY_PENALTY
    if (rarity > maxRarity) {
      maxRarity = rarity
      rarest = offset
    }
  }
  return rarest
}

/**
 * Returns a gram as a signed 32-bit number, the first byte lowest, in every combination of upper and
 * lower case in which it can be written.
 */
export function spellings(gram: string, ignoreCase: boolean): readonly number[] {
  let number = 0
  let caseBits = 0
  for (let at = 0; at < GRAM_BYTES; at += 1) {
    const code = gram.charCodeAt(at)
    number |= code << (8 * at)
    if (ignoreCase && isLetter(code)) caseBits |= CASE_BIT << (8 * at)
  }
  const numbers: number[] = []
  // Every subset of the bits that tell upper from lower case.
  for (let upper = caseBits; ; upper = (upper - 1) & caseBits) {
    numbers.push((number | caseBits) ^ upper)
    if (upper === 0) return numbers
  }
}

function isLetter(code: number): boolean {
  const lower = code | CASE_BIT
  return lower >= LOWER_A && lower <= LOWER_Z
}
