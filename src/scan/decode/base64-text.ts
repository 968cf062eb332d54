// Base64 in text: how keywords look in it, and how it is decoded around them.
import type { Keyword } from '../../model/rule.ts'
import { applyEdits, type Edit, type MappedText } from './mapped-text.ts'
import { MAX_RUN, MIN_RUN } from './decode-margin.ts'

/** Base64 characters that encode (part of) a keyword. */
export interface Base64Keyword {
  readonly text: string
  /** Characters from the beginning of a group of four to the first of `text`. */
  readonly groupOffset: number
}

/** Base64 keywords that are searched for together. */
export interface Base64Keywords {
  readonly keywords: readonly Base64Keyword[]
  /** Matches any of them. Nearly no text has one, and there are dozens. */
  readonly pattern: RegExp
}

const runs = new RegExp(
  `(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{${MIN_RUN},${MAX_RUN}}={0,2}(?![A-Za-z0-9+/=])`,
  'g',
)

const TAB = 9

/** Value in `sextets` of a character that is not base64. */
const NOT_BASE64 = 64

/** For each character its six bits. */
const sextets = new Uint8Array(256).fill(NOT_BASE64)
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
for (const [bits, char] of Array.from(ALPHABET).entries()) sextets[char.charCodeAt(0)] = bits

/**
 * Returns the forms of a keyword within base64. It can begin at any of the three bytes of a group,
 * and its first and last base64 character may depend on the neighbouring bytes too, and are
 * omitted: `AKIA` is `QUtJQ…`, `?FLSU…` or `??BS0lB`.
 */
export function base64Keywords({ text, ignoreCase }: Keyword): readonly Base64Keyword[] {
  const lower = text.toLowerCase()
  const spellings = ignoreCase
    ? [lower, lower.charAt(0).toUpperCase() + lower.slice(1), text.toUpperCase()]
    : [text]
  return spellings.flatMap((spelling) =>
    [0, 1, 2].map((shift) => {
      const first = Math.ceil((8 * shift) / 6)
      const shifted = Buffer.concat([Buffer.alloc(shift), Buffer.from(spelling, 'latin1')])
      const encoded = shifted.toString('base64')
      return {
        text: encoded.slice(first, Math.floor((8 * (shift + spelling.length)) / 6)),
        groupOffset: first % 4,
      }
    }),
  )
}

/** Prepares keywords for `decodeBase64`. */
export function combineKeywords(keywords: readonly Base64Keyword[]): Base64Keywords {
  // `+` is the only base64 character with a meaning in patterns.
  const alternatives = keywords.map(({ text }) => text.replaceAll('+', String.raw`\+`))
  return {
    keywords,
    pattern: new RegExp(alternatives.length === 0 ? '(?!)' : alternatives.join('|')),
  }
}

/**
 * Decodes base64 around keywords, and all short runs of base64. Returns the same object when there
 * is none.
 */
export function decodeBase64(
  source: MappedText,
  { keywords, pattern }: Base64Keywords,
): MappedText {
  const { text } = source
  const aroundKeywords = pattern.test(text)
    ? keywords.flatMap((keyword) => decodeAtEach(text, keyword))
    : []
  const edits = [...aroundKeywords, ...shortRuns(text)]
  edits.sort((a, b) => a.from - b.from || b.to - a.to)
  let end = -1
  return applyEdits(
    source,
    edits.filter(({ from, to }) => from >= end && (end = to) >= 0),
  )
}

/** Decodes the base64 around each occurrence of a keyword. */
function decodeAtEach(text: string, keyword: Base64Keyword): readonly Edit[] {
  const edits: Edit[] = []
  for (let at = text.indexOf(keyword.text); at >= 0; at = text.indexOf(keyword.text, at + 1)) {
    const last = edits.at(-1)
    if (last !== undefined && at < last.to) continue
    const edit = decodeAround(text, at - keyword.groupOffset)
    if (edit !== undefined) edits.push(edit)
  }
  return edits
}

