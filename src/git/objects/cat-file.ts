/** Parses the output of `git cat-file --batch`. */
import type { ObjectKind } from '../../model/model.ts'
import { ByteReader } from './byte-reader.ts'
import type { GitObject } from './objects.ts'
import { OVERLAP_BYTES, WINDOW_BYTES } from './windows.ts'

const MAX_HEADER_BYTES = 4096

const LINE_FEED = 10

/** Trees, commits and tags up to this size are one window, because their structure is parsed. */
const MAX_WHOLE_BYTES = 64 << 20

/** An id for which git has no object. */
export interface MissingObject {
  readonly id: string
  readonly missing: true
}

/** The output is not that of `git cat-file --batch`. */
export class MalformedOutput extends Error {
  override readonly name = 'MalformedOutput'
}

/**
 * Parses the output of `git cat-file --batch` as it arrives:
 * ```
 * 3b18e512dba79e4c8300dd08aeb37f8e728b8dad blob 12\nhello world\n\n
 * 4b825dc642cb6eb9a060e54bf8d69288fbee4904 missing\n
 * ```
 */
export class BatchParser {
  readonly #reader = new ByteReader()
  readonly #steps: Generator<GitObject | MissingObject | undefined>

  constructor() {
    this.#steps = this.#parse()
  }

  /**
   * Yields the objects and windows that the next chunk completes. Consume all of them before the
   * next chunk. Throws MalformedOutput.
   */
  *push(chunk: Uint8Array): Generator<GitObject | MissingObject> {
    this.#reader.append(chunk)
    for (;;) {
      const step = this.#steps.next()
      if (step.done || step.value === undefined) return
      yield step.value
    }
  }

  /** Yields objects, and undefined whenever it needs more bytes. */
  *#parse(): Generator<GitObject | MissingObject | undefined> {
    const reader = this.#reader
    for (;;) {
      let line = reader.line()
      for (; line === undefined; line = reader.line()) {
        if (reader.length > MAX_HEADER_BYTES)
          throw new MalformedOutput('git cat-file printed a line that is too long')
        yield undefined
      }
      const header = parseHeader(line)
      if ('missing' in header) yield header
      else yield* this.#parseContent(header)
    }
  }

  *#parseContent(header: ObjectHeader): Generator<GitObject | undefined> {
    const reader = this.#reader
    const maxBytes = header.kind === 'blob' ? WINDOW_BYTES : MAX_WHOLE_BYTES
    const overlap = header.kind === 'blob' ? OVERLAP_BYTES : 0
    for (let start = 0, last = false; !last; start += maxBytes - overlap) {
      const length = Math.min(maxBytes, header.size - start)
      last = start + length === header.size
      // A line feed follows the content.
      while (reader.length < length + 1) yield undefined
      // Git prints fewer bytes than it says of a loose object with a wrong size.
      if (last && reader.peek(length + 1)[length] !== LINE_FEED)
        throw new MalformedOutput('git cat-file printed an object of another size than it says')
      const { id, kind, size } = header
      yield { id, kind, size, start, bytes: reader.peek(length), last }
      reader.take(last ? length + 1 : length - overlap)
    }
  }
}

type ObjectHeader = Pick<GitObject, 'id' | 'kind' | 'size'>

/** Parses `<id> <type> <size>` or `<id> missing`. */
function parseHeader(line: string): ObjectHeader | MissingObject {
  const [id, kind, size] = line.split(' ')
  if (id !== undefined && kind === 'missing') return { id, missing: true }
  if (id !== undefined && size !== undefined && isKind(kind) && /^\d+$/.test(size))
    return { id, kind, size: Number(size) }
  throw new MalformedOutput('git cat-file printed a line that is not a header')
}

function isKind(text: string | undefined): text is ObjectKind {
  return text === 'blob' || text === 'tree' || text === 'commit' || text === 'tag'
}
