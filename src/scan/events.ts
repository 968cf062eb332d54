import type { Engine } from './engine.ts'
import { isExpected } from '../model/errors.ts'
import { addRegions } from './findings/regions.ts'
import { ChangeFilter, type MarkerExistedBefore } from './change-filter.ts'
import type { SkippedClean, Source, SourceBlob } from '../model/model.ts'
import type { ScanEvent } from '../model/outcome.ts'

/** Source → blob → candidate → suppression or finding. Without `standing` every marker counts. */
export async function* events(
  source: Source,
  engine: Engine,
  signal: AbortSignal,
  standing?: MarkerExistedBefore,
): AsyncGenerator<ScanEvent> {
  const detector = engine.detector()
  const judge = new ChangeFilter(source, engine, signal, standing)
  const tally = new Tally()
  try {
    for await (const batch of source.blobs(signal)) {
      if (signal.aborted) break
      for (const item of batch) {
        if ('outcome' in item) {
          yield { type: 'skipped', skip: item }
          continue
        }
        if ('skippedClean' in item) {
          tally.add(item)
          continue
        }
        const candidates = detector.detect(item)
        if (candidates.length > 0)
          yield* located(judge.events(candidates, item.again !== undefined), item)
        tally.count(item)
      }
      yield tally.event()
    }
  } catch (error) {
    // A source that breaks off has still given what it gave.
    if (!isExpected(error)) throw error
    if (error.name !== 'ScanError') throw error
    yield {
      type: 'skipped',
      skip: { outcome: 'failed', reason: 'git-failed', detail: error.message },
    }
  }
  yield* judge.events(detector.end(), false)
}

/** The bytes are at hand only now. */
async function* located(
  judged: AsyncIterable<ScanEvent>,
  item: SourceBlob,
): AsyncGenerator<ScanEvent> {
  for await (const event of judged)
    yield event.type === 'finding'
      ? { type: 'finding', finding: addRegions(event.finding, item) }
      : event
}

const KINDS = ['blob', 'tree', 'commit', 'tag'] as const

/** Counts what was scanned since it was last asked. */
class Tally {
  #objects = { blob: 0, tree: 0, commit: 0, tag: 0 }
  #bytes = 0
  #covered = 0

  count({ kind, origins, start, bytes, last, again }: SourceBlob): void {
    if (
      again !== undefined ||
      origins[0].member !== undefined ||
      (kind === 'blob' && origins[0].inName)
    )
      return
    const end = start + bytes.length
    this.#bytes += end - (start === 0 ? 0 : this.#covered)
    this.#covered = end
    if (last) this.#objects[kind] += 1
  }

  add({ skippedClean: passed, bytes }: SkippedClean): void {
    for (const kind of KINDS) this.#objects[kind] += passed[kind]
    this.#bytes += bytes
  }

  event(): ScanEvent {
    const event: ScanEvent = { type: 'scanned', objects: this.#objects, bytes: this.#bytes }
    this.#objects = { blob: 0, tree: 0, commit: 0, tag: 0 }
    this.#bytes = 0
    return event
  }
}
