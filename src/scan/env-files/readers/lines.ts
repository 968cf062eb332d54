/**
 * Reads credentials files without sections: `.git-credentials`, `.pgpass`, `.netrc` and
 * single-value files.
 */
import type { EnvEntry } from '../parse.ts'
import { lineEndOf, trimmedEnd } from '../parsed-value.ts'
import { tokenOfUrl } from './ini.ts'

type Line = Omit<EnvEntry, 'key'>

function* linesIn(text: string): Generator<Line> {
  for (let at = 0; at < text.length; ) {
    const lineEnd = lineEndOf(text, at)
    const end = trimmedEnd(text, at, lineEnd)
    if (end > at)
      yield { value: text.slice(at, end), start: at, end, alternatives: [], commented: false }
    at = lineEnd + 1
  }
}

/**
 * Returns the passwords of `.git-credentials`: lines `https://tom:password@host`, percent-encoded.
 */
export function readGitCredentials(text: string): readonly EnvEntry[] {
  return [...linesIn(text)]
    .filter(({ value }) => /^[a-z][a-z+.-]{1,30}:\/\//i.test(value))
    .map((line) => tokenOfUrl(line) ?? { ...line, key: 'url' })
}

/**
 * Returns the passwords of `.pgpass`: lines `host:port:database:user:password`, in which `\:` and
 * `\\` are escapes.
 */
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

/**
 * Returns the key of a file that is one key and nothing else: Rails' `master.key` of 32 hex digits.
 */
export function readRailsKey(text: string): readonly EnvEntry[] {
  return [...linesIn(text)]
    .filter(({ value }, _, all) => all.length === 1 && /^[0-9a-f]{32}$/.test(value))
    .map((line) => ({ ...line, key: 'MASTER_KEY' }))
}

/**
 * Returns the password of a file that is one line, as `ansible-vault --vault-password-file` reads
 * it. A file with `#!` is a program that prints the password.
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
 * Returns the passwords of `.netrc`: `machine host login user password secret`, over any number of
 * lines. Quotes are an extension of curl.
 */
export function readNetrc(text: string): readonly EnvEntry[] {
  const entries: EnvEntry[] = []
  let before = ''
  for (const match of text.matchAll(
    /#[^\n]{0,1000}|"(?:[^"\\\n]|\\.){0,1000}"|[^\s"]\S{0,1000}/g,
  )) {
    const [token] = match
    // A password may begin with a `#`.
    if (token.startsWith('#') && before !== 'password') continue
    const word = token.startsWith('#') ? (/^\S+/.exec(token)?.[0] ?? '') : token
    const quoted = word.startsWith('"')
    const start = match.index + (quoted ? 1 : 0)
    const end = match.index + word.length - (quoted ? 1 : 0)
    if (before === 'password' || before === 'account')
      entries.push({
        key: before,
        value: text.slice(start, end).replaceAll(/\\(["\\])/g, '$1'),
        start,
        end,
        alternatives: [],
        commented: false,
      })
    before =
      before === 'password' || before === 'login' || before === 'machine' || before === 'account'
        ? ''
        : word
  }
  return entries
}
