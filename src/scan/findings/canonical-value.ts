/**
 * Removes the traces of file formats from a value, so that its fingerprint is the same everywhere.
 */
import type { Rule } from '../../model/rule.ts'

/** Shortest body of an armoured key, in base64 characters. A shorter body is no key. */
const MIN_KEY_LENGTH = 32

/**
 * Returns `text` without the changes a file format made, so that one credential in a PEM file, a
 * JSON string and an indented YAML block is one value. A value that a person chose stays byte for
 * byte, because every character may be meant.
 */
export function canonicalValue(text: string, madeBy: Rule['madeBy']): string {
  const armoured = armouredKeyOf(text)
  if (armoured !== undefined) return armoured
  return madeBy === 'machine' ? unescaped(text.trim()) : text
}

/**
 * Decodes `\/` of PHP, `\u002B` of .NET and `%2F` of URLs. No machine-made secret has a backslash
 * or percent sign of its own.
 */
function unescaped(text: string): string {
  return text
    .replaceAll(/\\u00([2-7][0-9a-f])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
    .replaceAll(/%([2-7][0-9a-f])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
    .replaceAll(/\\+\//g, '/')
}

/**
 * Returns the base64 characters of an armoured key's body, without label, header lines, padding and
 * PGP's `=crc` line, or undefined for other texts. Forms in files:
 *
 *     -----BEGIN RSA PRIVATE KEY-----
 * MIIE…
 * …==
 * -----END RSA PRIVATE KEY-----
 *       JSON
 *     "-----BEGIN PRIVATE KEY-----
 * " +⏎ "MIIE…
 * " +⏎ source code
 *     # -----BEGIN PRIVATE KEY-----⏎# MIIE…⏎                                            commented out
 */
function armouredKeyOf(text: string): string | undefined {
  const begin = /-----BEGIN [^-]{0,60}-----/.exec(text)
  if (begin === null) return undefined
  const rest = text.slice(begin.index + begin[0].length)
  const end = rest.indexOf('-----END')
  const body = (end === -1 ? rest : rest.slice(0, end))
    .replaceAll(/\\+\//g, '/')
    .replaceAll(/\\u002b/gi, '+')
    .replaceAll(/\\u003d/gi, '=')
    .replaceAll(/\\+[nrt]/g, '\n')
    .replaceAll(/["'`]\s{0,100}(?:[+.]\s{0,100})?["'`]/g, '')
  const lines = withoutLogPrefixes(body.split(/[\r\n]+/), end !== -1).map((line) =>
    line
      .replace(/^\s*(?:\/\/|#|\*|>)\s+/, '')
      .replace(/\\\s*$/, '')
      .trim(),
  )
  const key = lines
    .filter((line) => !/^[A-Za-z-]{1,40}:/.test(line) && !line.startsWith('='))
    .join('')
    .replaceAll(/[^A-Za-z0-9+/]/g, '')
  return key.length < MIN_KEY_LENGTH ? undefined : key
}

/** A full line of a key behind the time, level or name that a log puts before each line. */
const loggedLine = /^.{0,160}[^A-Za-z0-9+/=\s].{0,160}\s[A-Za-z0-9+/]{40,76}={0,2}\s*$/

/**
 * Removes what a log puts before the lines of a key, when it does so before several. Before the end
 * line nothing else stands on the last line.
 */
function withoutLogPrefixes(lines: readonly string[], hasEnd: boolean): readonly string[] {
  if (lines.filter((line) => loggedLine.test(line)).length < 2) return lines
  return (hasEnd ? lines.slice(0, -1) : lines).map(
    (line) => /\s([A-Za-z0-9+/=]{1,76})\s*$/.exec(line)?.[1] ?? '',
  )
}
