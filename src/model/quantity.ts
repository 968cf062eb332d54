/** Sizes and times as people write them. Nothing but the forms named here is taken. */

/** The longest wait a timer takes. */
const maxMs = 2 ** 31 - 1

const bytesPer: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }
const msPer: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000 }

/** `4096`, `10k`, `10m`, `1g` (powers of 1024) in bytes; undefined for anything else. */
export function sizeOf(text: string): number | undefined {
  const bytes = quantityOf(text, bytesPer)
  return Number.isSafeInteger(bytes) && bytes >= 1 ? bytes : undefined
}

/** `90`, `30s`, `5m`, `1h` in milliseconds, at most 24 days; undefined for anything else. */
export function durationOf(text: string): number | undefined {
  const ms = quantityOf(text, msPer)
  return ms >= 1 && ms <= maxMs ? ms : undefined
}

/** `NaN` for anything but digits and one known unit. */
function quantityOf(text: string, per: Readonly<Record<string, number>>): number {
  const [, digits, unit] = /^(\d{1,15})([a-z]?)$/i.exec(text) ?? []
  if (digits === undefined || unit === undefined) return Number.NaN
  return Number(digits) * (per[unit.toLowerCase()] ?? Number.NaN)
}
