import type { Finding } from './model.ts'

/** A shorter secret is a word that stands in many names; replacing it everywhere would tell it. */
const minLength = 6

/** So many numbers tell how texts begin. */
const HEADS = 1 << 14

interface Known {
  readonly text: string
  readonly redacted: string
}

interface Stretch {
  readonly start: number
  end: number
  readonly redacted: string
}

export type Scrub = (text: string) => string

/** A function that replaces each secret of these findings in a text by its redacted form. */
export function scrubber(
  findings: readonly {
    readonly parts: readonly Pick<Finding['parts'][number], 'secret' | 'redacted'>[]
  }[],
): Scrub {
  const byHead = new Map<string, Known[]>()
  for (const part of findings.flatMap((finding) => finding.parts)) {
    for (const text of formsOf(part.secret.reveal())) {
      if (text.length < minLength) continue
      const head = text.slice(0, minLength)
      const known = byHead.get(head) ?? []
      known.push({ text, redacted: part.redacted })
      byHead.set(head, known)
    }
  }
  // Longest first: a password alone and in its URL start alike.
  for (const known of byHead.values()) known.sort((a, b) => b.text.length - a.text.length)
  if (byHead.size === 0) return (text) => text
  const heads = new Uint8Array(HEADS)
  for (const head of byHead.keys()) heads[headAt(head, 0)] = 1
  const secrets = { heads, byHead }
  return (text) => withoutStretches(text, stretchesOf(text, secrets))
}

/**
 * `wJalr…` → a number for its first characters: the same for all that begin alike, and for few
 * others.
 */
function headAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) ^ (text.charCodeAt(at + 2) << 4) ^ (text.charCodeAt(at + 5) << 8)) &
    (HEADS - 1)
  )
}

/**
 * Secrets by their first characters, and which numbers those have: hardly any place of a text has
 * one of these.
 */
interface Secrets {
  readonly heads: Uint8Array
  readonly byHead: ReadonlyMap<string, readonly Known[]>
}

/** Bytes were read as latin1 to be scanned; a name shows the same bytes as UTF-8. */
function formsOf(text: string): readonly string[] {
  const other = Buffer.from(text, 'latin1').toString('utf8')
  return other === text ? [text] : [text, other]
}

/**
 * Where secrets stand in a text, in order; those that overlap are one, so that no rest of one is
 * shown.
 */
function stretchesOf(text: string, { heads, byHead }: Secrets): readonly Stretch[] {
  const stretches: Stretch[] = []
  for (let start = 0; start + minLength <= text.length; start += 1) {
    if (heads[headAt(text, start)] === 0) continue
    const known = byHead
      .get(text.slice(start, start + minLength))
      ?.find((one) => text.startsWith(one.text, start))
    if (known === undefined) continue
    const end = start + known.text.length
    const last = stretches.at(-1)
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end)
    else stretches.push({ start, end, redacted: known.redacted })
  }
  return stretches
}

function withoutStretches(text: string, stretches: readonly Stretch[]): string {
  if (stretches.length === 0) return text
  let shown = ''
  let from = 0
  for (const { start, end, redacted } of stretches) {
    shown += text.slice(from, start) + redacted
    from = end
  }
  return shown + text.slice(from)
}
