/** A part of a history, so that several machines can share a scan: `index` from 1 to `count`. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** Largest number of shards of a history. */
export const MAX_SHARDS = 1024

/**
 * True when an object belongs to a shard. Only the object's id (hexadecimal) decides, so that every
 * clone of a repository is divided in the same way.
 */
export function isOfShard(id: string, { index, count }: Shard): boolean {
  return Number.parseInt(id.slice(0, 8), 16) % count === index - 1
}
