import type { ObjectKind } from '../../model/model.ts'
import { ByteReader } from './byte-reader.ts'
import type { GitObject } from './objects.ts'
import { OVERLAP_BYTES, WINDOW_BYTES } from './windows.ts'

const MAX_HEADER_BYTES = 4096

/** Trees and messages come whole up to this size, because their structure is read too. */
const MAX_WHOLE_BYTES = 64 << 20

/** `missing`: git knows the name but has no such object. */
export interface MissingObject {
  readonly id: string
  readonly missing: true
}

/** What came is not what git cat-file prints. */
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
   * What the next piece of output completes. Take all of it before the next piece. Throws
   * MalformedOutput.
   */
  *push(chunk: Uint8Array): Generator<GitObject | MissingObject> {
    this.#reader.append(chunk)
    for (;;) {
      const step = this.#steps.next()
      if (step.done || step.value === undefined) return
      yield step.value
    }
  }

  /** Gives objects, and undefined whenever it needs more bytes. */
  *#parse(): Generator<GitObject | MissingObject | undefined> {
    const reader = this.#reader
    for (;;) {
      let line = reader.line()
      for (; line === undefined; line = reader.line()) {
        if (reader.length > MAX_HEADER_BYTES)
          throw new MalformedOutput('git cat-file gave a line that is too long')
        yield undefined
      }
      const header = parseHeader(line)
      if ('missing' in header) yield header
      else yield* this.#content(header)
    }
  }

  *#content(header: Header): Generator<GitObject | undefined> {
    const reader = this.#reader
    const most = header.kind === 'blob' ? WINDOW_BYTES : MAX_WHOLE_BYTES
    const overlap = most === WINDOW_BYTES ? OVERLAP_BYTES : 0
    for (let start = 0, last = false; !last; start += most - overlap) {
      const length = Math.min(most, header.size - start)
      last = start + length === header.size
      while (reader.length < length + 1) yield undefined
      yield {
        id: header.id,
        kind: header.kind,
        size: header.size,
        start,
        bytes: reader.peek(length),
        last,
      }
      reader.take(last ? length + 1 : length - overlap)
    }
  }
}

type Header = Pick<GitObject, 'id' | 'kind' | 'size'>

/** `<id> <type> <size>` or `<id> missing`. */
function parseHeader(line: string): Header | MissingObject {
  const [id, kind, size] = line.split(' ')
  if (id !== undefined && kind === 'missing') return { id, missing: true }
  if (id !== undefined && size !== undefined && isKind(kind) && /^\d+$/.test(size))
    return { id, kind, size: Number(size) }
  throw new MalformedOutput('git cat-file gave a line that is no header')
}

function isKind(text: string | undefined): text is ObjectKind {
  return text === 'blob' || text === 'tree' || text === 'commit' || text === 'tag'
}