/** Decodes the group at `start` and those behind and before it, as far as they are readable. */
function decodeAround(text: string, start: number): Edit | undefined {
  const groups: Group[] = []
  for (let group = readGroup(text, start, 1); group !== undefined; ) {
    groups.push(group)
    group = group.bytes.length < 3 ? undefined : readGroup(text, group.to, 1)
  }
  if (groups.length === 0) return undefined
  const before: Group[] = []
  for (let group = readGroup(text, start - 1, -1); group !== undefined; ) {
    before.push(group)
    group = readGroup(text, group.from - 1, -1)
  }
  return editOf([...before.reverse(), ...groups])
}

/** Three bytes, fewer in the last group, and the places of the characters that encode them. */
interface Group {
  readonly bytes: readonly number[]
  readonly places: readonly number[]
  readonly from: number
  readonly to: number
}

/**
 * Reads the next four base64 characters in a direction, across line ends and indentation. Undefined
 * when they do not encode readable text.
 */
function readGroup(text: string, start: number, step: 1 | -1): Group | undefined {
  const places: number[] = []
  let at = start
  for (; places.length < 4 && at >= 0 && at < text.length; at += step) {
    if (sextetAt(text, at) < NOT_BASE64) places.push(at)
    else if (!isLineBreak(text, at)) break
  }
  if (step < 0) places.reverse()
  // Only the last group may be short, and only padding ends it.
  if (places.length < 4 && (step < 0 || places.length < 2)) return undefined
  const bytes = bytesOf(text, places)
  if (!bytes.every(isReadable)) return undefined
  const padding = places.length < 4 ? /^={0,2}/.exec(text.slice(at, at + 2)) : null
  return {
    bytes,
    places,
    from: places[0] ?? start,
    to: (places.at(-1) ?? start) + 1 + (padding?.[0].length ?? 0),
  }
}

/** Decodes two to four characters to one to three bytes. */
function bytesOf(text: string, places: readonly number[]): readonly number[] {
  let bits = 0
  for (let place = 0; place < 4; place += 1)
    bits = (bits << 6) | (place < places.length ? sextetAt(text, places[place] ?? 0) : 0)
  return [bits >>> 16, (bits >>> 8) & 255, bits & 255].slice(0, places.length - 1)
}

function sextetAt(text: string, at: number): number {
  return sextets[text.charCodeAt(at)] ?? NOT_BASE64
}

/** True for a line end, and for a blank that indents a line. */
function isLineBreak(text: string, at: number): boolean {
  const char = text.charAt(at)
  if (char === '\n' || char === '\r') return true
  if (char !== ' ' && char !== '\t') return false
  let before = at
  while (text.charAt(before) === ' ' || text.charAt(before) === '\t') before -= 1
  return text.charAt(before) === '\n'
}

function editOf(groups: readonly Group[]): Edit {
  const from = groups[0]?.from ?? 0
  const ranges = groups.flatMap(({ bytes, places }) =>
    // Characters 0 and 1 encode byte 0, characters 1 and 2 byte 1, characters 2 and 3 byte 2.
    bytes.map((_, at) => [(places[at] ?? 0) - from, (places[at + 1] ?? 0) + 1 - from] as const),
  )
  const text = Buffer.from(groups.flatMap(({ bytes }) => bytes)).toString('latin1')
  return { from, to: groups.at(-1)?.to ?? from, text, rangeOf: (index) => ranges[index] ?? [0, 0] }
}

/** Decodes runs of base64 of MIN_RUN to MAX_RUN characters that encode readable text. */
function* shortRuns(text: string): Generator<Edit> {
  for (const { 0: run, index } of text.matchAll(runs)) {
    const body = run.replace(/=+$/, '')
    if (body.length % 4 === 1 || (run.length !== body.length && run.length % 4 !== 0)) continue
    // The first bytes tell nearly all other text from base64.
    if (!Buffer.from(body.slice(0, 8), 'base64').every(isReadable)) continue
    const bytes = Buffer.from(body, 'base64')
    if (!bytes.every(isReadable)) continue
    yield {
      from: index,
      to: index + run.length,
      text: bytes.toString('latin1'),
      rangeOf: (at) => [Math.floor((8 * at) / 6), Math.floor((8 * at + 7) / 6) + 1],
    }
  }
}

function isReadable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || (byte >= TAB && byte <= 0x0d)
}
