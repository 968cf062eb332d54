// The structure around a secret: the line, item, section, brackets and elements that contain it, and
// the words of its name. Parts of one credential usually share them, so pairing compares layouts.
import { wordsAt } from './part-name.ts'

/** Bytes before a secret that are read. */
const MAX_LOOK_BACK = 4096

/** The most open brackets, sections and items that are recorded for a secret. */
const MAX_OPENERS = 6

const MAX_HEADER_BYTES = 200

/** 1 for the bytes that `isOpener` looks at: brackets, `<` and `>`. Most bytes are none. */
const isStructural = Uint8Array.from({ length: 256 }, (_, byte) =>
  '()[]{}<>'.includes(String.fromCharCode(byte)) ? 1 : 0,
)

const [TAB, NEWLINE, RETURN, SPACE, MINUS, SLASH, LESS, GREATER] = [9, 10, 13, 32, 45, 47, 60, 62]
const OPENING = [40, 91, 123]
const CLOSING = [41, 93, 125]

/** A section header, `[default]` or `[[servers]]`, on a line of its own. */
const header = /^[ \t]*\[{1,2}[^[\]\n]{1,100}\]{1,2}[ \t\r]*$/

/** Offsets in the blob at which the structure around a secret begins. */
export interface Layout {
  /** Start of each item, section, bracket or element that is open there, innermost first. */
  readonly openers: readonly number[]
  /** Start of the secret's line. */
  readonly line: number
  /** Start of the text behind the last empty line. */
  readonly paragraph: number
  /** Words that distinguish the credential in the secret's name and column heading, sorted. */
  readonly words: readonly string[]
}

/**
 * Reads up to 4 KiB backwards from a secret at `index`, and finds what is still open there:
 *
 *     [default]⏎key = …     {"key": "…"     connect("…"     <user><key>…     - key: …
 */
export function layoutAt(
  bytes: Uint8Array,
  index: number,
  toBlob: (index: number) => number,
): Layout {
  const stop = Math.max(0, index - MAX_LOOK_BACK)
  const openers: number[] = []
  const closed = { brackets: 0, elements: 0 }
  let line = -1
  let paragraph = -1
  let hasItem = false
  for (let at = index - 1; at >= stop - 1 && openers.length < MAX_OPENERS; at -= 1) {
    const byte = at < stop ? NEWLINE : (bytes[at] ?? 0)
    if (byte !== NEWLINE) {
      if (isStructural[byte] === 1 && isOpener(bytes, at, closed)) openers.push(toBlob(at))
      continue
    }
    const begin = at + 1
    if (!hasItem && isItem(bytes, begin, index)) {
      hasItem = true
      openers.push(toBlob(begin))
    }
    if (line < 0) line = begin
    else if (paragraph < 0 && isEmptyLine(bytes, begin)) paragraph = begin
    if (line !== begin && isHeader(bytes, begin)) {
      openers.push(toBlob(begin))
      break
    }
  }
  return {
    openers,
    line: toBlob(Math.max(line, stop)),
    paragraph: toBlob(Math.max(paragraph, stop)),
    words: wordsAt(bytes, index),
  }
}

/** Returns how many levels separate two secrets from the innermost opener that they share. */
export function levelsBetween(one: Layout, other: Layout): number {
  for (let level = 0; level < one.openers.length; level += 1) {
    const shared = other.openers.indexOf(one.openers[level] ?? -1)
    if (shared >= 0) return level + shared
  }
  return one.openers.length + other.openers.length
}

/**
 * True when a bracket or an element opens at `at` and is not closed behind it. `closed` counts the
 * closing ones behind `at` that are not yet matched.
 */
function isOpener(
  bytes: Uint8Array,
  at: number,
  closed: { brackets: number; elements: number },
): boolean {
  const byte = bytes[at] ?? 0
  if (CLOSING.includes(byte)) closed.brackets += 1
  else if (OPENING.includes(byte)) {
    if (closed.brackets === 0) return true
    closed.brackets -= 1
  } else if (byte === GREATER && bytes[at - 1] === SLASH) closed.elements += 1
  else if (byte === LESS && bytes[at + 1] === SLASH) closed.elements += 1
  else if (byte === LESS && isNameStart(bytes[at + 1])) {
    if (closed.elements === 0) return true
    closed.elements -= 1
  }
  return false
}

/** True for a YAML item `- key: …` on the secret's line, or above it with less indentation. */
function isItem(bytes: Uint8Array, begin: number, index: number): boolean {
  const dash = begin + indentAt(bytes, begin)
  if (bytes[dash] !== MINUS || bytes[dash + 1] !== SPACE) return false
  const ownLine = bytes.subarray(0, index).lastIndexOf(NEWLINE) + 1
  return ownLine === begin || indentAt(bytes, ownLine) > dash - begin
}

function indentAt(bytes: Uint8Array, begin: number): number {
  let at = begin
  while (bytes[at] === SPACE || bytes[at] === TAB) at += 1
  return at - begin
}

function isEmptyLine(bytes: Uint8Array, begin: number): boolean {
  const byte = bytes[begin + indentAt(bytes, begin)]
  return byte === NEWLINE || byte === RETURN
}

function isHeader(bytes: Uint8Array, begin: number): boolean {
  if (bytes[begin + indentAt(bytes, begin)] !== OPENING[1]) return false
  const end = bytes.indexOf(NEWLINE, begin)
  if (end < 0 || end - begin >= MAX_HEADER_BYTES) return false
  return header.test(Buffer.from(bytes.subarray(begin, end)).toString('latin1'))
}

function isNameStart(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122))
}
