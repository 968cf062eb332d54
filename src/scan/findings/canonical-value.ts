import type { Rule } from '../../model/rule.ts'

/** A shorter body is not a key: it stays as it is. */
const minKeyCharacters = 32

/**
 * `text` without what a file format did to it, so that one credential in a PEM file, a JSON string
 * and an indented YAML block is one value. What a person chose stays byte for byte, because there
 * every character may be meant.
 */
export function canonicalValue(text: string, madeBy: Rule['madeBy']): string {
  const armoured = armouredKeyOf(text)
  if (armoured !== undefined) return armoured
  return madeBy === 'machine' ? unescaped(text.trim()) : text
}

/**
 * `\/` of PHP, `\u002B` of .NET, `%2F` of URLs: no machine-made secret holds a backslash or a
 * percent sign of its own.
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
 * The base64 characters of an armoured key's body, without label, header lines, padding and PGP's
 * `=crc` line; nothing for other texts.
 *
 *     -----BEGIN RSA PRIVATE KEY-----\nMIIE…\n…==\n-----END RSA PRIVATE KEY-----\n      JSON
 *     "-----BEGIN PRIVATE KEY-----\n" +⏎    "MIIE…\n" +⏎                                source code
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
  const lines = body.split(/[\r\n]+/).map((line) =>
    line
      .replace(/^\s*(?:\/\/|#|\*|>)\s+/, '')
      .replace(/\\\s*$/, '')
      .trim(),
  )
  const key = lines
    .filter((line) => !/^[A-Za-z-]{1,40}:/.test(line) && !line.startsWith('='))
    .join('')
    .replaceAll(/[^A-Za-z0-9+/]/g, '')
  return key.length < minKeyCharacters ? undefined : key
}
