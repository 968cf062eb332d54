/** Unpacks bzip2 streams. */
import { type Budget, UnpackError } from './budget.ts'
import { type Content, withWholeContent } from './content.ts'

const PIECE_BYTES = 1 << 20

/**
 * Unpacks all bzip2 streams of a file. The decoder returns everything at once, so the unpacked
 * bytes must fit in the memory budget.
 */
export function unpackedBzip2(packed: Content, budget: Budget): Content {
  return { stream: () => withWholeContent(packed, budget, (bytes) => decode(bytes, budget)) }
}

/** Yields the bytes before an error, then throws it. */
async function* decode(packed: Uint8Array, budget: Budget): AsyncGenerator<Uint8Array> {
  const { default: Bunzip } = await import('seek-bzip')
  const output = new PieceWriter(budget)
  let failure: unknown
  try {
    Bunzip.decode(packed, output, true)
    output.end()
  } catch (error) {
    failure = error
  }
  try {
    yield* output.pieces
  } finally {
    output.release()
  }
  if (failure !== undefined) throw failure
}

/** Takes bytes one by one, and checks the budget each time a piece is full. */
class PieceWriter {
  readonly pieces: Uint8Array[] = []
  readonly #budget: Budget
  #reservedBytes = 0
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

  /** Ends the current piece. */
  end(): void {
    this.#budget.countUnpacked(this.#length)
    if (!this.#budget.reserve(this.#length))
      throw new UnpackError('archive-size', 'too large to be held in memory')
    this.#reservedBytes += this.#length
    this.pieces.push(this.#piece.subarray(0, this.#length))
    this.#piece = new Uint8Array(PIECE_BYTES)
    this.#length = 0
  }

  release(): void {
    this.#budget.release(this.#reservedBytes)
  }
}
