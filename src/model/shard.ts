/**
 * One of the parts that a history is cut into, so that several machines share the work: `index`
 * from 1 to `count`.
 */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** The largest number of shards that a history is cut into. */
export const MAX_SHARDS = 1024

/**
 * Is the object with this name, in hexadecimal, of this shard? Told by the name alone, so that
 * every clone of a repository, however it is packed, is cut in the same way.
 */
export function isOfShard(id: string, { index, count }: Shard): boolean {
  return Number.parseInt(id.slice(0, 8), 16) % count === index - 1
}
