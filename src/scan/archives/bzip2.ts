import { type Content, withWholeContent } from './content.ts'
import { type Budget, UnpackError } from './budget.ts'

const PIECE_BYTES = 1 << 20

/**
 * What was compressed with bzip2, all its streams. The decoder gives it all at once, so no more of
 * it than may be held.
 */
export function unpackedBzip2(packed: Content, budget: Budget): Content {
  return { stream: () => withWholeContent(packed, budget, (bytes) => streamed(bytes, budget)) }
}

async function* streamed(packed: Uint8Array, budget: Budget): AsyncGenerator<Uint8Array> {
  const { default: Bunzip } = await import('seek-bzip')
  const pieces = new Pieces(budget)
  let fault: unknown
  try {
    Bunzip.decode(packed, pieces, true)
    pieces.end()
  } catch (error) {
    fault = error
  }
  try {
    yield* pieces.all
  } finally {
    pieces.release()
  }
  if (fault !== undefined) throw fault
}

/** Bytes that come one by one, each piece of them counted before there is another. */
class Pieces {
  readonly all: Uint8Array[] = []
  readonly #budget: Budget
  #held = 0
  #piece = new Uint8Array(PIECE_BYTES)
  #length = 0

  constructor(budget: Budget) {
    this.#budget = budget
  }

  writeByte(byte: number): void {
    if (this.#length === PIECE_BYTES) this.end()
    this.#piece[this.#length] = byte
    this.#length += 1
  }

  end(): void {
    this.#budget.countUnpacked(this.#length)
    if (!this.#budget.reserve(this.#length))
      throw new UnpackError('archive-size', 'too large to be held in memory')
    this.#held += this.#length
    this.all.push(this.#piece.subarray(0, this.#length))
    this.#piece = new Uint8Array(PIECE_BYTES)
    this.#length = 0
  }

  release(): void {
    this.#budget.release(this.#held)
  }
}
