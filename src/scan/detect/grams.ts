// Grams: the four bytes of a keyword that the prefilter searches for.

import { letterPairBits } from '../../model/random-text.ts'

export const GRAM_BYTES = 4

const CASE_BIT = 0x20
const LOWER_A = 0x61
const LOWER_Z = 0x7a
const UPPER_A = 0x41
const UPPER_Z = 0x5a
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39

/**
 * Grams that stand often in the files of redis, git, curl and express, where the keyword has a rarer
 * one that letter pairs do not tell: four characters each.
 */
const FREQUENT = [
  'LY_AauthAUTHAuth.accServassaonEx-apint_sclieKey=ognixkey: croherO_AP"pat: ciR_APcurs',
  'CURSCursostgickheepGdiscDISC_tok_TOKot Nel_lel_trvicntiaorizskeyhkeyekeygkeynkeyrkey',
  'tkeydkeynsumciphookil_pcgetCicAu.lognAut.neweySpFernignWCiphd byed w logry lsshpet u',
  't ussswdldaplcmdgoduhpasaultcurlhttp": "er,pord,rgejForgub_pallAallT\'pat: pa: saet_i',
  'ET_IEX_Anchdailgry_pebooacebnvokistrISTRMistkey_noti_aut API_livckagt_cupplxoduc_at_',
  'ostmtmar KEYad_csntrABILabileamsEAMSrk_thseckey-twiley =eKeydKeyredKR_TOAAAAgmodGMOD',
  ' 100ssannExp_seclientKeyeysi_API patOR_Ae://ot_tOT_Tduffuffeervitialesskuthkatekigni',
  'ncryterkuntkredkmerkiphecAutsicAloginew(KeySnet(eCiped bd wiegis useswd dapsodumassw',
  'lt lttp : "Sthub satt_idT_IDd_cltryuity_wiliKey edKeER_T AAA1000Expit_seientt_toT_TO',
  'l_licredacceingkcrypsumepheruth(uthHifie wittry earc_cloPreseshaent_secrenticcesrypt',
  'herkBasiied y loarchecresharreshcretentsencrasicregiapseret_harearedionkstryyptiptio',
].join('')

const frequentGrams = new Set(
  Array.from({ length: FREQUENT.length / GRAM_BYTES }, (_, index) =>
    FREQUENT.slice(index * GRAM_BYTES, (index + 1) * GRAM_BYTES),
  ),
)

/** More bits than any gram has. */
const FREQUENT_PENALTY = 100

/** Bits of characters in text, by their kind: lower case, upper case, digit, other. */
const FIRST_BITS = [5, 7, 6, 6]
const CHANGE_BITS = [6, 7, 6, 7]
const SEPARATOR_BITS = 4

function kindOf(code: number): number {
  if (code >= LOWER_A && code <= LOWER_Z) return 0
  if (code >= UPPER_A && code <= UPPER_Z) return 1
  return code >= DIGIT_0 && code <= DIGIT_9 ? 2 : 3
}

/** Returns the bits of the character at `at` in text, where the character before it is known. */
function bitsAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  const before = text.charCodeAt(at - 1)
  const [kind, kindBefore] = [kindOf(code), kindOf(before)]
  if (kind < 2 && kindBefore < 2 && kind <= kindBefore) return letterPairBits(before, code) + kind
  if (kind === 3 && '-_./ '.includes(text.charAt(at))) return SEPARATOR_BITS
  return CHANGE_BITS[kind] ?? 0
}

/** Returns how rare a gram is in text: the bits of its characters. */
function rarityOf(text: string, offset: number): number {
  let bits = FIRST_BITS[kindOf(text.charCodeAt(offset))] ?? 0
  for (let at = offset + 1; at < offset + GRAM_BYTES; at += 1) bits += bitsAt(text, at)
  return frequentGrams.has(text.slice(offset, offset + GRAM_BYTES)) ? bits - FREQUENT_PENALTY : bits
}

/** Returns the offset in a keyword of the four bytes that are rarest in ordinary text. */
export function rarestGram(text: string): number {
  let rarest = 0
  let maxRarity = -Infinity
  for (let offset = 0; offset + GRAM_BYTES <= text.length; offset += 1) {
    const rarity = rarityOf(text, offset)
    if (rarity <= maxRarity) continue
    maxRarity = rarity
    rarest = offset
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
