/** Parses sizes and durations as people write them. */

/** The longest delay of a timer in JavaScript. */
const MAX_MS = 2 ** 31 - 1

const bytesPer: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }
const msPer: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000 }

/**
 * Parses `4096`, `10k`, `10m`, `1g` (powers of 1024) to bytes; returns undefined for anything else.
 */
export function sizeOf(text: string): number | undefined {
  const bytes = quantityOf(text, bytesPer)
  return Number.isSafeInteger(bytes) && bytes >= 1 ? bytes : undefined
}

/**
 * Parses `90`, `30s`, `5m`, `1h` to milliseconds, at most 24 days; returns undefined for anything
 * else.
 */
export function durationOf(text: string): number | undefined {
  const ms = quantityOf(text, msPer)
  return ms >= 1 && ms <= MAX_MS ? ms : undefined
}

/** Returns `NaN` for anything but digits and one unit of `per`. */
function quantityOf(text: string, per: Readonly<Record<string, number>>): number {
  const [, digits, unit] = /^(\d{1,15})([a-z]?)$/i.exec(text) ?? []
  if (digits === undefined || unit === undefined) return Number.NaN
  return Number(digits) * (per[unit.toLowerCase()] ?? Number.NaN)
}
