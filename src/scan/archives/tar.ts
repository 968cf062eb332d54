import { createTarDecoder } from 'modern-tar'
import { WINDOW_BYTES } from '../../git/objects/windows.ts'
import { BoundedBuffer } from './bounded-buffer.ts'
import type { Budget } from './budget.ts'
import {
  chunksOf,
  type Content,
  type Member,
  type UnreadableMember,
  withWholeContent,
} from './content.ts'
import { HEAD_BYTES, isArchive } from './format.ts'

/**
 * Yields the files of a tar, in order; each must be read before the next. A file that breaks off is
 * yielded as far as it goes, and then reported as broken.
 */
export function tarMembers(
  content: Content,
  budget: Budget,
): AsyncIterable<Member | UnreadableMember> {
  return 'isExclusive' in content
    ? withWholeContent(content, budget, (bytes) => membersOf({ bytes }, budget))
    : membersOf(content, budget)
}

async function* membersOf(
  content: Content,
  budget: Budget,
): AsyncGenerator<Member | UnreadableMember> {
  const decoder = createTarDecoder()
  // The loop below throws the errors of the decoder.
  ReadableStream.from(chunksOf(content))
    .pipeTo(decoder.writable)
    .catch(() => {})
  for await (const { header, body } of decoder.readable) {
    const { name, size, type } = header
    if (type !== 'file' || size === 0) continue
    const reader = new BodyReader(body.values(), size)
    yield* memberOf(reader, name, budget)
    if (reader.bytesLeft > 0)
      yield {
        name,
        reason: 'archive-corrupt',
        detail: `${reader.bytesLeft} of its ${size} bytes are missing`,
      }
  }
}

/**
 * Yields one member. A small one is read into memory, and so is an archive, since it is read more
 * than once; any other is a stream that can be read once.
 */
async function* memberOf(
  body: BodyReader,
  name: string,
  budget: Budget,
): AsyncGenerator<Member | UnreadableMember> {
  const start = await body.take(WINDOW_BYTES)
  if (body.bytesLeft === 0 || start.length < WINDOW_BYTES) {
    yield { name, content: { bytes: start } }
    return
  }
  const { bytesLeft } = body
  if (!isArchive(start.subarray(0, HEAD_BYTES)) || !budget.reserve(bytesLeft)) {
    yield { name, content: { stream: () => body.restAfter(start), isSingleUse: true } }
    return
  }
  try {
    const buffer = new BoundedBuffer(start.length + bytesLeft)
    for await (const chunk of body.restAfter(start)) buffer.add(chunk)
    yield { name, content: { bytes: buffer.bytes() } }
  } finally {
    budget.release(bytesLeft)
  }
}

/** Reads the bytes of a member as they arrive. */
class BodyReader {
  /** Bytes that are still to come, by the size in the header. */
  bytesLeft: number
  readonly #chunks: AsyncIterator<Uint8Array>

  constructor(chunks: AsyncIterator<Uint8Array>, size: number) {
    this.#chunks = chunks
    this.bytesLeft = size
  }

  /** Reads at least `count` bytes, or all there are. */
  async take(count: number): Promise<Buffer> {
    const chunks: Uint8Array[] = []
    let length = 0
    while (length < count) {
      const chunk = await this.#next()
      if (chunk === undefined) break
      chunks.push(chunk)
      length += chunk.length
    }
    return Buffer.concat(chunks)
  }

  /** Yields `start`, which was read before, and then all other bytes. */
  async *restAfter(start: Uint8Array): AsyncGenerator<Uint8Array> {
    yield start
    for (let chunk = await this.#next(); chunk !== undefined; chunk = await this.#next())
      yield chunk
  }

  async #next(): Promise<Uint8Array | undefined> {
    const step = await this.#chunks.next()
    if (step.done === true) return undefined
    this.bytesLeft -= step.value.length
    return step.value
  }
}
