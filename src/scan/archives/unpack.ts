/** Unpacks an archive of any supported format into blobs, recursively, within a `Budget`. */
import { WINDOW_BYTES, windowsOf } from '../../git/objects/windows.ts'
import type { Limits } from '../../model/limits.ts'
import type { Batch, Skip, SkipReason, SourceBlob } from '../../model/model.ts'
import { Budget, UnpackError } from './budget.ts'
import { unpackedBzip2 } from './bzip2.ts'
import { gzipName, unpackedName } from './compressed-name.ts'
import {
  chunksOf,
  type Content,
  type Member,
  type UnreadableMember,
  untilError,
  withWholeContent,
} from './content.ts'
import { decompressed, hasZstd } from './decompress.ts'
import { type ArchiveFormat, formatOf, HEAD_BYTES } from './format.ts'
import { separateStrings } from './python-strings.ts'
import { sqliteRows } from './sqlite.ts'
import { tarMembers } from './tar.ts'
import { unpackedXz } from './xz.ts'
import { zipMembers } from './zip.ts'

/** A blob that is an archive or a compressed file, with all its bytes. */
export interface ArchiveBlob {
  readonly blob: Pick<SourceBlob, 'id' | 'origins' | 'again'>
  readonly bytes: Uint8Array
  readonly format: ArchiveFormat
}

/** An archive or compressed file, at the top or within another. */
interface OpenArchive {
  readonly content: Content
  readonly head: Uint8Array
  readonly format: ArchiveFormat
  /** Names of members, from the outermost in. */
  readonly chain: readonly string[]
}

/** Name of a member for which its archive has none. */
const NAMELESS = 'content'

/**
 * Yields each member of an archive as a blob, and the members of archives in it in turn. An error is
 * a bounded skip, and ends at most the unpacking of this blob.
 */
export async function* unpack(
  { blob, bytes, format }: ArchiveBlob,
  limits: Limits,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const unpacker = new Unpacker(blob, new Budget(limits, bytes.length), signal)
  const head = bytes.subarray(0, HEAD_BYTES)
  try {
    yield* unpacker.open({ content: { bytes }, head, format, chain: [] })
  } catch (error) {
    if (!(error instanceof UnpackError)) throw error
    yield [unpacker.skip(error.chain ?? [], error.reason, error.message)]
  }
}

/** Unpacks one blob, with everything nested in it. */
class Unpacker {
  readonly #blob: ArchiveBlob['blob']
  readonly #budget: Budget
  readonly #signal: AbortSignal
  #memberCount = 0

  constructor(blob: ArchiveBlob['blob'], budget: Budget, signal: AbortSignal) {
    this.#blob = blob
    this.#budget = budget
    this.#signal = signal
  }

  async *open(archive: OpenArchive): AsyncGenerator<Batch> {
    const { chain } = archive
    const skips = new Map<SkipReason, Skip>()
    try {
      this.#budget.checkDepth(chain.length + 1)
      this.#budget.countArchive()
      if (archive.format === 'python')
        yield* withWholeContent(archive.content, this.#budget, (bytes) =>
          this.#pythonStrings(bytes, chain),
        )
      else
        for await (const member of this.#membersOf(archive)) {
          if (this.#signal.aborted) return
          const memberChain = [...chain, member.name]
          if ('content' in member) yield* this.#read(member.content, memberChain)
          else {
            const { reason, detail } = member
            skips.set(reason, addSkip(skips.get(reason), this.skip(memberChain, reason, detail)))
          }
        }
    } catch (error) {
      yield [this.#skipOf(chain, error)]
    }
    if (skips.size > 0) yield [...skips.values()]
  }

  skip(chain: readonly string[], reason: SkipReason, detail?: string): Skip {
    const { path, object } = this.#blob.origins[0]
    return {
      outcome: 'bounded',
      reason,
      ...(path !== undefined && { path }),
      ...(chain.length > 0 && { member: chain.join('/') }),
      ...(object !== undefined && { object }),
      ...(detail !== undefined && { detail }),
    }
  }

  #membersOf({
    content,
    head,
    format,
    chain,
  }: OpenArchive): AsyncIterable<Member | UnreadableMember> {
    const budget = this.#budget
    const name = this.#unpackedName(chain)
    switch (format) {
      case 'zip':
        return zipMembers(content, budget)
      case 'tar':
        return tarMembers(content, budget)
      case 'gzip':
        return onlyMember(gzipName(head) ?? name, decompressed('gzip', content, budget))
      case 'xz':
        return onlyMember(name, unpackedXz(content, budget))
      case 'zstd':
        if (!hasZstd) throw new UnpackError('archive-format', 'zstd needs Node 22.15 or newer')
        return onlyMember(name, decompressed('zstd', content, budget))
      case 'bzip2':
        return onlyMember(name, unpackedBzip2(content, budget))
      case 'sqlite':
        return sqliteRows(content, budget)
      case 'python':
      case '7z':
      case 'rar':
        throw new UnpackError('archive-format', `${format} is not unpacked`)
    }
  }

