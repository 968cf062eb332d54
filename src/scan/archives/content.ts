import type { SkipReason } from '../../model/model.ts'
import { BoundedBuffer } from './bounded-buffer.ts'
import { type Budget, UnpackError } from './budget.ts'

/** Bytes of a member, at hand or to be unpacked once more each time they are read. */
export type Content =
  | { readonly bytes: Uint8Array }
  | {
      readonly stream: () => AsyncIterable<Uint8Array>
      /**
       * What unpacks it can do so once at a time: before anything in it is looked into, it is held
       * whole.
       */
      readonly alone?: true
      /** It comes only once. */
      readonly once?: true
    }

/** A file in an archive. */
export interface Member {
  /** As the archive has it, with `/`. Nobody may take it for a path on disk. */
  readonly name: string
  readonly content: Content
}

/** A member that is not read, and why. */
export interface UnreadableMember {
  readonly name: string
  readonly reason: SkipReason
  readonly detail?: string
}

/** What a stream is fed at a time, so that a limit is noticed soon. */
const PIECE_BYTES = 1 << 20

/** The content as chunks, from its beginning. */
export async function* chunksOf(content: Content): AsyncGenerator<Uint8Array> {
  if ('stream' in content) yield* content.stream()
  else
    for (let at = 0; at < content.bytes.length; at += PIECE_BYTES)
      yield content.bytes.subarray(at, at + PIECE_BYTES)
}

/** Runs `use` with the whole content in memory; refused where that is more than may be held. */
export async function* withWholeContent<T>(
  content: Content,
  budget: Budget,
  use: (bytes: Uint8Array) => AsyncIterable<T>,
): AsyncGenerator<T> {
  if ('bytes' in content) {
    yield* use(content.bytes)
    return
  }
  let taken = 0
  try {
    const whole = new BoundedBuffer(budget.memoryLeft)
    for await (const chunk of content.stream()) {
      if (!budget.reserve(chunk.length) || !whole.add(chunk))
        throw new UnpackError('archive-size', 'too large to be held in memory')
      taken += chunk.length
    }
    yield* use(whole.bytes())
  } finally {
    budget.release(taken)
  }
}

/** The chunks until one cannot be read. */
export async function* untilError(
  chunks: AsyncIterable<Uint8Array>,
  onBroken: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    onBroken(error)
  }
}
