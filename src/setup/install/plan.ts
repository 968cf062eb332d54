import type { FileChange, ReversibleStep } from './changes.ts'

/** All that an installation does, before any of it is done. */
export interface InstallPlan {
  readonly changes: readonly FileChange[]
  readonly steps: readonly ReversibleStep[]
  /** What the user has to know or do, a line each. */
  readonly notes: readonly string[]
}
