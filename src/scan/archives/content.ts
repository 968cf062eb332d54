/** Content of archives and their members, and functions that read it. */
import type { SkipReason } from '../../model/model.ts'
import { BoundedBuffer } from './bounded-buffer.ts'
import { type Budget, UnpackError } from './budget.ts'

/** Bytes of a member: in memory, or a stream that unpacks them anew each time it is read. */
export type Content =
  | { readonly bytes: Uint8Array }
  | {
      readonly stream: () => AsyncIterable<Uint8Array>
      /**
       * True when only one such stream can be open at a time. The content is then read into memory
       * before its members are.
       */
      readonly isExclusive?: true
      /** True when the stream can be read only once. */
      readonly isSingleUse?: true
    }

/** A file in an archive. */
export interface Member {
  /** Name as written in the archive, with `/`. Never use it as a path on disk: it may be forged. */
  readonly name: string
  readonly content: Content
}

/** A member that is not read, and the reason. */
export interface UnreadableMember {
  readonly name: string
  readonly reason: SkipReason
  readonly detail?: string
}

/** Bytes passed to a decompressor at a time, so that an exceeded limit is noticed soon. */
const PIECE_BYTES = 1 << 20

/** Yields the content from its beginning, in chunks. */
export async function* chunksOf(content: Content): AsyncGenerator<Uint8Array> {
  if ('stream' in content) yield* content.stream()
  else
    for (let at = 0; at < content.bytes.length; at += PIECE_BYTES)
      yield content.bytes.subarray(at, at + PIECE_BYTES)
}

/**
 * Calls `use` with the whole content in memory. Throws UnpackError when the content exceeds the
 * memory budget.
 */
export async function* withWholeContent<T>(
  content: Content,
  budget: Budget,
  use: (bytes: Uint8Array) => AsyncIterable<T>,
): AsyncGenerator<T> {
  if ('bytes' in content) {
    yield* use(content.bytes)
    return
  }
  let reservedBytes = 0
  try {
    const buffer = new BoundedBuffer(budget.memoryLeft)
    for await (const chunk of content.stream()) {
      if (!budget.reserve(chunk.length) || !buffer.add(chunk))
        throw new UnpackError('archive-size', 'too large to be held in memory')
      reservedBytes += chunk.length
    }
    yield* use(buffer.bytes())
  } finally {
    budget.release(reservedBytes)
  }
}

/** Yields chunks until reading fails; the error goes to `onError`. */
export async function* untilError(
  chunks: AsyncIterable<Uint8Array>,
  onError: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    onError(error)
  }
}
