/** Finds comments that allow a secret on their line, such as `# oakum:allow`. */
import type { Candidate } from '../../model/model.ts'

/** Our own marker, and those of gitleaks, betterleaks, trufflehog, kingfisher and GitGuardian. */
const markerNames =
  '(?:oakum|gitleaks|betterleaks):allow|(?:trufflehog|kingfisher|gitguardian):ignore|ggignore'
const pragma = 'pragma: ?(?:allow|white)list[ -]'
const markerPattern = new RegExp(
  String.raw`(?<![\w-])(${markerNames}|${pragma}secret)(?![\w-]|:\S)`,
  'i',
)
/** The marker of detect-secrets for the secrets on the line below. */
const nextLinePattern = new RegExp(
  String.raw`(?<![\w-])${pragma}nextline[ -]secret(?![\w-]|:\S)`,
  'i',
)
const MAX_REASON_LENGTH = 160

/** A comment that allows the secrets on its line. */
export interface InlineMarker {
  /** The marker in lower case: `oakum:allow`, `ggignore`, `pragma: allowlist secret`. */
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
  const marker = match[1].toLowerCase()
  return {
    marker: marker.startsWith('pragma') ? 'pragma: allowlist secret' : marker,
    reason: reasonBehind(line, match.index + match[0].length),
    index: match.index,
  }
}

/** Returns the marker of a line for the secrets below it. */
export function nextLineMarkerOf(line: string): Omit<InlineMarker, 'index'> | undefined {
  const match = nextLinePattern.exec(line)
  return match === null
    ? undefined
    : {
        marker: 'pragma: allowlist nextline secret',
        reason: reasonBehind(line, match.index + match[0].length),
      }
}

/** Returns the text between a marker and the end of its comment, or undefined. */
function reasonBehind(line: string, end: number): string | undefined {
  const reason = (line.slice(end, end + MAX_REASON_LENGTH).split(/[\r\n]/)[0] ?? '')
    .replace(/(?:\*\/|-->|#\}|--\]\]|\*\)|%>).*$/, '')
    .replace(/^[\s:,;-]+/, '')
    .trim()
  return reason === '' ? undefined : reason
}

/**
 * True when the line of a candidate, marker included, occurs in an older version of the file. In
 * UTF-16 a NUL byte separates the characters.
 */
export function markerExistedBefore(text: string, { parts }: Candidate): boolean {
  // A long line that was cut may begin or end with half a character.
  const [{ line: own, lineAbove }] = parts
  const lines = [...(lineAbove === undefined ? [] : [lineAbove.reveal()]), own.reveal()].join('\n')
  const line = lines.replaceAll(/^\uFFFD+|\uFFFD+$|[\r\n]+$/g, '')
  return (
    line !== '' &&
    (text.includes(line) || (text.includes('\0') && text.replaceAll('\0', '').includes(line)))
  )
}
