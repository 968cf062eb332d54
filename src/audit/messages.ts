/**
 * What the thread that audits and the one that shows it say to each other. Types only: no secret is
 * in them, but a revealed line.
 */
import type { AuditRequest, AuditPhase } from './audit.ts'
import type { ShownAudit, ShownContext, ShownFinding, ShownLife } from '../model/shown.ts'

/** What the thread is started with. */
export type StartRequest = AuditRequest

/** What is asked of it. */
export type AuditCommand =
  | { readonly type: 'life'; readonly fingerprint: string }
  | {
      readonly type: 'context'
      readonly fingerprint: string
      readonly place: number
      readonly reveal: boolean
    }
  /** What would be sent to whom, to verify these. */
  | { readonly type: 'plan'; readonly fingerprints: readonly string[] }
  /** The reader has agreed to it. */
  | { readonly type: 'verify'; readonly fingerprints: readonly string[] }
  | { readonly type: 'stop' }

export interface Progress {
  readonly phase: AuditPhase
  /** Zero while nobody knows. */
  readonly planned: number
  readonly objects: number
  readonly bytes: number
  readonly elapsedMs: number
}

/** What it says. */
export type AuditMessage =
  | ({ readonly type: 'progress' } & Progress)
  /** While it scans: neither merged nor attributed. */
  | { readonly type: 'found'; readonly findings: readonly ShownFinding[] }
  /**
   * What came of it, without advice and explanation, some findings at a time; the last message has
   * the rest of it.
   */
  | { readonly type: 'settled'; readonly findings: readonly ShownFinding[] }
  | ({ readonly type: 'finished' } & Pick<ShownAudit, 'name' | 'coverage'>)
  /** One line, and the exit code it stands for. */
  | {
      readonly type: 'failed'
      readonly message: string
      readonly foreseen: boolean
      readonly incomplete: boolean
    }
  /** With what `settled` left out, which takes the most room. */
  | ({ readonly type: 'life'; readonly fingerprint: string; readonly life: ShownLife } & Pick<
      ShownFinding,
      'advice' | 'explanation'
    >)
  /** `refused`: why nobody is asked. */
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
