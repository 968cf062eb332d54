/**
 * The answer of the fast path when it cannot vouch for a commit: `scan({ name: 'staged' })` must
 * run instead. `because` completes the sentence "full scan, because …" and quotes nothing from the
 * repository.
 */
export interface FullScanNeeded {
  readonly because: string
}

/** True when `answer` asks for a full scan instead of holding a result. */
export function isFullScanNeeded<Result extends object>(
  answer: Result | FullScanNeeded,
): answer is FullScanNeeded {
  return 'because' in answer
}
