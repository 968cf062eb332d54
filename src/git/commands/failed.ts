import type { Skip } from '../../model/model.ts'

/** What a git that failed makes of a scan: incomplete, never clean. */
export function gitFailed(detail: string): Skip {
  return { outcome: 'failed', reason: 'git-failed', detail }
}
