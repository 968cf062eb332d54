/** Finds comments that allow a secret on their line, such as `# oakum:allow`. */
import type { Candidate } from '../../model/model.ts'

const markerPattern =
  /(?<![\w-])(oakum:allow|gitleaks:allow|pragma: ?(?:allow|white)list[ -]secret)(?![\w-]|:\S)/i
const MAX_REASON_LENGTH = 160

/** A comment that allows the secrets on its line. */
export interface InlineMarker {
  /** The marker in lower case: `oakum:allow`, `gitleaks:allow` or `pragma: allowlist secret`. */
  readonly marker: string
  /** Text between the marker and the end of the comment. It may contain secrets. */
  readonly reason: string | undefined
  /** Index of the marker in the line. */
  readonly index: number
}

/** Returns the first marker on a line: `KEY=value  # oakum:allow key of the test account`. */
export function inlineMarkerOf(line: string): InlineMarker | undefined {
  const match = markerPattern.exec(line)
  if (match?.[1] === undefined) return undefined
  const rest = (
    line
      .slice(match.index + match[0].length, match.index + match[0].length + MAX_REASON_LENGTH)
      .split(/[\r\n]/)[0] ?? ''
  )
    .replace(/(?:\*\/|-->|#\}|--\]\]|\*\)|%>).*$/, '')
    .replace(/^[\s:,;-]+/, '')
    .trim()
  const marker = match[1].toLowerCase().startsWith('pragma')
    ? 'pragma: allowlist secret'
    : match[1].toLowerCase()
  return { marker, reason: rest === '' ? undefined : rest, index: match.index }
}

/**
 * True when the line of a candidate, marker included, occurs in an older version of the file. In
 * UTF-16 a NUL byte separates the characters.
 */
export function markerExistedBefore(text: string, { parts }: Candidate): boolean {
  // A long line that was cut may begin or end with half a character.
  const line = parts[0].line.reveal().replaceAll(/^\uFFFD+|\uFFFD+$|[\r\n]+$/g, '')
  return (
    line !== '' &&
    (text.includes(line) || (text.includes('\0') && text.replaceAll('\0', '').includes(line)))
  )
}
