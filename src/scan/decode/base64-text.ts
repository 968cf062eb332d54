import type { Keyword } from '../../model/rule.ts'
import { edit, type Edit, type MappedText } from './mapped-text.ts'
import { MAX_RUN, MIN_RUN } from './decode-margin.ts'

/**
 * What four characters of base64 that spell (part of) a keyword look like, and where among them a
 * group of four begins.
 */
export interface Base64Keyword {
  readonly text: string
  /** Characters from the beginning of a group of four to the first of `text`. */
  readonly intoGroup: number
}

/** What is looked for in one text. */
export interface Base64Keywords {
  readonly each: readonly Base64Keyword[]
  /** Is one of them there? Nearly no text has any, and there are dozens. */
  readonly any: RegExp
}

const runs = new RegExp(
  `(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{${MIN_RUN},${MAX_RUN}}={0,2}(?![A-Za-z0-9+/=])`,
  'g',
)

const TAB = 9

/** Six bits for each character of base64, and more for others. */
const sextets = new Uint8Array(256).fill(64)
for (const [bits, char] of Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
).entries())
  sextets[char.charCodeAt(0)] = bits

/**
 * The forms that a keyword has inside of base64: it begins at any of the three bytes of a group,
 * and its first and last character may share one with its neighbours. `AKIA` is `QUtJQ…`, `?FLSU…`
 * or `??BS0lB`.
 */
export function base64Keywords({ text, ignoreCase }: Keyword): readonly Base64Keyword[] {
  const lower = text.toLowerCase()
  const spellings = ignoreCase
    ? [lower, lower.charAt(0).toUpperCase() + lower.slice(1), text.toUpperCase()]
    : [text]
  return spellings.flatMap((spelling) =>
    [0, 1, 2].map((shift) => {
      const first = Math.ceil((8 * shift) / 6)
      const encoded = Buffer.concat([
        Buffer.alloc(shift),
        Buffer.from(spelling, 'latin1'),
      ]).toString('base64')
      return {
        text: encoded.slice(first, Math.floor((8 * (shift + spelling.length)) / 6)),
        intoGroup: first % 4,
      }
    }),
  )
}

/** Anchors that are looked for together. */
export function together(each: readonly Base64Keyword[]): Base64Keywords {
  // Of the characters of base64 only `+` means something in a pattern.
  return {
    each,
    any: new RegExp(
      each.length === 0
        ? '(?!)'
        : each.map(({ text }) => text.replaceAll('+', String.raw`\+`)).join('|'),
    ),
  }
}

/**
 * Reads base64 where anchors stand in it, and short runs of it wherever they are; the same object
 * where there is none.
 */
export function decodeBase64(source: MappedText, { each, any }: Base64Keywords): MappedText {
  const { text } = source
  const edits = [
    ...(any.test(text) ? each.flatMap((anchor) => placesOf(text, anchor)) : []),
    ...shortRuns(text),
  ]
  edits.sort((a, b) => a.from - b.from || b.to - a.to)
  let end = -1
  return edit(
    source,
    edits.filter(({ from, to }) => from >= end && (end = to) >= 0),
  )
}

function placesOf(text: string, anchor: Base64Keyword): readonly Edit[] {
  const edits: Edit[] = []
  for (let at = text.indexOf(anchor.text); at >= 0; at = text.indexOf(anchor.text, at + 1)) {
    const last = edits.at(-1)
    if (last !== undefined && at < last.to) continue
    const found = decodeAround(text, at - anchor.intoGroup)
    if (found !== undefined) edits.push(found)
  }
  return edits
}

/**
 * Decodes group after group, to the right and to the left of the one at `group`, while they are
 * readable text.
 */
function decodeAround(text: string, group: number): Edit | undefined {
  const groups: Group[] = []
  for (
    let next = groupFrom(text, group, 1);
    next !== undefined;
    next = next.bytes.length < 3 ? undefined : groupFrom(text, next.to, 1)
  )
    groups.push(next)
  if (groups.length === 0) return undefined
  const before: Group[] = []
  for (
    let next = groupFrom(text, group - 1, -1);
    next !== undefined;
    next = groupFrom(text, next.from - 1, -1)
  )
    before.push(next)
  return editOf([...before.reverse(), ...groups])
}

/** Three bytes, or fewer at the end, and the places of the four characters they were written as. */
interface Group {
  readonly bytes: readonly number[]
  readonly places: readonly number[]
  readonly from: number
  readonly to: number
}

/**
 * The next four characters in a direction, line ends and blanks behind them left out; nothing when
 * they are no readable text.
 */
function groupFrom(text: string, start: number, step: 1 | -1): Group | undefined {
  const places: number[] = []
  let at = start
  for (; places.length < 4 && at >= 0 && at < text.length; at += step) {
    if (sextetAt(text, at) < 64) places.push(at)
    else if (!isLineBreak(text, at)) break
  }
  if (step < 0) places.reverse()
  // Only the last group may be short, and only padding ends it.
  if (places.length < 4 && (step < 0 || places.length < 2)) return undefined
  const bytes = bytesOf(text, places)
  if (!bytes.every(isReadable)) return undefined
  const padded = places.length < 4 ? (/^={0,2}/.exec(text.slice(at, at + 2))?.[0].length ?? 0) : 0
  return { bytes, places, from: places[0] ?? start, to: (places.at(-1) ?? start) + 1 + padded }
}

/** Two to four characters are one to three bytes. */
function bytesOf(text: string, places: readonly number[]): readonly number[] {
  let bits = 0
  for (let place = 0; place < 4; place += 1)
    bits = (bits << 6) | (place < places.length ? sextetAt(text, places[place] ?? 0) : 0)
  return [bits >>> 16, (bits >>> 8) & 255, bits & 255].slice(0, places.length - 1)
}

function sextetAt(text: string, at: number): number {
  return sextets[text.charCodeAt(at)] ?? 64
}

/** A line end within base64, or a blank beside one. */
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
    // Byte 0 is in characters 0 and 1, byte 1 in 1 and 2, byte 2 in 2 and 3.
    bytes.map((_, at) => [(places[at] ?? 0) - from, (places[at + 1] ?? 0) + 1 - from] as const),
  )
  const text = Buffer.from(groups.flatMap(({ bytes }) => bytes)).toString('latin1')
  return { from, to: groups.at(-1)?.to ?? from, text, rangeOf: (index) => ranges[index] ?? [0, 0] }
}

function* shortRuns(text: string): Generator<Edit> {
  for (const { 0: run, index } of text.matchAll(runs)) {
    const body = run.replace(/=+$/, '')
    if (body.length % 4 === 1 || (run.length !== body.length && run.length % 4 !== 0)) continue
    // Nearly all that looks like base64 and is none is told by its first bytes.
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
