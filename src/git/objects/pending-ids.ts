/** Yields object ids in blocks. Several gits may share one. */
export type IdBlocks = AsyncIterator<readonly string[]>

/**
 * The ids that one worker has sent to its git and has no answer for yet. When a git ends early, the
 * next git of the worker continues with these ids.
 */
export class PendingIds {
  readonly #blocks: IdBlocks
  /** Ids sent to git; those before `#answered` are answered. */
  #ids: string[] = []
  #answered = 0
  #nextBlock: ReturnType<IdBlocks['next']> | undefined
  #isExhausted = false
  /** The number of the git that reads `input` now. */
  #reader = 0

  constructor(blocks: IdBlocks) {
    this.#blocks = blocks
  }

  /** True while there are ids to send or answers to come. */
  get isOpen(): boolean {
    return !this.#isExhausted || this.#answered < this.#ids.length
  }

  /** Yields input for the next git: ids without an answer, then further blocks. */
  async *input(): AsyncGenerator<string> {
    const reader = ++this.#reader
    this.#removeAnswered()
    if (this.#ids.length > 0) yield asInput(this.#ids)
    while (reader === this.#reader) {
      this.#nextBlock ??= this.#blocks.next()
      const step = await this.#nextBlock
      // This git has ended meanwhile: the block is for the next git, which awaits the same promise.
      if (reader !== this.#reader) return
      this.#nextBlock = undefined
      if (step.done) this.#isExhausted = true
      if (step.done) return
      this.#removeAnswered()
      for (const id of step.value) this.#ids.push(id)
      yield asInput(step.value)
    }
  }

  /** Records that git has answered the next `count` ids. */
  markAnswered(count: number): void {
    this.#answered += count
  }

  /** Takes the first id without an answer off the list. */
  drop(): string | undefined {
    const id = this.#ids[this.#answered]
    if (id !== undefined) this.#answered += 1
    return id
  }

  #removeAnswered(): void {
    this.#ids = this.#ids.slice(this.#answered)
    this.#answered = 0
  }
}

function asInput(ids: readonly string[]): string {
  return `${ids.join('\n')}\n`
}
