import type { Finding, UnnamedFinding } from '../model/model.ts'
import type { ScanEvent } from '../model/outcome.ts'
import type { DetectedEvent, UnnamedEvent } from './detected-event.ts'
import type { Fingerprinter, FingerprintResult, NoFingerprint } from './findings/fingerprinter.ts'

/** A finding that cannot be reported, as it has no fingerprint. */
export interface UnreportedEvent {
  readonly type: 'unreported'
  readonly finding: UnnamedFinding
  readonly blob: string
  readonly reason: NoFingerprint
}

export type NamedEvent = ScanEvent | UnreportedEvent

/** Fingerprints that are computed at a time: Node's thread pool has four threads. */
const MAX_PENDING = 4

/** Events that wait for a fingerprint before them. */
const MAX_WAITING = 256

/**
 * Adds fingerprints to the findings among the events, which keep their order. Further events are
 * taken while fingerprints are computed, so that detection goes on meanwhile.
 */
export async function* addFingerprints(
  events: AsyncIterable<DetectedEvent>,
  fingerprinter: Fingerprinter,
): AsyncGenerator<NamedEvent> {
  const waiting: (NamedEvent | Promise<NamedEvent>)[] = []
  let pending = 0
  for await (const event of events) {
    const named = event.type === 'unnamed' ? nameFinding(event, fingerprinter) : event
    if (waiting.length === 0 && !(named instanceof Promise)) {
      yield named
      continue
    }
    waiting.push(named)
    if (named instanceof Promise) pending += 1
    while (pending >= MAX_PENDING || waiting.length > MAX_WAITING) {
      const first = waiting.shift()
      if (first === undefined) break
      if (first instanceof Promise) pending -= 1
      yield await first
    }
  }
  for (const each of waiting) yield await each
}

function nameFinding(
  event: UnnamedEvent,
  fingerprinter: Fingerprinter,
): NamedEvent | Promise<NamedEvent> {
  const result = fingerprinter.of(event.finding, event.blob)
  if (!(result instanceof Promise)) return namedEvent(event, result)
  const named = result.then((settled) => namedEvent(event, settled))
  // The event is awaited later; until then a failure must not count as unhandled.
  named.catch(() => {})
  return named
}

function namedEvent({ finding, blob }: UnnamedEvent, result: FingerprintResult): NamedEvent {
  return 'fingerprint' in result
    ? {
        type: 'finding',
        finding: { fingerprint: result.fingerprint, ...finding } satisfies Finding,
      }
    : { type: 'unreported', finding, blob, reason: result.without }
}
