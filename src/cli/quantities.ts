/** Numbers of the command line. Each takes the option's name for its error, and nothing but the forms it names. */
import { UsageError } from '../errors.ts'

const maxJobs = 256
/** The longest wait a timer takes. */
const maxMs = 2 ** 31 - 1

const bytesPer: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }
const msPer: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000 }

/** A whole number from 1 to 256. */
export function parseCount(option: string, text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (count < 1 || count > maxJobs) throw new UsageError(`--${option} takes a whole number from 1 to ${maxJobs}, not "${text}"`)
  return count
}

/** `4096`, `10k`, `10m`, `1g` (powers of 1024) in bytes. */
export function parseSize(option: string, text: string): number {
  const bytes = parseQuantity(text, bytesPer)
  if (!Number.isSafeInteger(bytes) || bytes < 1) throw new UsageError(`--${option} takes a size such as 4096, 10k, 10m or 1g, not "${text}"`)
  return bytes
}

/** `90`, `30s`, `5m`, `1h` in milliseconds; at most 24 days. */
export function parseDuration(option: string, text: string): number {
  const ms = parseQuantity(text, msPer)
  if (!(ms >= 1 && ms <= maxMs)) throw new UsageError(`--${option} takes a time such as 90, 30s, 5m or 1h, up to 24 days, not "${text}"`)
  return ms
}

/** `NaN` for anything but digits and one known unit. */
function parseQuantity(text: string, per: Readonly<Record<string, number>>): number {
  const [, digits, unit] = /^(\d{1,15})([a-z]?)$/i.exec(text) ?? []
  if (digits === undefined || unit === undefined) return Number.NaN
  return Number(digits) * (per[unit.toLowerCase()] ?? Number.NaN)
}
