import type { Finding } from '../../model/model.ts'
import { nextSteps, type Step } from '../next-steps/next-steps.ts'

/** What to do about a finding, in the order in which to do it; ids in commands are redacted. */
export function stepsFor(finding: Finding): readonly Step[] {
  return nextSteps(finding)
}
