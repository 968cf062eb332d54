/**
 * The parser of the headers of raw commits and tags:
 * ```
 * tree 9daeafb9864cf43055ae93beb0afd6c7d144bfa4
 * parent 257cc5642cb1a054f08cc83f2d943e56fd3ebe99
 * author A U Thor <a@example.com> 1112911993 -0700
 * ```
 * An empty line ends the header; the message follows. Lines end with a line feed only: names may
 * contain any other line separator. Lines of a signature after its first begin with a space.
 */
import { readHex } from './bytes.ts'

const TREE = Buffer.from('tree ')
const PARENT = Buffer.from('parent ')
const LINE_FEED = 0x0a

/** Walks the lines of a header by offsets, without allocating anything for a line. */
class HeaderCursor {
  /** Offset of the current line. */
  lineStart = 0
  /** Offset of the current line's line feed, or of the end of the bytes. */
  lineEnd = -1
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Moves to the next line. Returns false behind the last line of the header. */
  next(): boolean {
    const start = this.lineEnd + 1
    if (start >= this.#bytes.length || this.#bytes[start] === LINE_FEED) return false
    const end = this.#bytes.indexOf(LINE_FEED, start)
    this.lineStart = start
    this.lineEnd = end < 0 ? this.#bytes.length : end
    return true
  }

  /** Returns the offset of the id in a line `<keyword><id in hexadecimal>`, or -1. */
  idAfter(keyword: Uint8Array, idBytes: number): number {
    const at = this.lineStart + keyword.length
    return at + 2 * idBytes === this.lineEnd &&
      this.lineEnd < this.#bytes.length &&
      this.#startsWith(keyword)
      ? at
      : -1
  }

  #startsWith(keyword: Uint8Array): boolean {
    for (let at = 0; at < keyword.length; at += 1)
      if (this.#bytes[this.lineStart + at] !== keyword[at]) return false
    return true
  }
}

/**
 * Returns the ids of a commit's tree and of its parents as bytes, one behind the other, or
 * undefined when the object is not a commit.
 */
export function commitLinks(raw: Uint8Array, idBytes: number): Uint8Array | undefined {
  const offsets: number[] = []
  const cursor = new HeaderCursor(raw)
  while (cursor.next()) {
    const at = cursor.idAfter(offsets.length === 0 ? TREE : PARENT, idBytes)
    if (at < 0) break
    offsets.push(at)
  }
  if (offsets.length === 0) return undefined
  const links = new Uint8Array(offsets.length * idBytes)
  for (const [link, at] of offsets.entries())
    if (!readHex(raw, at, links.subarray(link * idBytes, (link + 1) * idBytes)))
      return link === 0 ? undefined : links.subarray(0, link * idBytes)
  return links
}

/** A line of a header: `author A U Thor <a@example.com> 1112911993 -0700`. */
export interface HeaderField {
  readonly name: string
  readonly value: string
}

/** Yields the fields of a commit or tag, without the further lines of fields of several lines. */
export function* headerFields(
  raw: Uint8Array,
  encoding: 'utf8' | 'latin1' = 'utf8',
): Generator<HeaderField> {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const cursor = new HeaderCursor(bytes)
  while (cursor.next()) {
    const line = bytes.toString(encoding, cursor.lineStart, cursor.lineEnd)
    const space = line.indexOf(' ')
    if (space > 0) yield { name: line.slice(0, space), value: line.slice(space + 1) }
  }
}
