/** Decides which case comes next. */
import type { Kind, Surroundings } from './trial.ts'

export interface Next {
  readonly kind: Kind
  readonly seed: number
}

/**
 * Yields cases without end, each kind as often in a round as its weight says. Seeds of each kind
 * count up from the first. A kind that has a bounded number of cases ends after them.
 */
export function* schedule(
  kinds: readonly Kind[],
  firstSeed: number,
  surroundings: Surroundings,
): Generator<Next, void> {
  const tried = new Map<Kind, number>()
  const left = (kind: Kind): boolean =>
    (tried.get(kind) ?? 0) < (kind.count?.(surroundings) ?? Number.POSITIVE_INFINITY)
  while (kinds.some(left)) {
    const rounds = Math.max(...kinds.map(({ weight }) => weight))
    for (let round = 0; round < rounds; round += 1)
      for (const kind of kinds) {
        // Spreads the cases of a kind evenly over the round.
        const due =
          Math.floor(((round + 1) * kind.weight) / rounds) >
          Math.floor((round * kind.weight) / rounds)
        if (!due || !left(kind)) continue
        const count = tried.get(kind) ?? 0
        tried.set(kind, count + 1)
        yield { kind, seed: firstSeed + count }
      }
  }
}
