/**
 * Takes from several iterators whichever is ready first. The next value of an iterator is asked for only after the
 * consumer is done with the one before.
 */
export async function* soonest<T>(sources: readonly AsyncIterator<T>[]): AsyncGenerator<T> {
  const ask = async (source: AsyncIterator<T>) => ({ source, step: await source.next() })
  const pending = new Map(sources.map((source) => [source, ask(source)] as const))
  while (pending.size > 0) {
    const { source, step } = await Promise.race(pending.values())
    if (step.done) {
      pending.delete(source)
    } else {
      yield step.value
      pending.set(source, ask(source))
    }
  }
}
