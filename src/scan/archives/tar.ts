import { createTarDecoder } from 'modern-tar'
import { WINDOW_BYTES } from '../../git/objects/windows.ts'
import {
  chunksOf,
  type Content,
  withWholeContent,
  type Member,
  type UnreadableMember,
} from './content.ts'
import { BoundedBuffer } from './bounded-buffer.ts'
import { HEAD_BYTES, isArchive } from './format.ts'
import type { Budget } from './budget.ts'

/**
 * The files of a tar, in order; each must be read before the next. One that breaks off is given as
 * far as it goes, and then said to be broken.
 */
export function tarMembers(
  content: Content,
  budget: Budget,
): AsyncIterable<Member | UnreadableMember> {
  return 'alone' in content
    ? withWholeContent(content, budget, (bytes) => listed({ bytes }, budget))
    : listed(content, budget)
}

async function* listed(
  content: Content,
  budget: Budget,
): AsyncGenerator<Member | UnreadableMember> {
  const decoder = createTarDecoder()
  // What fails is thrown where the members are read.
  ReadableStream.from(chunksOf(content))
    .pipeTo(decoder.writable)
    .catch(() => {})
  for await (const { header, body } of decoder.readable) {
    const { name, size, type } = header
    if (type !== 'file' || size === 0) continue
    const reader = new Body(body.values(), size)
    yield* memberOf(reader, name, budget)
    if (reader.left > 0)
      yield {
        name,
        reason: 'archive-corrupt',
        detail: `${reader.left} of its ${size} bytes are missing`,
      }
  }
}

/** A member comes once. A small one is held, and so is an archive, which is read more than once. */
async function* memberOf(
  body: Body,
  name: string,
  budget: Budget,
): AsyncGenerator<Member | UnreadableMember> {
  const start = await body.take(WINDOW_BYTES)
  if (body.left === 0 || start.length < WINDOW_BYTES) {
    yield { name, content: { bytes: start } }
    return
  }
  const { left } = body
  if (!isArchive(start.subarray(0, HEAD_BYTES)) || !budget.reserve(left)) {
    yield { name, content: { stream: () => body.rest(start), once: true } }
    return
  }
  try {
    const whole = new BoundedBuffer(start.length + left)
    for await (const chunk of body.rest(start)) whole.add(chunk)
    yield { name, content: { bytes: whole.bytes() } }
  } finally {
    budget.release(left)
  }
}

/** A member's bytes as they come. */
class Body {
  /** What its header says is still to come. */
  left: number
  readonly #chunks: AsyncIterator<Uint8Array>

  constructor(chunks: AsyncIterator<Uint8Array>, size: number) {
    this.#chunks = chunks
    this.left = size
  }

  /** At least so many bytes, or all there are. */
  async take(count: number): Promise<Buffer> {
    const taken: Uint8Array[] = []
    let length = 0
    while (length < count) {
      const chunk = await this.#next()
      if (chunk === undefined) break
      taken.push(chunk)
      length += chunk.length
    }
    return Buffer.concat(taken)
  }

  async *rest(start: Uint8Array): AsyncGenerator<Uint8Array> {
    yield start
    for (let chunk = await this.#next(); chunk !== undefined; chunk = await this.#next())
      yield chunk
  }

  async #next(): Promise<Uint8Array | undefined> {
    const step = await this.#chunks.next()
    if (step.done === true) return undefined
    this.left -= step.value.length
    return step.value
  }
}
