const markers =
  /(?<![\w-])(oakum:allow|gitleaks:allow|pragma: ?(?:allow|white)list[ -]secret)(?![\w-]|:\S)/i
const maxReason = 160

/** A remark on a line that says its secret may stay there. */
export interface InlineMarker {
  /** In lower case: `oakum:allow`, `gitleaks:allow` or `pragma: allowlist secret`. */
  readonly marker: string
  /** What follows it on the line, without what closes the comment. Not yet free of secrets. */
  readonly reason: string | undefined
  /** Where the marker begins in the line. */
  readonly index: number
}

/** The first marker on `line`: `KEY=value  # oakum:allow key of the test account`. */
export function inlineMarkerOf(line: string): InlineMarker | undefined {
  const found = markers.exec(line)
  if (found?.[1] === undefined) return undefined
  const rest = (
    line
      .slice(found.index + found[0].length, found.index + found[0].length + maxReason)
      .split(/[\r\n]/)[0] ?? ''
  )
    .replace(/(?:\*\/|-->|#\}|--\]\]|\*\)|%>).*$/, '')
    .replace(/^[\s:,;-]+/, '')
    .trim()
  const marker = found[1].toLowerCase().startsWith('pragma')
    ? 'pragma: allowlist secret'
    : found[1].toLowerCase()
  return { marker, reason: rest === '' ? undefined : rest, index: found.index }
}
