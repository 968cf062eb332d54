import { crypto } from '../../model/lazy-crypto.ts'
import type { Rule } from '../../model/rule.ts'
import { canonicalValue } from './canonical-value.ts'

/**
 * Names the format and, being public, keys nothing secret: it keeps these digests apart from any
 * other use of the same value.
 */
const format = 'oakum fingerprint 1'

/**
 * About 11 ms and 4 MiB a guess (docs/adr/0003-fingerprint.md). Changing either changes every
 * person-made fingerprint.
 */
const cost = { N: 4096, r: 8, p: 1 }

/** A history of forty versions asks for the same few values again and again. */
const maxKept = 4096
const kept = new Map<string, string>()

/**
 * The stable name of a value under a rule family: `oak1-` and 32 hex digits. Nothing else goes in:
 * no path, line, commit, time or machine. What a machine made is a keyed hash; what a person may
 * have chosen is slow to make, so that the fingerprint is no help in guessing it.
 */
export function fingerprint(family: string, text: string, madeBy: Rule['madeBy']): string {
  const value = canonicalValue(text, madeBy)
  const digest = crypto()
    .createHmac('sha256', format)
    .update(`${family}\0${madeBy}\0`)
    .update(bytesOf(value))
    .digest('hex')
  if (madeBy === 'machine') return `oak1-${digest.slice(0, 32)}`
  const known = kept.get(digest)
  if (known !== undefined) return known
  const slow = `oak1-${crypto().scryptSync(bytesOf(value), `${format} ${family}`, 16, cost).toString('hex')}`
  if (kept.size >= maxKept) kept.delete(kept.keys().next().value ?? '')
  kept.set(digest, slow)
  return slow
}

/**
 * The bytes as they stand in the blob, where a character is a byte; text from elsewhere as UTF-8.
 */
function bytesOf(value: string): Buffer {
  return Buffer.from(value, /[^\u0000-\u00ff]/.test(value) ? 'utf8' : 'latin1')
}
