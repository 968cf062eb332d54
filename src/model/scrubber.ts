/**
 * Replaces secrets in texts that are about to be shown: names, excerpts, messages. Every report,
 * screen, message and error passes through `scrubber` or `maskRandom`.
 */
import type { Finding } from './model.ts'
import { randomRanges, type TextKind } from './random-text.ts'

/**
 * Minimum length of a secret to replace. Shorter secrets are words of many names, and to replace
 * them everywhere would reveal them.
 */
const MIN_LENGTH = 6

/** Number of hash values for the first characters of a secret. */
const HASH_VALUES = 1 << 14

interface SecretText {
  readonly text: string
  readonly redacted: string
}

interface SecretRange {
  readonly start: number
  end: number
  readonly redacted: string
}

/** Returns a text without secrets; `kind` is `name` by default. */
export type Scrub = (text: string, kind?: TextKind) => string

/** Credentials whose secrets are replaced: findings, or secrets that were found in a text. */
export type ScrubbedSecrets = readonly {
  readonly parts: readonly Pick<Finding['parts'][number], 'secret' | 'redacted'>[]
  readonly otherIds?: Finding['otherIds']
}[]

/** Mask of a stretch that looks random. It shows nothing, as nothing is known about the secret. */
const MASK = '…'

/**
 * Returns a function that replaces in a text each secret of the findings with its redacted form, and
 * whatever else looks random with `…`.
 */
export function scrubber(findings: ScrubbedSecrets): Scrub {
  const replaceFound = foundScrubber(findings)
  return (text, kind = 'name') => maskRandom(replaceFound(text), kind)
}

/** Replaces the stretches of a text that look random with `…`. */
export function maskRandom(text: string, kind: TextKind = 'name'): string {
  return replaceRanges(
    text,
    randomRanges(text, kind).map((range) => ({ ...range, redacted: MASK })),
  )
}

/**
 * Returns a function that replaces only the secrets of the findings, to ask whether a text has one.
 */
export function foundScrubber(findings: ScrubbedSecrets): (text: string) => string {
  const byPrefix = new Map<string, SecretText[]>()
  for (const part of findings.flatMap(({ parts, otherIds = [] }) => [...parts, ...otherIds])) {
    for (const text of formsOf(part.secret.reveal())) {
      if (text.length < MIN_LENGTH) continue
      const prefix = text.slice(0, MIN_LENGTH)
      const secretTexts = byPrefix.get(prefix) ?? []
      secretTexts.push({ text, redacted: part.redacted })
      byPrefix.set(prefix, secretTexts)
    }
  }
  // Longest first, as a password may be the beginning of a longer secret.
  for (const secretTexts of byPrefix.values())
    secretTexts.sort((a, b) => b.text.length - a.text.length)
  if (byPrefix.size === 0) return (text) => text
  const hashes = new Uint8Array(HASH_VALUES)
  for (const prefix of byPrefix.keys()) hashes[hashAt(prefix, 0)] = 1
  const secrets = { hashes, byPrefix }
  return (text) => replaceRanges(text, secretRangesIn(text, secrets))
}

/**
 * Returns a hash of the characters at `at`. Equal beginnings have equal hashes; few other texts do.
 */
function hashAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) ^ (text.charCodeAt(at + 2) << 4) ^ (text.charCodeAt(at + 5) << 8)) &
    (HASH_VALUES - 1)
  )
}

/**
 * Secrets by their first characters, and a table of the hashes of those: most positions of a text
 * fail the table and cost nothing more.
 */
interface Secrets {
  readonly hashes: Uint8Array
  readonly byPrefix: ReadonlyMap<string, readonly SecretText[]>
}

/**
 * Returns a secret as it was scanned, with one character per byte, and decoded as UTF-8, as names
 * are shown.
 */
function formsOf(text: string): readonly string[] {
  const decoded = Buffer.from(text, 'latin1').toString('utf8')
  return decoded === text ? [text] : [text, decoded]
}

/**
 * Returns the ranges of secrets in a text, in order. Overlapping ranges are merged, so that no rest
 * of a secret is shown.
 */
function secretRangesIn(text: string, { hashes, byPrefix }: Secrets): readonly SecretRange[] {
  const ranges: SecretRange[] = []
  for (let start = 0; start + MIN_LENGTH <= text.length; start += 1) {
    if (hashes[hashAt(text, start)] === 0) continue
    const secret = byPrefix
      .get(text.slice(start, start + MIN_LENGTH))
      ?.find((candidate) => text.startsWith(candidate.text, start))
    if (secret === undefined) continue
    const end = start + secret.text.length
    const last = ranges.at(-1)
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end)
    else ranges.push({ start, end, redacted: secret.redacted })
  }
  return ranges
}

function replaceRanges(text: string, ranges: readonly SecretRange[]): string {
  if (ranges.length === 0) return text
  let scrubbed = ''
  let from = 0
  for (const { start, end, redacted } of ranges) {
    scrubbed += text.slice(from, start) + redacted
    from = end
  }
  return scrubbed + text.slice(from)
}
