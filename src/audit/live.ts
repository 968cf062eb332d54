import type { ScanEvent } from '../model/outcome.ts'
import type { ShownFinding } from '../model/shown.ts'
import type { AuditPhase, AuditListener } from './audit.ts'
import type { AuditMessage } from './messages.ts'
import { showEarly } from './show.ts'

/** Told so often at most: more than that nobody sees. */
const INTERVAL_MS = 100

/** Adds up what a scan says, and tells it now and then. */
export class LiveFindings implements AuditListener {
  readonly #say: (answer: AuditMessage) => void
  readonly #startedAt = performance.now()
  #toldAt = 0
  #found: ShownFinding[] = []
  #phase: AuditPhase = 'history'
  #planned = 0
  #objects = 0
  #bytes = 0

  constructor(send: (answer: AuditMessage) => void) {
    this.#say = send
  }

  readonly onPhase = (phase: AuditPhase): void => {
    this.#phase = phase
    this.#planned = 0
    this.#objects = 0
    this.#tell()
  }

  readonly onEvent = (event: ScanEvent): void => {
    if (event.type === 'planned') this.#planned = event.objects
    else if (event.type === 'finding') this.#found.push(showEarly(event.finding))
    else if (event.type === 'scanned') {
      this.#objects += Object.values(event.objects).reduce((sum, count) => sum + count, 0)
      this.#bytes += event.bytes
    }
    if (performance.now() - this.#toldAt >= INTERVAL_MS) this.#tell()
  }

  /** Tells the rest. */
  end(): void {
    this.#tell()
  }

  #tell(): void {
    this.#toldAt = performance.now()
    if (this.#found.length > 0) this.#say({ type: 'found', findings: this.#found })
    this.#found = []
    this.#say({
      type: 'progress',
      phase: this.#phase,
      planned: this.#planned,
      objects: this.#objects,
      bytes: this.#bytes,
      elapsedMs: performance.now() - this.#startedAt,
    })
  }
}
