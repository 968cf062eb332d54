import { createReadStream, promises } from 'node:fs'
import { join } from 'node:path'
import { windowsOf } from '../../git/objects/windows.ts'
import type { Batch, Origin, SkippedClean, Skip, Source, SourceBlob } from '../../model/model.ts'
import { isLfsPointer } from './lfs-pointer.ts'
import { codeOf } from './read-files.ts'

/** Git LFS makes its pointers no longer. */
const MAX_POINTER = 1024

/**
 * `version https://git-lfs.github.com/spec/v1⏎oid sha256:4d7a…393⏎size 12345⏎`, with lines of
 * extensions between them.
 */
const pointer =
  /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v\d+\r?\n(?:[^\n]{0,400}\n){0,12}oid sha256:(?<oid>[0-9a-f]{64})\r?\n(?:[^\n]{0,400}\n){0,4}size (?<size>\d{1,15})\r?\n/

interface LfsObject {
  readonly oid: string
  readonly size: number
  /** Where pointers to it stand. */
  readonly origins: [Origin, ...Origin[]]
}

/**
 * What a source gives, and behind it the content that pointers of Git LFS in it stand for, as far
 * as this clone has it (`.git/lfs/objects`); what it has not is a bounded skip. Nothing is fetched.
 */
export function withLfsObjects(
  source: Source,
  options: { readonly commonDir: string; readonly maxBytes: number | undefined },
): Source {
  const { planned, replaced, settled } = source
  const pointers = new Set<string>()
  return {
    ...(planned && { planned: () => planned.call(source) }),
    blobs: (signal) => followed(source.blobs(signal), { ...options, pointers }, signal),
    ...(replaced && {
      replaced: (origin, signal) =>
        followed(replaced.call(source, origin, signal), { ...options, pointers }, signal),
    }),
    // What a pointer stands for may come, and be another one, while the pointer stays as it is.
    ...(settled && {
      settled: (isSpokenOf: (object: string) => boolean) =>
        settled.call(source, (object) => isSpokenOf(object) || pointers.has(object)),
    }),
  }
}

type Options = Parameters<typeof withLfsObjects>[1] & {
  /** Gets the objects that are pointers. */
  readonly pointers: Set<string>
}

async function* followed(
  batches: AsyncIterable<Batch>,
  options: Options,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const pointed = new Map<string, LfsObject>()
  for await (const batch of batches) yield noted(batch, pointed)
  for (const { origins } of pointed.values())
    for (const { object } of origins) if (object !== undefined) options.pointers.add(object)
  for (const one of pointed.values()) {
    if (signal.aborted) return
    yield* contentOf(one, options, signal)
  }
}

function* noted(
  batch: Batch,
  pointed: Map<string, LfsObject>,
): Generator<SourceBlob | Skip | SkippedClean> {
  for (const item of batch) {
    if (
      'bytes' in item &&
      'kind' in item &&
      item.kind === 'blob' &&
      item.bytes.length <= MAX_POINTER &&
      item.start === 0 &&
      item.last &&
      item.again === undefined &&
      isLfsPointer(item.bytes)
    )
      note(item, pointed)
    yield item
  }
}

function note({ bytes, origins }: SourceBlob, pointed: Map<string, LfsObject>): void {
  const { oid, size } = pointer.exec(Buffer.from(bytes).toString('latin1'))?.groups ?? {}
  if (oid === undefined || origins[0].inName) return
  const known = pointed.get(oid)
  if (known === undefined) pointed.set(oid, { oid, size: Number(size), origins: [...origins] })
  else known.origins.push(...origins)
}

/** `4d7a…` lies in `.git/lfs/objects/4d/7a/4d7a…`. */
async function* contentOf(
  { oid, size, origins }: LfsObject,
  { commonDir, maxBytes }: Options,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const file = join(commonDir, 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid)
  const at = {
    ...(origins[0].path && { path: origins[0].path }),
    ...(origins[0].object !== undefined && { object: origins[0].object }),
  }
  const found = await promises.lstat(file).catch(codeOf)
  if (found === 'ENOENT' || found === 'ENOTDIR')
    yield [
      {
        outcome: 'bounded',
        reason: 'lfs',
        ...at,
        detail: `this clone has no LFS object ${oid.slice(0, 12)}; git lfs fetch --all`,
      },
    ]
  else if (typeof found === 'string')
    yield [
      {
        outcome: 'failed',
        reason: 'unreadable',
        ...at,
        detail: `LFS object ${oid.slice(0, 12)}: ${found}`,
      },
    ]
  else if (!found.isFile() || found.size !== size)
    yield [
      {
        outcome: 'failed',
        reason: 'corrupt',
        ...at,
        detail: `LFS object ${oid.slice(0, 12)} is not the ${size} bytes that its pointer says`,
      },
    ]
  else if (maxBytes !== undefined && size > maxBytes)
    yield [
      { outcome: 'bounded', reason: 'too-large', ...at, detail: `LFS object of ${size} bytes` },
    ]
  else {
    try {
      for await (const window of windowsOf(
        createReadStream(file, { highWaterMark: 1 << 20, signal }),
      ))
        yield [{ id: `lfs ${oid}`, kind: 'blob', origins, ...window }]
    } catch (error) {
      if (!signal.aborted)
        yield [
          {
            outcome: 'failed',
            reason: 'unreadable',
            ...at,
            detail: `LFS object ${oid.slice(0, 12)}: ${codeOf(error)}`,
          },
        ]
    }
  }
}
