import type { Candidate } from '../../model/model.ts'

/**
 * Does the line of a candidate, with the marker on it, stand in a text? UTF-16 has NUL bytes
 * between its characters.
 */
export function markerExistedBefore(text: string, { parts }: Candidate): boolean {
  // Where a long line was cut, half a character may be left.
  const line = parts[0].line.reveal().replaceAll(/^\uFFFD+|\uFFFD+$|[\r\n]+$/g, '')
  return (
    line !== '' &&
    (text.includes(line) || (text.includes('\0') && text.replaceAll('\0', '').includes(line)))
  )
}
