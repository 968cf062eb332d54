import type { FileChange, Step } from './changes.ts'

/** All that an installation does, before any of it is done. */
export interface Plan {
  readonly changes: readonly FileChange[]
  readonly steps: readonly Step[]
  /** What the user has to know or do, a line each. */
  readonly notes: readonly string[]
}
