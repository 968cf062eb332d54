/** Cuts bytes around secrets into lines to show, with the secrets redacted. */
import type { Span } from '../model/model.ts'
import type { Scrub } from '../model/scrubber.ts'
import { escapeForTerminal } from '../report/terminal/escape.ts'
import { cutMiddle } from '../report/terminal/fit.ts'
import type { ShownLine } from '../model/shown.ts'
import { maskEntryLine, maskValues } from '../scan/env-files/mask-values.ts'

/** Lines shown before and after a secret. */
const CONTEXT_LINES = 3

/** Characters of a line kept on each side of a secret: a minified file is one long line. */
const MAX_TEXT_COLUMNS = 160

/** Offsets of a secret. `isOwn` marks secrets of the place whose lines are shown. */
export interface SecretSpan {
  readonly start: number
  readonly end: number
  readonly redacted: string
  readonly isOwn?: boolean
}

interface ExcerptRequest {
  readonly secrets: readonly SecretSpan[]
  /** Span of the first own secret. */
  readonly firstSpan: Pick<Span, 'line' | 'endLine'>
  readonly reveal: boolean
  /** Removes secrets and whatever looks random, and escapes control characters. */
  readonly clean: Scrub
  /** True for a file of entries: then every other value is masked, too. */
  readonly isEntries: boolean
}

/** Part of a line: a secret, or text between secrets. */
interface TextPiece {
  readonly text: string
  readonly secret: boolean
}

/**
 * Returns the lines around the own secrets. Every secret is redacted in its place; with `reveal`
 * the own ones are shown.
 */
export function linesAround(
  { start, bytes }: { readonly start: number; readonly bytes: Buffer },
  { secrets, firstSpan, reveal, clean, isEntries }: ExcerptRequest,
): readonly ShownLine[] {
  const pieces = splitAtSecrets({ start, bytes }, secrets, reveal)
  const lines = splitIntoLines(pieces)
  const ownLines = lines.flatMap((line, at) => (line.some(({ isOwn }) => isOwn) ? [at] : []))
  const firstOwn = ownLines[0] ?? 0
  // A redacted secret of several lines takes one line.
  const missingLines = reveal ? 0 : firstSpan.endLine - firstSpan.line
  const from = Math.max(0, firstOwn - CONTEXT_LINES)
  // The empty text after the last line feed of a file is not a line.
  const to = Math.min(
    (ownLines.at(-1) ?? 0) + CONTEXT_LINES + 1,
    lines.at(-1)?.length === 0 ? lines.length - 1 : lines.length,
  )
  const masked = (text: string, column: number): string => {
    if (!isEntries) return text
    return column === 0 ? maskEntryLine(text) : maskValues(text)
  }
  return lines.slice(from, to).map((line, index) => {
    const at = from + index
    const number = firstSpan.line + at - firstOwn + (at > firstOwn ? missingLines : 0)
    const shown = line.map(
      ({ text, secret }, column): TextPiece => ({
        text: secret ? escapeForTerminal(text) : clean(masked(text, column), 'content'),
        secret,
      }),
    )
    return { ...(number > 0 && { number }), pieces: shortenText(shown) }
  })
}

interface OwnedPiece extends TextPiece {
  readonly isOwn: boolean
}

/** Splits bytes into secrets and the text between them. Overlapping secrets become one. */
function splitAtSecrets(
  { start, bytes }: { readonly start: number; readonly bytes: Buffer },
  secrets: readonly SecretSpan[],
  reveal: boolean,
): readonly OwnedPiece[] {
  const end = start + bytes.length
  const inside = secrets
    .filter((span) => span.end > start && span.start < end)
    .toSorted((a, b) => a.start - b.start || b.end - a.end)
  const pieces: OwnedPiece[] = []
  let at = start
  for (const span of inside) {
    if (span.end <= at) continue
    const from = Math.max(span.start, at)
    if (from > at)
      pieces.push({
        text: decodeText(bytes.subarray(at - start, from - start)),
        secret: false,
        isOwn: false,
      })
    const shown =
      reveal && span.isOwn === true
        ? decodeText(bytes.subarray(from - start, Math.min(span.end, end) - start))
        : span.redacted
    pieces.push({ text: shown, secret: true, isOwn: span.isOwn === true })
    at = Math.min(span.end, end)
  }
  if (at < end)
    pieces.push({ text: decodeText(bytes.subarray(at - start)), secret: false, isOwn: false })
  return pieces
}

function splitIntoLines(pieces: readonly OwnedPiece[]): readonly (readonly OwnedPiece[])[] {
  const lines: OwnedPiece[][] = [[]]
  for (const piece of pieces) {
    for (const [at, text] of piece.text.split('\n').entries()) {
      if (at > 0) lines.push([])
      const line = text.endsWith('\r') ? text.slice(0, -1) : text
      if (line !== '') lines.at(-1)?.push({ ...piece, text: line })
    }
  }
  return lines
}

/** Shortens long text between secrets, keeping the part next to a secret. */
function shortenText(pieces: readonly TextPiece[]): readonly TextPiece[] {
  return pieces.map((piece, at) => {
    if (piece.secret || piece.text.length <= MAX_TEXT_COLUMNS) return piece
    const isFirst = at === 0 && pieces.length > 1
    if (isFirst) return { ...piece, text: `…${piece.text.slice(1 - MAX_TEXT_COLUMNS)}` }
    return {
      ...piece,
      text:
        at === pieces.length - 1
          ? `${piece.text.slice(0, MAX_TEXT_COLUMNS - 1)}…`
          : cutMiddle(piece.text, MAX_TEXT_COLUMNS),
    }
  })
}

/**
 * Decodes bytes as UTF-8. UTF-16 is recognized by its zeros, every second byte in most text, which
 * are dropped first.
 */
function decodeText(bytes: Uint8Array): string {
  const zeros = bytes.reduce((count, byte) => count + Number(byte === 0), 0)
  const plain = zeros * 4 > bytes.length ? bytes.filter((byte) => byte !== 0) : bytes
  return Buffer.from(plain).toString('utf8')
}
