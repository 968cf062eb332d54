/** Ends a scan at its deadline, or when its caller wants to stop. */
import type { Limits } from '../model/limits.ts'
import type { Skip } from '../model/model.ts'
import type { ScanOptions } from '../model/target.ts'

interface Stop {
  /** Aborted by the caller, by the deadline, or at the end of the scan. */
  readonly signal: AbortSignal
  readonly now: () => void
}

/**
 * Starts the deadline. A timer of its own holds it: Node may collect the signal of
 * `AbortSignal.timeout` as garbage, before it fires, once `AbortSignal.any` has taken it.
 */
export function stopOf({ signal }: ScanOptions, { deadlineMs }: Limits): Stop {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const timer = deadlineMs === Infinity ? undefined : setTimeout(abort, deadlineMs).unref()
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort)
  return {
    signal: controller.signal,
    now() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      abort()
    },
  }
}

/** The skip that says why a scan did not come to its end. */
export function stoppedSkip(isInterrupted: boolean): Skip {
  return isInterrupted
    ? { outcome: 'failed', reason: 'interrupted', detail: 'the scan was interrupted' }
    : { outcome: 'failed', reason: 'deadline', detail: 'the time allowed ran out' }
}
