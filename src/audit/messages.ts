/**
 * Messages between the thread of the screen and the worker thread that audits. They hold no secret,
 * except a line that the reader reveals.
 */
import type { AuditPhase } from './audit.ts'
import type { ShownAudit, ShownContext, ShownFinding, ShownLife } from '../model/shown.ts'

/** Command to the worker thread. */
export type AuditCommand =
  | { readonly type: 'life'; readonly fingerprint: string }
  | {
      readonly type: 'context'
      readonly fingerprint: string
      readonly place: number
      readonly reveal: boolean
    }
  /** Asks for the consent text: what verification of these findings would send, and where to. */
  | { readonly type: 'plan'; readonly fingerprints: readonly string[] }
  /** Verifies findings; the reader has agreed to the consent text. */
  | { readonly type: 'verify'; readonly fingerprints: readonly string[] }
  | { readonly type: 'stop' }

/** Progress of the scan that runs. */
export interface Progress {
  readonly phase: AuditPhase
  /** Estimated number of objects; zero while unknown. */
  readonly planned: number
  readonly objects: number
  readonly bytes: number
  readonly elapsedMs: number
}

/** Message from the worker thread. */
export type AuditMessage =
  | ({ readonly type: 'progress' } & Progress)
  /** New findings of the running scan, neither merged nor attributed yet. */
  | { readonly type: 'found'; readonly findings: readonly ShownFinding[] }
  /**
   * Final findings, some at a time, without advice and explanation; `finished` follows the last
   * ones.
   */
  | { readonly type: 'settled'; readonly findings: readonly ShownFinding[] }
  | ({ readonly type: 'finished' } & Pick<ShownAudit, 'name' | 'coverage'>)
  /** The audit failed. `foreseen`: an error of the user's, not a bug. `incomplete`: exit code 3. */
  | {
      readonly type: 'failed'
      readonly message: string
      readonly foreseen: boolean
      readonly incomplete: boolean
    }
  /** Life of a finding, with the advice and explanation that `settled` omits to save memory. */
  | ({ readonly type: 'life'; readonly fingerprint: string; readonly life: ShownLife } & Pick<
      ShownFinding,
      'advice' | 'explanation'
    >)
  /** Consent text for verification. `refused`: the reason why it is not allowed. */
  | {
      readonly type: 'plan'
      readonly fingerprints: readonly string[]
      readonly keys: number
      readonly lines: readonly string[]
      readonly refused?: string
    }
  | { readonly type: 'verifying'; readonly done: number; readonly total: number }
  | {
      readonly type: 'verified'
      readonly findings: readonly ShownFinding[]
      readonly refused?: string
    }
  | {
      readonly type: 'context'
      readonly fingerprint: string
      readonly place: number
      readonly revealed: boolean
      readonly context: ShownContext
    }
