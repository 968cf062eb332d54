/**
 * Takes from several iterators whichever is ready first. The next value of an iterator is asked for
 * only after the consumer is done with the one before. After a value of an iterator that is
 * `midway` comes its next one.
 */
export async function* mergeAsync<T>(
  sources: readonly AsyncIterator<T>[],
  midway: (source: AsyncIterator<T>) => boolean = () => false,
): AsyncGenerator<T> {
  const ask = async (source: AsyncIterator<T>) => ({ source, step: await source.next() })
  const pending = new Map(sources.map((source) => [source, ask(source)] as const))
  let held: ReturnType<typeof ask> | undefined
  while (pending.size > 0) {
    const { source, step } = await (held ?? Promise.race(pending.values()))
    held = undefined
    if (step.done) {
      pending.delete(source)
    } else {
      yield step.value
      const next = ask(source)
      pending.set(source, next)
      if (midway(source)) held = next
    }
  }
}
