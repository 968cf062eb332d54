import { WINDOW_BYTES, windowsOf } from '../../git/objects/windows.ts'
import type { Batch, Skip, SkipReason, SourceBlob } from '../../model/model.ts'
import { unpackedBzip2 } from './bzip2.ts'
import { gzipName, unpackedName } from './compressed-name.ts'
import {
  chunksOf,
  type Content,
  withWholeContent,
  type Member,
  type UnreadableMember,
  untilError,
} from './content.ts'
import { decompressed, hasZstd } from './decompress.ts'
import { type ArchiveFormat, formatOf, HEAD_BYTES } from './format.ts'
import { Budget, type ContainerLimits, UnpackError } from './budget.ts'
import { withStringsApart } from './python-strings.ts'
import { sqliteRows } from './sqlite.ts'
import { tarMembers } from './tar.ts'
import { unpackedXz } from './xz.ts'
import { zipMembers } from './zip.ts'

/** A blob that is an archive or a compressed file, whole. */
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

/** What a member is called whose archive has no name for it. */
const NAMELESS = 'content'

/**
 * What a container holds, and what that holds in turn: each member as a blob of its own, archives
 * too. Whatever is wrong with them is a bounded skip, and ends at most the unpacking of this blob.
 */
export async function* unpack(
  { blob, bytes, format }: ArchiveBlob,
  limits: ContainerLimits,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const unpacking = new Unpacking(blob, new Budget(limits, bytes.length), signal)
  try {
    yield* unpacking.open({
      content: { bytes },
      head: bytes.subarray(0, HEAD_BYTES),
      format,
      chain: [],
    })
  } catch (error) {
    if (!(error instanceof UnpackError)) throw error
    yield [unpacking.skip(error.chain ?? [], error.reason, error.message)]
  }
}

class Unpacking {
  readonly #blob: ArchiveBlob['blob']
  readonly #budget: Budget
  readonly #signal: AbortSignal
  #count = 0

  constructor(blob: ArchiveBlob['blob'], budget: Budget, signal: AbortSignal) {
    this.#blob = blob
    this.#budget = budget
    this.#signal = signal
  }

  async *open(opened: OpenArchive): AsyncGenerator<Batch> {
    const { chain } = opened
    const left = new Map<SkipReason, Skip>()
    try {
      this.#budget.checkDepth(chain.length + 1)
      this.#budget.countArchive()
      if (opened.format === 'python')
        yield* withWholeContent(opened.content, this.#budget, (bytes) =>
          this.#readApart(bytes, chain),
        )
      else
        for await (const member of this.#membersOf(opened)) {
          if (this.#signal.aborted) return
          const inner = [...chain, member.name]
          if ('content' in member) yield* this.#read(member.content, inner)
          else
            left.set(
              member.reason,
              oneMore(left.get(member.reason), this.skip(inner, member.reason, member.detail)),
            )
        }
    } catch (error) {
      yield [this.#refused(chain, error)]
    }
    if (left.size > 0) yield [...left.values()]
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
    switch (format) {
      case 'zip':
        return zipMembers(content, budget)
      case 'tar':
        return tarMembers(content, budget)
      case 'gzip':
        return only({
          name: gzipName(head) ?? this.#unpackedName(chain),
          content: decompressed('gzip', content, budget),
        })
      case 'xz':
        return only({ name: this.#unpackedName(chain), content: unpackedXz(content, budget) })
      case 'zstd':
        if (!hasZstd) throw new UnpackError('archive-format', 'zstd needs Node 22.15 or newer')
        return only({
          name: this.#unpackedName(chain),
          content: decompressed('zstd', content, budget),
        })
      case 'bzip2':
        return only({ name: this.#unpackedName(chain), content: unpackedBzip2(content, budget) })
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

  /** A member as a blob, and then what it holds, if it is an archive. */
  async *#read(content: Content, chain: readonly string[]): AsyncGenerator<Batch> {
    this.#budget.countMember()
    this.#count += 1
    let head = new Uint8Array()
    let readable = content
    let fault: unknown
    const onBroken = (error: unknown): void => void (fault = error)
    for await (const window of 'bytes' in content && content.bytes.length <= WINDOW_BYTES
      ? whole(content.bytes)
      : windowsOf(untilError(chunksOf(content), onBroken))) {
      if (window.start === 0) head = Uint8Array.from(window.bytes.subarray(0, HEAD_BYTES))
      yield [{ ...this.#blobOf(chain), ...window }]
    }
    if (fault !== undefined) {
      yield [this.#refused(chain, fault)]
      readable = { stream: () => untilError(chunksOf(content), rethrowFinal) }
    }
    const format = formatOf(head)
    if (format === undefined || this.#blob.again !== undefined) return
    if ('once' in content)
      yield [this.skip(chain, 'archive-size', 'too large to be held in memory')]
    else yield* this.open({ content: readable, head, format, chain })
  }

  async *#readApart(bytes: Uint8Array, chain: readonly string[]): AsyncGenerator<Batch> {
    // The same bytes once more: what is found in them is where it was, and nothing is counted
    // twice.
    const again = this.#blob.origins[0].path ?? { text: NAMELESS }
    yield [
      {
        ...this.#blobOf(chain),
        id: `${this.#blob.id} apart`,
        again,
        start: 0,
        bytes: withStringsApart(bytes),
        last: true,
      },
    ]
  }

  #blobOf(chain: readonly string[]): Omit<SourceBlob, 'start' | 'bytes' | 'last'> {
    const {
      id,
      origins: [first, ...others],
      again,
    } = this.#blob
    const member = chain.length > 0 && { member: chain.join('/') }
    return {
      id: `${id} ${this.#count} ${chain.join('/')}`,
      kind: 'blob',
      origins: [{ ...first, ...member }, ...others.map((origin) => ({ ...origin, ...member }))],
      ...(again && { again: { text: unpackedName(again.text) ?? NAMELESS } }),
    }
  }

  /** What ends the whole unpacking is thrown on. */
  #refused(chain: readonly string[], error: unknown): Skip {
    if (!(error instanceof UnpackError)) {
      this.#budget.countBroken()
      return this.skip(chain, 'archive-corrupt', wordsOf(error))
    }
    error.chain ??= chain
    if (error.final) throw error
    return this.skip(error.chain, error.reason, error.message)
  }
}

function rethrowFinal(error: unknown): void {
  if (error instanceof UnpackError && error.final) throw error
}

async function* only(member: Member): AsyncGenerator<Member> {
  yield member
}

async function* whole(
  bytes: Uint8Array,
): AsyncGenerator<Pick<SourceBlob, 'start' | 'bytes' | 'last'>> {
  yield { start: 0, bytes, last: true }
}

/** One skip for all members of an archive with the same trouble; the first of them is named. */
function oneMore(known: Skip | undefined, skip: Skip): Skip {
  if (known === undefined) return skip
  const count = (known.count ?? 1) + 1
  return { ...known, count, detail: `and ${count - 1} more of its members` }
}

/** What a library says, in one short line. */
function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return (message.split(/[.?] |[\r\n]/)[0] ?? '').slice(0, 100)
}
