/** Reads the entries of a Secret of Kubernetes, in YAML or JSON. */
import type { KeywordText, TextEntry } from './entry.ts'

/** `kind: Secret`, and not `kind: SecretStore`. */
const kind = /["']?kind["']?\s?:\s?["']?Secret["']?\s{0,8}(?:[\r\n,}]|$)/y

/** `data:` on a line of its own, with the lines below it that are indented further. */
const yamlBlock =
  /^(?<indent> {0,12})(?:- )?(?<field>data|stringData):[ \t]{0,8}\r?\n(?<body>(?:\k<indent> [^\n]{0,4096}(?:\n|$)|[ \t]{0,40}\r?\n){1,200})/dgm
const yamlEntry =
  /^ {1,40}(?<name>["']?[\w.-]{1,120}["']?):[ \t]{1,8}(?<quote>["']?)(?<value>[^\s"'][^\n"']{2,4000}?)\k<quote>[ \t\r]{0,8}$/dgm

const jsonBlock = /"(?<field>data|stringData)"\s{0,8}:\s{0,8}\{(?<body>[^{}]{0,8000})\}/dg
const jsonEntry = /"(?<name>[\w.-]{1,120})"\s{0,8}:\s{0,8}"(?<value>[^"\n]{3,4000})"/dg

/** Yields the entries of the Secret whose `kind` stands at the keyword; `data` is decoded. */
export function* readKubernetes({ text, at }: KeywordText): Generator<TextEntry> {
  kind.lastIndex = at
  if (!kind.test(text)) return
  const isJson = text.charAt(at) === '"'
  // A document lies between two marks, and never around another kind: so texts full of kinds are
  // read once.
  const begin = Math.max(
    0,
    text.lastIndexOf('\n---', at) + 1,
    at < 6 ? 0 : text.lastIndexOf('kind', at - 1),
  )
  const document = text.slice(begin, endOf(text, at + 4))
  for (const block of document.matchAll(isJson ? jsonBlock : yamlBlock)) {
    const body = block.indices?.groups?.['body']
    if (body === undefined) continue
    for (const match of document.slice(...body).matchAll(isJson ? jsonEntry : yamlEntry)) {
      const span = match.indices?.groups?.['value']
      const [name, raw] = [match.groups?.['name'], match.groups?.['value']]
      if (span === undefined || name === undefined || raw === undefined) continue
      const from = begin + body[0]
      const place = { start: from + span[0], end: from + span[1], syntax: 'assignment' as const }
      yield* entriesOf(name, block.groups?.['field'] === 'data' ? decoded(raw) : raw, place)
    }
  }
}

/** Returns where the document around the kind before `from` ends. */
function endOf(text: string, from: number): number {
  const ends = [text.indexOf('\n---', from), text.indexOf('kind', from)].filter((end) => end >= 0)
  return Math.min(text.length, ...ends)
}

type Place = Pick<TextEntry, 'start' | 'end' | 'syntax'>

/** Yields a value, or the passwords in it when it is the configuration of a registry. */
function* entriesOf(name: string, value: string | undefined, place: Place): Generator<TextEntry> {
  if (value === undefined) return
  const rest = { ...place, delimited: true, decoded: true as const }
  if (!/dockerc(?:onfig|fg)/.test(name)) {
    yield { name: name.replaceAll(/["']/g, ''), value: value.trim(), ...rest }
    return
  }
  for (const [, auth] of value.matchAll(/"auth"\s{0,8}:\s{0,8}"([A-Za-z0-9+/=]{4,4000})"/g)) {
    const login = decoded(auth ?? '') ?? ''
    yield { name: 'password', value: login.slice(login.indexOf(':') + 1), ...rest }
  }
}

/** Returns what base64 says when that is text. */
function decoded(value: string): string | undefined {
  if (!/^[A-Za-z0-9+/]{4,4000}={0,2}$/.test(value)) return undefined
  const text = Buffer.from(value, 'base64').toString('latin1')
  return /^[\x20-\x7e\s]+$/.test(text) ? text : undefined
}
