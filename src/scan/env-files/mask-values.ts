/**
 * Masks the values on a line of an env file or another file of credentials. Such a line is secret as
 * a whole: a value beside the found one may be a password that no rule recognized.
 */
import { isWordLike } from '../../model/random-text.ts'
import type { Origin } from '../../model/model.ts'
import { readerForPath } from './reader.ts'

/** The name of an entry: `export NAME=`, `# NAME:`. */
const entryName = /^[\s#;]*(?:(?:export|set)\s+)?[A-Za-z_][\w.-]*\s*[=:]/

/** True for an origin whose lines are entries with values. */
export function isEntryFile({ path, member, isEnvFile, inName }: Origin): boolean {
  const name = member ?? path?.text
  if (inName === true) return false
  return isEnvFile === true || (name !== undefined && readerForPath(name) !== undefined)
}

/** Masks the values of a line, or of its beginning, and keeps the name before them. */
export function maskEntryLine(line: string): string {
  const name = entryName.exec(line)?.[0] ?? ''
  return name + maskValues(line.slice(name.length))
}

/** Masks everything in a text but numbers, booleans, words and what stands between those. */
export function maskValues(text: string): string {
  return text.replaceAll(/[^\s"'`:/?&=,;@._()<>[\]{}-]+/g, (value) =>
    isPlain(value) ? value : '…',
  )
}

/** True for numbers, words and a mark or two, such as the `#` of a comment. */
function isPlain(value: string): boolean {
  if (/^(?:\d+|[!#$%&*+|~^\\]{1,2})$/.test(value)) return true
  return /^[A-Za-z]+$/.test(value) && isWordLike(value)
}
