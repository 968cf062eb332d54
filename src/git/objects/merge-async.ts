/**
 * Merges async iterators: yields from whichever has its next value ready first. An iterator is
 * asked for its next value only after the consumer has used the previous one. While `isMidway`
 * holds for an iterator, the next value comes from the same one.
 */
export async function* mergeAsync<T>(
  sources: readonly AsyncIterator<T>[],
  isMidway: (source: AsyncIterator<T>) => boolean = () => false,
): AsyncGenerator<T> {
  const request = async (source: AsyncIterator<T>) => ({ source, step: await source.next() })
  const pending = new Map(sources.map((source) => [source, request(source)] as const))
  let continued: ReturnType<typeof request> | undefined
  while (pending.size > 0) {
    const { source, step } = await (continued ?? Promise.race(pending.values()))
    continued = undefined
    if (step.done) {
      pending.delete(source)
    } else {
      yield step.value
      const next = request(source)
      pending.set(source, next)
      if (isMidway(source)) continued = next
    }
  }
}
