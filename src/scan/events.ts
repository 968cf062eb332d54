import { isExpected } from '../model/errors.ts'
import type { SkippedClean, Source, SourceBlob } from '../model/model.ts'
import { Turns } from '../model/turns.ts'
import { ChangeFilter, type MarkerExistedBefore } from './change-filter.ts'
import type { DetectedEvent } from './detected-event.ts'
import type { Engine } from './engine.ts'
import { addRegions } from './findings/regions.ts'

/**
 * Runs a source through the engine: source → blob → candidate → suppression or finding. Without
 * `markerExisted` every inline marker counts.
 */
export async function* scanEvents(
  source: Source,
  engine: Engine,
  signal: AbortSignal,
  markerExisted?: MarkerExistedBefore,
): AsyncGenerator<DetectedEvent> {
  const detector = engine.detector()
  const filter = new ChangeFilter(source, engine, signal, markerExisted)
  const tally = new Tally()
  const turns = new Turns()
  try {
    for await (const batch of source.blobs(signal)) {
      if (signal.aborted) break
      for (const item of batch) {
        if (turns.isOver) await turns.next()
        if (signal.aborted) break
        if ('outcome' in item) {
          yield { type: 'skipped', skip: item }
        } else if ('skippedClean' in item) {
          tally.addClean(item)
        } else {
          const steps = detector.detectInSteps(item)
          let step = steps.next()
          // After an abort the candidates found until then come from the detector's end.
          while (step.done !== true && !signal.aborted) {
            if (turns.isOver) await turns.next()
            step = steps.next()
          }
          const candidates = step.done === true ? step.value : []
          if (candidates.length > 0)
            yield* addRegionsOf(filter.events(candidates, item.again !== undefined), item)
          tally.addBlob(item)
        }
      }
      yield tally.take()
    }
  } catch (error) {
    if (!isExpected(error) || error.name !== 'ScanError') throw error
    // A source that fails midway has yielded blobs before: their findings are kept.
    yield {
      type: 'skipped',
      skip: { outcome: 'failed', reason: 'git-failed', detail: error.message },
    }
  }
  yield* filter.events(detector.end(), false)
}

/** Adds to findings the AWS regions named in their blob, whose bytes are valid only now. */
async function* addRegionsOf(
  events: AsyncIterable<DetectedEvent>,
  blob: SourceBlob,
): AsyncGenerator<DetectedEvent> {
  for await (const event of events)
    yield event.type === 'unnamed' ? { ...event, finding: addRegions(event.finding, blob) } : event
}

const KINDS = ['blob', 'tree', 'commit', 'tag'] as const

/** Counts the objects and bytes scanned since the last event about them. */
class Tally {
  #objects = { blob: 0, tree: 0, commit: 0, tag: 0 }
  #bytes = 0
  /** Offset up to which the bytes of the current blob are counted: its windows overlap. */
  #countedEnd = 0

  /** Counts a blob once: not what is read again, members of archives and names of files. */
  addBlob({ kind, origins, start, bytes, last, again }: SourceBlob): void {
    const [{ member, inName }] = origins
    if (again !== undefined || member !== undefined || (kind === 'blob' && inName)) return
    const end = start + bytes.length
    this.#bytes += end - (start === 0 ? 0 : this.#countedEnd)
    this.#countedEnd = end
    if (last) this.#objects[kind] += 1
  }

  addClean({ skippedClean, bytes }: SkippedClean): void {
    for (const kind of KINDS) this.#objects[kind] += skippedClean[kind]
    this.#bytes += bytes
  }

  take(): DetectedEvent {
    const event: DetectedEvent = { type: 'scanned', objects: this.#objects, bytes: this.#bytes }
    this.#objects = { blob: 0, tree: 0, commit: 0, tag: 0 }
    this.#bytes = 0
    return event
  }
}
