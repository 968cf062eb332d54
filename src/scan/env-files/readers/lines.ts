import type { EnvEntry } from '../parse.ts'
import { lineEndOf, trimmedEnd } from '../reading.ts'
import { tokenOfUrl } from './ini.ts'

type Line = Omit<EnvEntry, 'key'>

function* linesIn(text: string): Generator<Line> {
  for (let at = 0; at < text.length; ) {
    const lineEnd = lineEndOf(text, at)
    const end = trimmedEnd(text, at, lineEnd)
    if (end > at) yield { value: text.slice(at, end), start: at, end, others: [], commented: false }
    at = lineEnd + 1
  }
}

/** `.git-credentials`: `https://tom:password@host` a line, percent-encoded. */
export function readGitCredentials(text: string): readonly EnvEntry[] {
  return [...linesIn(text)]
    .filter(({ value }) => /^[a-z][a-z+.-]{1,30}:\/\//i.test(value))
    .map((line) => tokenOfUrl(line) ?? { ...line, key: 'url' })
}

/** `.pgpass`: `host:port:database:user:password` a line; `\:` and `\\` stand for themselves. */
export function readPgpass(text: string): readonly EnvEntry[] {
  return [...linesIn(text)].flatMap((line): readonly EnvEntry[] => {
    if (line.value.startsWith('#')) return []
    const head = /^(?:(?:[^:\\]|\\.){0,300}:){4}/.exec(line.value)?.[0]
    if (head === undefined) return []
    const raw = line.value.slice(head.length)
    return [
      {
        ...line,
        key: 'password',
        value: raw.replaceAll(/\\([:\\])/g, '$1'),
        start: line.start + head.length,
      },
    ]
  })
}

/** A file that is one key and nothing else: Rails' `master.key` of 32 hex digits. */
export function readRailsKey(text: string): readonly EnvEntry[] {
  return [...linesIn(text)]
    .filter(({ value }, _, all) => all.length === 1 && /^[0-9a-f]{32}$/.test(value))
    .map((line) => ({ ...line, key: 'MASTER_KEY' }))
}

/**
 * A file that is one password and nothing else, as `ansible-vault --vault-password-file` reads it.
 * A program that prints one begins with `#!`.
 */
export function readPassword(text: string): readonly EnvEntry[] {
  return [...linesIn(text)]
    .filter(
      ({ value }, _, all) =>
        all.length === 1 && !value.startsWith('#!') && !value.startsWith('$ANSIBLE_VAULT;'),
    )
    .map((line) => ({ ...line, key: 'password' }))
}

/**
 * `.netrc`: `machine host login user password secret`, over as many lines as one likes; quotes are
 * curl's.
 */
export function readNetrc(text: string): readonly EnvEntry[] {
  const entries: EnvEntry[] = []
  let before = ''
  for (const found of text.matchAll(
    /#[^\n]{0,1000}|"(?:[^"\\\n]|\\.){0,1000}"|[^\s"]\S{0,1000}/g,
  )) {
    const [token] = found
    // A password may begin with the sign of a comment.
    if (token.startsWith('#') && before !== 'password') continue
    const word = token.startsWith('#') ? (/^\S+/.exec(token)?.[0] ?? '') : token
    const quoted = word.startsWith('"')
    const start = found.index + (quoted ? 1 : 0)
    const end = found.index + word.length - (quoted ? 1 : 0)
    if (before === 'password' || before === 'account')
      entries.push({
        key: before,
        value: text.slice(start, end).replaceAll(/\\(["\\])/g, '$1'),
        start,
        end,
        others: [],
        commented: false,
      })
    before =
      before === 'password' || before === 'login' || before === 'machine' || before === 'account'
        ? ''
        : word
  }
  return entries
}
