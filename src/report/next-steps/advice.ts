import type { Finding } from '../../model/model.ts'
import type { Shown } from './aws-steps.ts'
import { nextSteps } from './next-steps.ts'

/** The next steps as lines, each a sentence with its command in backquotes. */
export function adviceFor(finding: Finding, shown?: Shown): readonly string[] {
  return nextSteps(finding, shown).map(({ text, command }) =>
    command === undefined ? text : `${text.replace(/\.$/, '')}: \`${command}\`.`,
  )
}
