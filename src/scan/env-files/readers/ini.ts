/** Reads INI files: `.pypirc`, `.my.cnf`, `.npmrc` and git's `config`. */
import type { EnvEntry } from '../parse.ts'
import { lineEndOf, trimmedEnd } from '../parsed-value.ts'
import { base64Password } from './base64.ts'

const section =
  /^\s*\[(?<name>[^\]"\n]{0,200}?)\s{0,20}(?:"(?<sub>(?:[^"\\\n]|\\.){0,1000})")?\s{0,20}\]/d
const setting = /^(?<key>[^=\s#;[][^=\s]{0,500}?)[ \t]*(?:=|:[ \t])[ \t]*(?<value>.*)$/d

/** A line `key = value`, with its section and the offsets of the value. */
interface Setting {
  readonly section: string
  readonly key: string
  readonly value: string
  readonly start: number
  readonly end: number
}

/**
 * Yields the settings of an INI file. The quoted part of a section (`[remote "origin"]`) is a
 * setting with the key ''.
 */
function* iniSettings(text: string): Generator<Setting> {
  let name = ''
  for (let at = 0; at < text.length; ) {
    const lineEnd = lineEndOf(text, at)
    const line = text.slice(at, trimmedEnd(text, at, lineEnd))
    const head = section.exec(line)
    if (head !== null) {
      name = head.groups?.['name']?.toLowerCase() ?? ''
      const sub = head.indices?.groups?.['sub']
      if (sub !== undefined)
        yield {
          section: name,
          key: '',
          value: line.slice(...sub),
          start: at + sub[0],
          end: at + sub[1],
        }
    }
    const lead = /^[ \t]*/.exec(line)?.[0].length ?? 0
    const match = setting.exec(line.slice(lead))
    const value = match?.indices?.groups?.['value']
    const key = match?.groups?.['key']
    if (key !== undefined && value !== undefined)
      yield { section: name, key, ...unquoted(line, at, lead + value[0]) }
    at = lineEnd + 1
  }
}

/** Removes the quotes of a value, or cuts an unquoted value at a comment. */
function unquoted(
  line: string,
  at: number,
  from: number,
): Pick<Setting, 'value' | 'start' | 'end'> {
  const quoted = /^(["'])(?<inner>.*)\1$/.exec(line.slice(from))?.groups?.['inner']
  const start = quoted === undefined ? from : from + 1
  const value =
    quoted ??
    line
      .slice(from)
      .replace(/[ \t][#;].*$/, '')
      .trimEnd()
  return { value, start: at + start, end: at + start + value.length }
}

/** Returns the settings of `.pypirc` or `.my.cnf` as entries. */
export function readIni(text: string): readonly EnvEntry[] {
  return [...iniSettings(text)]
    .filter(({ key }) => key !== '')
    .map(({ key, value, start, end }) => ({
      key,
      value,
      start,
      end,
      alternatives: [],
      commented: false,
    }))
}

/**
 * Returns the settings of `.npmrc`. `//registry.npmjs.org/:_authToken=…`: the name follows the
 * registry. `_auth` is `user:password` in base64.
 */
export function readNpmrc(text: string): readonly EnvEntry[] {
  return readIni(text).map((entry) => {
    const key = entry.key.slice(entry.key.lastIndexOf(':') + 1).replace(/^_/, '')
    return key === 'auth'
      ? (base64Password({ ...entry, key }) ?? { ...entry, key })
      : { ...entry, key }
  })
}

/**
 * Returns the secrets that a repository's own configuration may hold: addresses with a password or
 * token, HTTP headers, and mail passwords.
 */
export function readGitConfig(text: string): readonly EnvEntry[] {
  return [...iniSettings(text)].flatMap(
    ({ section: name, key, value, start, end }): readonly EnvEntry[] => {
      const lower = key.toLowerCase()
      const entry = { value, start, end, alternatives: [], commented: false }
      if (lower === 'extraheader') return headerEntry(entry)
      if (/^[a-z][a-z+.-]{1,30}:\/\//i.test(value))
        return [tokenOfUrl(entry) ?? { ...entry, key: lower === '' ? name : lower }]
      return /(?:pass|password|token|secret)$/.test(lower)
        ? [{ ...entry, key: `${name}.${lower}` }]
        : []
    },
  )
}

/**
 * Returns the credential of an HTTP header that CI jobs leave behind: `AUTHORIZATION: basic eC1h…`
 * and `Authorization: Bearer …`.
 */
function headerEntry(entry: Omit<EnvEntry, 'key'>): readonly EnvEntry[] {
  const match =
    /^(?:proxy-)?authorization:\s{0,10}(?<scheme>basic|bearer|token)\s{1,10}(?<secret>\S{1,2000})$/di.exec(
      entry.value,
    )
  const span = match?.indices?.groups?.['secret']
  if (match === null || span === undefined) return []
  const secret = {
    ...entry,
    key: 'extraheader.token',
    value: entry.value.slice(...span),
    start: entry.start + span[0],
    end: entry.start + span[1],
  }
  return [
    match.groups?.['scheme']?.toLowerCase() === 'basic'
      ? (base64Password({ ...secret, key: 'extraheader.password' }) ?? secret)
      : secret,
  ]
}

/** Returns the token in `https://TOKEN@github.com/…`: a user name too long to be one. */
export function tokenOfUrl(entry: Omit<EnvEntry, 'key'>): EnvEntry | undefined {
  const at = /^[a-z][a-z+.-]{1,30}:\/\/(?<token>[\w.~%-]{16,300})(?::(?:x-oauth-basic)?)?@/di.exec(
    entry.value,
  )?.indices?.groups?.['token']
  return at === undefined
    ? undefined
    : {
        ...entry,
        key: 'url.token',
        value: entry.value.slice(...at),
        start: entry.start + at[0],
        end: entry.start + at[1],
      }
}
