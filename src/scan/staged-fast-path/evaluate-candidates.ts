/**
 * Runs the whole engine on the few blobs that the fast path has doubts about. A bundle of its own
 * (`build/bundle.mjs`), because most commits do not need it.
 */
import { ResultCollector } from '../collect.ts'
import { createEngine } from '../engine.ts'
import { scanEvents } from '../events.ts'
import type { Batch, SourceBlob, Suppressed } from '../../model/model.ts'
import { builtinDefinitions } from '../../rules/builtin.ts'
import { compileRule } from '../../rules/compile.ts'
import type { FullScanNeeded } from './full-scan-needed.ts'

/**
 * Returns the suppressed candidates of a few small blobs, or asks for a full scan at the first
 * finding or skip.
 */
export async function suppressedIn(
  blobs: readonly SourceBlob[],
  signal: AbortSignal,
): Promise<readonly Suppressed[] | FullScanNeeded> {
  const engine = createEngine(builtinDefinitions.map(compileRule), { now: Date.now() })
  const collector = new ResultCollector()
  const source = {
    async *blobs(): AsyncGenerator<Batch> {
      yield blobs
    },
  }
  for await (const event of scanEvents(source, engine, signal)) {
    if (event.type === 'unnamed') return { because: 'a rule matches a staged file' }
    if (event.type === 'skipped')
      return { because: `a skip (${event.skip.reason}) must be reported` }
    collector.record(event)
  }
  return collector.suppressed()
}
