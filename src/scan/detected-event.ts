import type { UnnamedFinding } from '../model/model.ts'
import type { ScanEvent } from '../model/outcome.ts'

/** A finding as the engine concludes it, and the id of its blob. */
export interface UnnamedEvent {
  readonly type: 'unnamed'
  readonly finding: UnnamedFinding
  readonly blob: string
}

/** Events of the detection: those of a scan, with findings that have no fingerprint yet. */
export type DetectedEvent = Exclude<ScanEvent, { readonly type: 'finding' }> | UnnamedEvent
