/** As far back is looked for what a secret stands in. */
const LOOK_BACK = 4096

/** So many brackets, sections and items around a secret are told apart. */
const MAX_OPENERS = 6

const [TAB, NEWLINE, RETURN, SPACE, MINUS, SLASH, LESS, GREATER] = [9, 10, 13, 32, 45, 47, 60, 62]
const OPENING = [40, 91, 123]
const CLOSING = [41, 93, 125]

/** `[default]` and `[[servers]]` on a line of their own. */
const header = /^[ \t]*\[{1,2}[^[\]\n]{1,100}\]{1,2}[ \t\r]*$/

/**
 * What a secret stands in: where in the blob begins what is around it. Equal offsets are one
 * record.
 */
export interface Layout {
  /** Of the item, section, bracket or element that is open there, the innermost first. */
  readonly openers: readonly number[]
  /** Of its line. */
  readonly line: number
  /** Of what follows the last empty line. */
  readonly paragraph: number
}

/**
 * Reads backwards from a secret, as far as 4 KiB, for what is still open where it stands:
 *
 *     [default]⏎key = …     {"key": "…"     connect("…"     <user><key>…     - key: …
 */
export function layoutAt(
  bytes: Uint8Array,
  index: number,
  toBlob: (index: number) => number,
): Layout {
  const stop = Math.max(0, index - LOOK_BACK)
  const openers: number[] = []
  const closed = { brackets: 0, elements: 0 }
  let line = -1
  let paragraph = -1
  let item = false
  for (let at = index - 1; at >= stop - 1 && openers.length < MAX_OPENERS; at -= 1) {
    const byte = at < stop ? NEWLINE : (bytes[at] ?? 0)
    if (byte !== NEWLINE) {
      if (isOpen(bytes, at, closed)) openers.push(toBlob(at))
      continue
    }
    const begin = at + 1
    if (!item && isItem(bytes, begin, index)) {
      item = true
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
  }
}

/** How many levels lie between two secrets and what both stand in. */
export function levelsBetween(one: Layout, other: Layout): number {
  for (let level = 0; level < one.openers.length; level += 1) {
    const same = other.openers.indexOf(one.openers[level] ?? -1)
    if (same >= 0) return level + same
  }
  return one.openers.length + other.openers.length
}

/** Is a bracket or an element opened at `at` that is not closed behind it? */
function isOpen(
  bytes: Uint8Array,
  at: number,
  closed: { brackets: number; elements: number },
): boolean {
  const byte = bytes[at] ?? 0
  if (CLOSING.includes(byte)) closed.brackets += 1
  else if (OPENING.includes(byte)) return (closed.brackets -= 1) < 0 && (closed.brackets = 0) === 0
  else if (byte === GREATER && bytes[at - 1] === SLASH) closed.elements += 1
  else if (byte === LESS && bytes[at + 1] === SLASH) closed.elements += 1
  else if (byte === LESS && isNameStart(bytes[at + 1]))
    return (closed.elements -= 1) < 0 && (closed.elements = 0) === 0
  return false
}

/** `- key: …` on the line itself, or above it with less indentation. */
function isItem(bytes: Uint8Array, begin: number, index: number): boolean {
  const dash = begin + indentAt(bytes, begin)
  if (bytes[dash] !== MINUS || bytes[dash + 1] !== SPACE) return false
  const own = bytes.subarray(0, index).lastIndexOf(NEWLINE) + 1
  return own === begin || indentAt(bytes, own) > dash - begin
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
  return (
    end >= 0 &&
    end - begin < 200 &&
    header.test(Buffer.from(bytes.subarray(begin, end)).toString('latin1'))
  )
}

function isNameStart(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122))
}
