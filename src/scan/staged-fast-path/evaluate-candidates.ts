import { ResultCollector } from '../collect.ts'
import { createEngine } from '../engine.ts'
import { scanEvents } from '../events.ts'
import type { Batch, SourceBlob, Suppressed } from '../../model/model.ts'
import { builtinDefinitions } from '../../rules/builtin.ts'
import { compileRule } from '../../rules/compile.ts'

/**
 * What the rules rule out in a few small blobs; undefined where something stands, or was not read.
 */
export async function suppressedIn(
  blobs: readonly SourceBlob[],
  signal: AbortSignal,
): Promise<readonly Suppressed[] | undefined> {
  const engine = createEngine(builtinDefinitions.map(compileRule), { now: Date.now() })
  const collector = new ResultCollector()
  const source = {
    async *blobs(): AsyncGenerator<Batch> {
      yield blobs
    },
  }
  for await (const event of scanEvents(source, engine, signal)) {
    if (event.type === 'finding' || event.type === 'skipped') return undefined
    collector.record(event)
  }
  return collector.suppressed()
}
