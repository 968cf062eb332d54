/** Lines around a place on the details page, shortened to its width. */
import type { Paint } from '../../report/terminal/colour.ts'
import { cutMiddle, widthOf } from '../../report/terminal/fit.ts'
import type { ShownContext, ShownLine } from '../../model/shown.ts'

/** Returns the numbered lines of a context, with its secrets highlighted. */
export function contextLines(
  context: ShownContext | undefined,
  { paint, columns }: { readonly paint: Paint; readonly columns: number },
): readonly string[] {
  if (context === undefined) return []
  const lines = context.lines.map(({ number, pieces }) => {
    const text = fitPieces(pieces, columns - 14).map(({ text: piece, secret }) =>
      secret ? paint('bold', paint('yellow', piece)) : piece,
    )
    return `${paint('dim', `      ${String(number ?? '').padStart(5)} │ `)}${text.join('')}`
  })
  return context.note === undefined
    ? lines
    : [...lines, paint('dim', `            ${context.note}`)]
}

/**
 * Shortens the pieces of a line to its width: secrets stay whole where possible, and text keeps the
 * part next to a secret.
 */
function fitPieces(pieces: ShownLine['pieces'], room: number): ShownLine['pieces'] {
  const widths = pieces.reduce((sum, { text }) => sum + widthOf(text), 0)
  if (widths <= room) return pieces
  const secrets = pieces
    .filter(({ secret }) => secret)
    .reduce((sum, { text }) => sum + widthOf(text), 0)
  const share = Math.max(
    6,
    Math.floor(
      (room - Math.min(secrets, room)) /
        Math.max(1, pieces.length - pieces.filter(({ secret }) => secret).length),
    ),
  )
  return pieces.map(({ text, secret }, at) => {
    if (secret || widthOf(text) <= share)
      return { text: secret ? cutMiddle(text, Math.max(8, room)) : text, secret }
    if (at === 0 && pieces.length > 1) return { text: `…${text.slice(1 - share)}`, secret }
    return {
      text: at === pieces.length - 1 ? `${text.slice(0, share - 1)}…` : cutMiddle(text, share),
      secret,
    }
  })
}
