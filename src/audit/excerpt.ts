import type { Span } from '../model/model.ts'
import { escapeForTerminal } from '../report/terminal/escape.ts'
import { cutMiddle } from '../report/terminal/fit.ts'
import type { ShownLine } from '../model/shown.ts'

/** Lines before and behind a secret. */
const LINES_AROUND = 3

/** Columns of a line that are kept on each side of a secret. A minified file is one line. */
const MAX_TEXT_COLUMNS = 160

/** A secret within bytes; `own` ones are those the lines are about. */
export interface SecretSpan {
  readonly start: number
  readonly end: number
  readonly redacted: string
  readonly isOwn?: boolean
}

interface ExcerptRequest {
  readonly secrets: readonly SecretSpan[]
  /** Of the first own one. */
  readonly first: Pick<Span, 'line' | 'endLine'>
  readonly reveal: boolean
  /** Scrubs of secrets and escapes. */
  readonly clean: (text: string) => string
}

interface TextPiece {
  readonly text: string
  readonly secret: boolean
}

/**
 * The lines around secrets, each secret redacted in its place; with `reveal` the own ones are
 * shown.
 */
export function linesAround(
  { start, bytes }: { readonly start: number; readonly bytes: Buffer },
  { secrets: stretches, first, reveal, clean }: ExcerptRequest,
): readonly ShownLine[] {
  const pieces = splitAtSecrets({ start, bytes }, stretches, reveal)
  const lines = splitIntoLines(pieces)
  const owns = lines.flatMap((line, at) => (line.some(({ own }) => own) ? [at] : []))
  const own = owns[0] ?? 0
  // A redacted secret of several lines stands in one.
  const hidden = reveal ? 0 : first.endLine - first.line
  const from = Math.max(0, own - LINES_AROUND)
  // Behind the last line feed of a file is no line.
  const to = Math.min(
    (owns.at(-1) ?? 0) + LINES_AROUND + 1,
    lines.at(-1)?.length === 0 ? lines.length - 1 : lines.length,
  )
  return lines.slice(from, to).map((line, index) => {
    const at = from + index
    const number = first.line + at - own + (at > own ? hidden : 0)
    const shown = line.map(
      ({ text, secret }): TextPiece => ({
        text: secret ? escapeForTerminal(text) : clean(text),
        secret,
      }),
    )
    return { ...(number > 0 && { number }), pieces: shortenText(shown) }
  })
}

interface OwnedPiece extends TextPiece {
  readonly own: boolean
}

/** Text between secrets, and secrets; what overlaps is one. */
function splitAtSecrets(
  { start, bytes }: { readonly start: number; readonly bytes: Buffer },
  stretches: readonly SecretSpan[],
  reveal: boolean,
): readonly OwnedPiece[] {
  const end = start + bytes.length
  const inside = stretches
    .filter((one) => one.end > start && one.start < end)
    .toSorted((a, b) => a.start - b.start || b.end - a.end)
  const pieces: OwnedPiece[] = []
  let at = start
  for (const one of inside) {
    if (one.end <= at) continue
    const from = Math.max(one.start, at)
    if (from > at)
      pieces.push({
        text: decodeText(bytes.subarray(at - start, from - start)),
        secret: false,
        own: false,
      })
    const shown =
      reveal && one.isOwn === true
        ? decodeText(bytes.subarray(from - start, Math.min(one.end, end) - start))
        : one.redacted
    pieces.push({ text: shown, secret: true, own: one.isOwn === true })
    at = Math.min(one.end, end)
  }
  if (at < end)
    pieces.push({ text: decodeText(bytes.subarray(at - start)), secret: false, own: false })
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

/** Long text gives way, and what stands next to the secret stays. */
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

/** UTF-8; of UTF-16, which has a zero in every second byte of most text, the other bytes. */
function decodeText(bytes: Uint8Array): string {
  const zeros = bytes.reduce((count, byte) => count + Number(byte === 0), 0)
  const plain = zeros * 4 > bytes.length ? bytes.filter((byte) => byte !== 0) : bytes
  return Buffer.from(plain).toString('utf8')
}
