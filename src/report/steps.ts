import type { Finding } from '../model.ts'
import { adviceFor } from '../remedy/advice.ts'

/** One thing to do about a finding. */
export interface Step {
  /** A sentence, perhaps with a command in backquotes. */
  readonly text: string
  /** A command of its own. */
  readonly command?: string
}

/** What to do about a finding, in the order in which to do it. */
export function stepsFor(finding: Finding): readonly Step[] {
  return adviceFor(finding).map((text) => ({ text }))
}
