import type { Batch, Skip, Source, SourceBlob } from '../../model/model.ts'
import { gzipName } from './compressed-name.ts'
import { type ArchiveFormat, formatOf, HEAD_BYTES } from './format.ts'
import { BoundedBuffer } from './bounded-buffer.ts'
import { type ContainerLimits, defaultLimits } from './budget.ts'
import type { ArchiveBlob } from './unpack.ts'

/** What batches give. */
type Item = Batch extends Iterable<infer Each> ? Each : never

/**
 * The same source, with the members of each archive behind the archive itself. What unpacks them is
 * loaded at the first one.
 */
export function withMembers(source: Source, limits: ContainerLimits = defaultLimits): Source {
  const { replaced } = source
  return {
    ...source,
    blobs: (signal) => opened(source.blobs(signal), limits, signal),
    ...(replaced && {
      replaced: (origin, signal) => opened(replaced(origin, signal), limits, signal),
    }),
  }
}

async function* opened(
  batches: AsyncIterable<Batch>,
  limits: ContainerLimits,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const collector = new Collector(limits.packedBytes)
  for await (const batch of batches) {
    const items = batch[Symbol.iterator]()
    for (
      let found: ArchiveBlob | Skip | 'none' | undefined;
      found !== 'none';
      found = collector.take()
    ) {
      if (found !== undefined && 'outcome' in found) yield [found]
      else if (found !== undefined)
        yield* (await import('./unpack.ts')).unpack(found, limits, signal)
      yield untilContainer(items, collector)
    }
  }
}

/**
 * A batch up to the end of its next container: that one's bytes may be gone when more is asked for.
 */
function* untilContainer(items: Iterator<Item>, collector: Collector): Generator<Item> {
  for (let step = items.next(); step.done !== true; step = items.next()) {
    yield step.value
    if ('kind' in step.value && collector.add(step.value)) return
  }
}

/** Puts windows of containers together. */
class Collector {
  readonly #maxBytes: number
  #gathering: BoundedBuffer | undefined
  #length = 0
  #format: ArchiveFormat | undefined
  #found: ArchiveBlob | Skip | undefined

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** True when a container has come to its end. */
  add(blob: SourceBlob): boolean {
    const { start, bytes, last } = blob
    if (start === 0) this.#begin(blob)
    if (this.#format === undefined) return false
    // A window repeats the end of the one before.
    const fresh = bytes.subarray(this.#length - start)
    this.#length += fresh.length
    if (this.#length > this.#maxBytes) this.#gathering = undefined
    else this.#gathering?.add(fresh)
    if (last)
      this.#found =
        this.#length > this.#maxBytes
          ? tooLarge(blob, this.#maxBytes)
          : { blob, bytes: this.#gathering?.bytes() ?? bytes, format: this.#format }
    return last
  }

  /** The container that has come to its end. */
  take(): ArchiveBlob | Skip | 'none' {
    const found = this.#found
    if (found === undefined) return 'none'
    this.#found = undefined
    this.#gathering = undefined
    return found
  }

  #begin({ kind, origins, again, bytes, last }: SourceBlob): void {
    this.#length = 0
    const isContent = kind === 'blob' && origins[0].inName !== true
    const format = isContent ? formatOf(bytes.subarray(0, HEAD_BYTES)) : undefined
    this.#format =
      again === undefined || (format !== undefined && isNewsFor(format, bytes)) ? format : undefined
    this.#gathering =
      this.#format === undefined || last ? undefined : new BoundedBuffer(this.#maxBytes)
  }
}

/**
 * When a name turns up for a blob that was unpacked, only a compressed file that has none for its
 * content is read again.
 */
function isNewsFor(format: ArchiveFormat, bytes: Uint8Array): boolean {
  return (
    format === 'bzip2' ||
    format === 'xz' ||
    format === 'zstd' ||
    (format === 'gzip' && gzipName(bytes.subarray(0, HEAD_BYTES)) === undefined)
  )
}

function tooLarge({ origins: [{ path, object }] }: SourceBlob, maxBytes: number): Skip {
  return {
    outcome: 'bounded',
    reason: 'archive-size',
    ...(path !== undefined && { path }),
    ...(object !== undefined && { object }),
    detail: `more than ${maxBytes} bytes, not unpacked`,
  }
}
