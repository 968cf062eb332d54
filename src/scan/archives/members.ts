/** Adds the members of archives to the blobs of a source. */
import { defaultLimits, type Limits } from '../../model/limits.ts'
import type { Batch, Skip, SkippedClean, Source, SourceBlob } from '../../model/model.ts'
import { BoundedBuffer } from './bounded-buffer.ts'
import { gzipName } from './compressed-name.ts'
import { type ArchiveFormat, formatOf, HEAD_BYTES } from './format.ts'
import type { ArchiveBlob } from './unpack.ts'

type BatchItem = SourceBlob | Skip | SkippedClean

/**
 * Adds to a source the members of its archives, each archive followed by its members. The code that
 * unpacks is loaded at the first archive.
 */
export function withMembers(source: Source, limits: Limits = defaultLimits): Source {
  const { replaced } = source
  return {
    ...source,
    blobs: (signal) => addMembers(source.blobs(signal), limits, signal),
    ...(replaced && {
      replaced: (origin, signal) => addMembers(replaced(origin, signal), limits, signal),
    }),
  }
}

async function* addMembers(
  batches: AsyncIterable<Batch>,
  limits: Limits,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const assembler = new ArchiveAssembler(limits.archive.maxPackedBytes)
  for await (const batch of batches) {
    const items = batch[Symbol.iterator]()
    for (let isMore = true; isMore; ) {
      yield untilArchiveEnds(items, assembler)
      const archive = assembler.take()
      isMore = archive !== undefined
      if (archive === undefined) continue
      if ('outcome' in archive) yield [archive]
      else yield* (await import('./unpack.ts')).unpack(archive, limits, signal)
    }
  }
}

/**
 * Yields the items of a batch up to the end of the next archive. The bytes of an archive are valid
 * only until the next item is requested, so it is unpacked before that.
 */
function* untilArchiveEnds(
  items: Iterator<BatchItem>,
  assembler: ArchiveAssembler,
): Generator<BatchItem> {
  for (let step = items.next(); step.done !== true; step = items.next()) {
    yield step.value
    if ('kind' in step.value && assembler.add(step.value)) return
  }
}

/** Joins the windows of each archive. */
class ArchiveAssembler {
  readonly #maxBytes: number
  #buffer: BoundedBuffer | undefined
  #length = 0
  /** Format of the current blob; undefined when it is no archive. */
  #format: ArchiveFormat | undefined
  #complete: ArchiveBlob | Skip | undefined

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Adds a window; true when an archive is complete. */
  add(blob: SourceBlob): boolean {
    const { start, bytes, last } = blob
    if (start === 0) this.#begin(blob)
    if (this.#format === undefined) return false
    // Windows overlap: the beginning of this one was part of the one before.
    const newBytes = bytes.subarray(this.#length - start)
    this.#length += newBytes.length
    const isTooLarge = this.#length > this.#maxBytes
    if (isTooLarge) this.#buffer = undefined
    else this.#buffer?.add(newBytes)
    if (last)
      this.#complete = isTooLarge
        ? tooLargeSkip(blob, this.#maxBytes)
        : { blob, bytes: this.#buffer?.bytes() ?? bytes, format: this.#format }
    return last
  }

  /** Returns the archive that is complete, once; a skip when it is too large to be unpacked. */
  take(): ArchiveBlob | Skip | undefined {
    const complete = this.#complete
    if (complete === undefined) return undefined
    this.#complete = undefined
    this.#buffer = undefined
    return complete
  }

  #begin({ kind, origins, again, bytes, last }: SourceBlob): void {
    this.#length = 0
    const isContent = kind === 'blob' && origins[0].inName !== true
    const format = isContent ? formatOf(bytes.subarray(0, HEAD_BYTES)) : undefined
    const isUnpacked = format !== undefined && (again === undefined || needsName(format, bytes))
    this.#format = isUnpacked ? format : undefined
    this.#buffer =
      this.#format === undefined || last ? undefined : new BoundedBuffer(this.#maxBytes)
  }
}

/**
 * True for compressed files that hold no name for their content. When a name turns up for a blob
 * that was unpacked before, only these are unpacked again: their content gets its name from it.
 */
function needsName(format: ArchiveFormat, bytes: Uint8Array): boolean {
  return (
    format === 'bzip2' ||
    format === 'xz' ||
    format === 'zstd' ||
    (format === 'gzip' && gzipName(bytes.subarray(0, HEAD_BYTES)) === undefined)
  )
}

function tooLargeSkip({ origins: [{ path, object }] }: SourceBlob, maxBytes: number): Skip {
  return {
    outcome: 'bounded',
    reason: 'archive-size',
    ...(path !== undefined && { path }),
    ...(object !== undefined && { object }),
    detail: `more than ${maxBytes} bytes, not unpacked`,
  }
}
