/** Blobs as sources give them, without a repository. */
import type { Batch, ObjectKind, Origin, Source, SourceBlob } from '../../src/model/model.ts'

interface BlobFields {
  readonly kind?: ObjectKind
  readonly origins?: SourceBlob['origins']
  readonly again?: SourceBlob['again']
}

/** A whole file, called by its path. Its bytes may be a view that begins anywhere in memory. */
export function fileBlob(
  path: string,
  content: string | Uint8Array,
  { kind = 'blob', origins, again }: BlobFields = {},
): SourceBlob {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const origin: Origin = { kind: 'file', path: { text: path } }
  return {
    id: path,
    kind,
    origins: origins ?? [origin],
    start: 0,
    bytes,
    last: true,
    ...(again === undefined ? {} : { again }),
  }
}

/** The same file as windows of `size` bytes that share `overlap`. */
export function windowed(blob: SourceBlob, size: number, overlap: number): readonly SourceBlob[] {
  const windows: SourceBlob[] = []
  for (let start = 0, last = false; !last; start += size - overlap) {
    last = start + size >= blob.bytes.length
    windows.push({ ...blob, start, bytes: blob.bytes.slice(start, start + size), last })
  }
  return windows
}

/**
 * Gives blobs from a map of paths to contents, one a batch; `replaced` gives those that `before`
 * holds, by their names.
 */
export function sourceOf(
  files: Readonly<Record<string, string | Buffer>>,
  before?: Readonly<Record<string, string>>,
): Source {
  return {
    async *blobs() {
      for (const [path, content] of Object.entries(files)) yield [fileBlob(path, content)]
    },
    ...(before === undefined
      ? {}
      : { replaced: (origin: Origin) => replacedBlobs(origin, before) }),
  }
}

async function* replacedBlobs(
  origin: Origin,
  before: Readonly<Record<string, string>>,
): AsyncGenerator<Batch> {
  for (const id of origin.replaces ?? []) {
    const content = before[id]
    yield [
      content === undefined
        ? { outcome: 'failed', reason: 'missing', object: id }
        : {
            ...fileBlob(origin.path?.text ?? '', content),
            id,
            origins: [{ ...origin, object: id }],
          },
    ]
  }
}
