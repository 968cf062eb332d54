import type { EnvEntry } from '../parse.ts'
import { base64Password } from './base64.ts'

/** A string of JSON, a comment of the JSON that .NET reads, or a sign. */
const token =
  /"(?<string>(?:[^"\\\n]|\\.){0,20000})"|\/\/[^\n]{0,10000}|\/\*[^]{0,10000}?\*\/|[{}[\]:,]/g

/** Deeper objects are read as if they were not nested; no settings are. */
const maxDepth = 64

/**
 * Every `"key": "value"` of a JSON file, with the keys above it: `ConnectionStrings.Default`. Takes
 * what is not quite JSON too.
 */
export function readJson(text: string): readonly EnvEntry[] {
  const entries: EnvEntry[] = []
  const path: string[] = []
  let key: string | undefined
  let last: string | undefined
  for (const found of text.matchAll(token)) {
    const string = found.groups?.['string']
    const [sign] = found
    if (string !== undefined) {
      if (key !== undefined) {
        const start = found.index + 1
        entries.push({
          key: [...path.slice(1), key].filter((part) => part !== '').join('.'),
          value: unescaped(string),
          start,
          end: start + string.length,
          others: [],
          commented: false,
        })
      }
      last = string
      key = undefined
    } else if (sign === ':') key = last
    else if (sign === '{' || sign === '[') {
      if (path.length < maxDepth) path.push(key ?? '')
      key = undefined
    } else if (sign === '}' || sign === ']') {
      path.pop()
      key = undefined
    } else if (sign === ',') key = undefined
  }
  return entries
}

/**
 * Docker's `config.json`: the `auth` below `auths` is `user:password` in base64; tokens stand as
 * they are. Other files of that name have no `auths`.
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

/** `\/`, `\u002B`; characters beyond a byte stay as they are written. */
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