  #unpackedName(chain: readonly string[]): string {
    return unpackedName(chain.at(-1) ?? this.#blob.origins[0].path?.text ?? '') ?? NAMELESS
  }

  /** Yields a member as a blob, and then its own members when it is an archive. */
  async *#read(content: Content, chain: readonly string[]): AsyncGenerator<Batch> {
    this.#budget.countMember()
    this.#memberCount += 1
    let head = new Uint8Array()
    let readable = content
    let failure: unknown
    const windows =
      'bytes' in content && content.bytes.length <= WINDOW_BYTES
        ? [{ start: 0, bytes: content.bytes, last: true }]
        : windowsOf(untilError(chunksOf(content), (error) => void (failure = error)))
    for await (const window of windows) {
      if (window.start === 0) head = Uint8Array.from(window.bytes.subarray(0, HEAD_BYTES))
      yield [{ ...this.#blobOf(chain), ...window }]
    }
    if (failure !== undefined) {
      yield [this.#skipOf(chain, failure)]
      readable = { stream: () => untilError(chunksOf(content), rethrowFinal) }
    }
    const format = formatOf(head)
    if (format === undefined || this.#blob.again !== undefined) return
    if ('isSingleUse' in content)
      yield [this.skip(chain, 'archive-size', 'too large to be held in memory')]
    else yield* this.open({ content: readable, head, format, chain })
  }

  /**
   * Yields the bytes of compiled Python a second time, with its strings apart. `again` marks them as
   * read before: findings keep their offsets, and nothing is counted twice.
   */
  async *#pythonStrings(bytes: Uint8Array, chain: readonly string[]): AsyncGenerator<Batch> {
    yield [
      {
        ...this.#blobOf(chain),
        id: `${this.#blob.id} apart`,
        again: this.#blob.origins[0].path ?? { text: NAMELESS },
        start: 0,
        bytes: separateStrings(bytes),
        last: true,
      },
    ]
  }

  #blobOf(chain: readonly string[]): Omit<SourceBlob, 'start' | 'bytes' | 'last'> {
    const { id, origins, again } = this.#blob
    const [first, ...others] = origins
    const member = chain.length > 0 && { member: chain.join('/') }
    return {
      id: `${id} ${this.#memberCount} ${chain.join('/')}`,
      kind: 'blob',
      origins: [{ ...first, ...member }, ...others.map((origin) => ({ ...origin, ...member }))],
      ...(again && { again: { text: unpackedName(again.text) ?? NAMELESS } }),
    }
  }

  /** Turns an error into a skip, but throws one that ends the whole unpacking. */
  #skipOf(chain: readonly string[], error: unknown): Skip {
    if (!(error instanceof UnpackError)) {
      this.#budget.countBroken()
      return this.skip(chain, 'archive-corrupt', shortMessage(error))
    }
    error.chain ??= chain
    if (error.isFinal) throw error
    return this.skip(error.chain, error.reason, error.message)
  }
}

function rethrowFinal(error: unknown): void {
  if (error instanceof UnpackError && error.isFinal) throw error
}

async function* onlyMember(name: string, content: Content): AsyncGenerator<Member> {
  yield { name, content }
}

/** Joins skips of one archive with the same reason; the first member is named. */
function addSkip(first: Skip | undefined, skip: Skip): Skip {
  if (first === undefined) return skip
  const count = (first.count ?? 1) + 1
  return { ...first, count, detail: `and ${count - 1} more of its members` }
}

/** The first sentence of a library's error message, at most 100 characters. */
function shortMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return (message.split(/[.?] |[\r\n]/)[0] ?? '').slice(0, 100)
}
