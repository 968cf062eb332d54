/** Reads JSON files: .NET settings and Docker's `config.json`. */
import type { EnvEntry } from '../parse.ts'
import { base64Password } from './base64.ts'

/** A JSON string, a comment (which .NET's JSON allows), or a punctuation mark. */
const token =
  /"(?<string>(?:[^"\\\n]|\\.){0,20000})"|\/\/[^\n]{0,10000}|\/\*[^]{0,10000}?\*\/|[{}[\]:,]/g

/**
 * Limit of nesting. Deeper objects are read as if they were not nested; real settings are never
 * that deep.
 */
const MAX_DEPTH = 64

/**
 * Returns every `"key": "value"` of a JSON file, with the keys above it:
 * `ConnectionStrings.Default`. Accepts text that is not quite valid JSON.
 */
export function readJson(text: string): readonly EnvEntry[] {
  const entries: EnvEntry[] = []
  const path: string[] = []
  let key: string | undefined
  let last: string | undefined
  for (const match of text.matchAll(token)) {
    const string = match.groups?.['string']
    const [punctuation] = match
    if (string !== undefined) {
      if (key !== undefined) {
        const start = match.index + 1
        entries.push({
          key: [...path.slice(1), key].filter((part) => part !== '').join('.'),
          value: unescaped(string),
          start,
          end: start + string.length,
          alternatives: [],
          commented: false,
        })
      }
      last = string
      key = undefined
    } else if (punctuation === ':') key = last
    else if (punctuation === '{' || punctuation === '[') {
      if (path.length < MAX_DEPTH) path.push(key ?? '')
      key = undefined
    } else if (punctuation === '}' || punctuation === ']') {
      path.pop()
      key = undefined
    } else if (punctuation === ',') key = undefined
  }
  return entries
}

/**
 * Returns the credentials of Docker's `config.json`: the `auth` below `auths` is `user:password` in
 * base64; tokens are plain. Other files of that name have no `auths`.
 */
export function readDockerConfig(text: string): readonly EnvEntry[] {
  if (!/"auths"|^\s*\{\s*"[^"\n]{1,200}":\s*\{\s*"(?:auth|email)"/.test(text)) return []
  return readJson(text).flatMap((entry): readonly EnvEntry[] => {
    const name = entry.key.slice(entry.key.lastIndexOf('.') + 1)
    if (name === 'auth') return [base64Password(entry) ?? []].flat()
    return /^(?:identitytoken|registrytoken|password)$/.test(name)
      ? [{ ...entry, key: name.replace('token', '_token') }]
      : []
  })
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

/** Decodes the escapes of a JSON string: `\/`, `\u002B`. Characters above 255 stay as written. */
function unescaped(raw: string): string {
  if (!raw.includes('\\')) return raw
  return raw.replaceAll(
    /\\(?:u00([0-9A-Fa-f]{2})|([^u]))/g,
    (_, hex: string | undefined, char: string | undefined) =>
      hex === undefined
        ? (escapes[char ?? ''] ?? char ?? '')
        : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
