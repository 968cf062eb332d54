import type { Origin, Place } from '../../model/model.ts'
import { escapeForTerminal } from '../terminal/escape.ts'

/**
 * `config/prod.env:3`, `dist/x.tgz > x.tar/a.ini:3`, `message of 3f2a9c1d`: where a place is, in
 * one line. Escaped.
 */
export function whereText(place: Place): string {
  return place.origin.inName === true
    ? `the name of ${nameText(place.origin)}`
    : `${nameText(place.origin)}:${place.span.line}`
}

/** The file, message or object that a place is in. Escaped. */
export function nameText(origin: Origin): string {
  return escapeForTerminal(
    origin.member === undefined ? outerName(origin) : `${outerName(origin)} > ${origin.member}`,
  )
}

function outerName({ kind, path, object, commit }: Origin): string {
  if (kind === 'stdin') return 'standard input'
  if (kind === 'message') return `message of ${(commit ?? object ?? '').slice(0, 12)}`
  return path?.text ?? `object ${(object ?? '').slice(0, 12)}`
}
