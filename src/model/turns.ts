/** Lets timers, signals and other work run between the steps of a long loop. */
import { setImmediate } from 'node:timers/promises'

/** Milliseconds that a loop may run before other work gets a turn. */
const MAX_TURN_MS = 20

/**
 * Divides a long loop into turns: the loop calls `next` in each step. A deadline and an interruption
 * take effect only between turns.
 */
export class Turns {
  #endsAt = Date.now() + MAX_TURN_MS

  /** True when the loop has run for its turn. A loop without `await` checks it before `next`. */
  get isOver(): boolean {
    return Date.now() >= this.#endsAt
  }

  /** Resolves when other work has run, if this turn is over. */
  async next(): Promise<void> {
    if (!this.isOver) return
    await setImmediate()
    this.#endsAt = Date.now() + MAX_TURN_MS
  }
}
