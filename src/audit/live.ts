/** Reports progress and new findings while an audit runs. */
import type { ScanEvent } from '../model/outcome.ts'
import type { ShownFinding } from '../model/shown.ts'
import type { AuditPhase, AuditListener } from './audit.ts'
import type { AuditMessage } from './messages.ts'
import { showEarly } from './show.ts'

/** Shortest time between two messages: a reader cannot see more of them. */
const MIN_INTERVAL_MS = 100

/** Collects events of the scans and sends them in batches. */
export class LiveFindings implements AuditListener {
  readonly #send: (message: AuditMessage) => void
  readonly #startedAt = performance.now()
  #sentAt = 0
  #found: ShownFinding[] = []
  #phase: AuditPhase = 'history'
  #planned = 0
  #objects = 0
  #bytes = 0

  constructor(send: (message: AuditMessage) => void) {
    this.#send = send
  }

  readonly onPhase = (phase: AuditPhase): void => {
    this.#phase = phase
    this.#planned = 0
    this.#objects = 0
    this.#flush()
  }

  readonly onEvent = (event: ScanEvent): void => {
    if (event.type === 'planned') this.#planned = event.objects
    else if (event.type === 'finding') this.#found.push(showEarly(event.finding))
    else if (event.type === 'scanned') {
      this.#objects += Object.values(event.objects).reduce((sum, count) => sum + count, 0)
      this.#bytes += event.bytes
    }
    if (performance.now() - this.#sentAt >= MIN_INTERVAL_MS) this.#flush()
  }

  /** Sends the findings not yet sent. */
  end(): void {
    this.#flush()
  }

  #flush(): void {
    this.#sentAt = performance.now()
    if (this.#found.length > 0) this.#send({ type: 'found', findings: this.#found })
    this.#found = []
    this.#send({
      type: 'progress',
      phase: this.#phase,
      planned: this.#planned,
      objects: this.#objects,
      bytes: this.#bytes,
      elapsedMs: performance.now() - this.#startedAt,
    })
  }
}
