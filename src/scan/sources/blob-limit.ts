import { type Limits, sizeSkip } from '../../model/limits.ts'
import type { Batch, Skip, SkippedClean, Source, SourceBlob } from '../../model/model.ts'

/**
 * Enforces `maxBlobBytes` on a source of any kind. Readers that know the size of a blob in advance
 * skip it unread; for the others, such as a pipe, the blob is read to its end without being judged
 * beyond the limit, so that its writer gets no EPIPE.
 */
export function withBlobLimit(source: Source, { maxBlobBytes }: Limits): Source {
  if (maxBlobBytes === Infinity) return source
  const { replaced } = source
  return {
    ...source,
    blobs: (signal) => limited(source.blobs(signal), maxBlobBytes),
    ...(replaced && {
      replaced: (origin, signal) => limited(replaced(origin, signal), maxBlobBytes),
    }),
  }
}

async function* limited(
  batches: AsyncIterable<Batch>,
  maxBlobBytes: number,
): AsyncGenerator<Batch> {
  const limit = new BlobLimit(maxBlobBytes)
  for await (const batch of batches) yield limit.apply(batch)
}

class BlobLimit {
  readonly #maxBytes: number
  /** Blob that passed the limit; its further windows are dropped. */
  #largeBlob: string | undefined

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  *apply(batch: Batch): Generator<SourceBlob | Skip | SkippedClean> {
    for (const item of batch) {
      if (!('kind' in item) || !isLimited(item)) {
        yield item
      } else if (item.start === 0 || item.id !== this.#largeBlob) {
        const skip = this.#skipOf(item)
        this.#largeBlob = skip === undefined ? undefined : item.id
        yield skip ?? item
      }
    }
  }

  #skipOf({ start, bytes, last, origins: [{ path, object }] }: SourceBlob): Skip | undefined {
    const size = start + bytes.length
    return sizeSkip(size, this.#maxBytes, {
      ...(path !== undefined && { path }),
      ...(object !== undefined && { object }),
      detail: last ? `${size} bytes` : `more than ${this.#maxBytes} bytes`,
    })
  }
}

/**
 * True for content of files and pipes. Names, messages and git's own configuration are no content
 * that a user keeps large: they are scanned whatever the limit.
 */
function isLimited({ kind, origins: [origin] }: SourceBlob): boolean {
  return (
    kind === 'blob' &&
    origin.inName === undefined &&
    origin.kind !== 'message' &&
    origin.state !== 'local'
  )
}
