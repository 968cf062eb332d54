/**
 * Returns a generator of numbers from 0 to less than 1 that repeats for the same seed (mulberry32).
 */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
export const base32 = `${upper}234567`
export const base62 = `${upper}${upper.toLowerCase()}0123456789`
export const base64 = `${base62}+/`
export const hex = '0123456789abcdef'

/** Returns `length` random characters of `alphabet`. */
export function randomText(random: () => number, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join(
    '',
  )
}

/** Returns a text in the form of an AWS key id. */
export function randomKeyId(random: () => number): string {
  return `AKIA${randomText(random, base32, 16)}`
}

/** Returns an armoured private key of random bytes, one line per 64 characters. */
export function randomArmour(random: () => number, label: string, lines = 20): readonly string[] {
  const body = Array.from({ length: lines }, () => randomText(random, base64, 64))
  return [`-----${'BEGIN'} ${label}-----`, ...body, `-----${'END'} ${label}-----`]
}
