/** What to do next about one finding, in order. Needs no network and tells no secret. */
import type { Finding } from '../../model/model.ts'
import { type Shown, awsSteps } from './aws-steps.ts'
import { cleanSteps, untrackSteps } from './place-steps.ts'

/**
 * One thing to do: a sentence, and the command for it where there is one. `<user>` in a command is
 * for the reader to fill in.
 */
export interface Step {
  readonly text: string
  readonly command?: string
}

/**
 * The steps for this very finding: how far it got, how to stop it, what else to look at, how to
 * clean up, what to use instead. Names in commands are quoted for the shell. `shown` says what of
 * an id is written into them; by default it is redacted, and the step says so.
 */
export function nextSteps(
  finding: Finding,
  shown: Shown = ({ redacted }) => redacted,
): readonly Step[] {
  if (finding.places.every(({ origin }) => origin.state === 'ignored'))
    return [{ text: 'Git ignores the file, so no commit takes it; keep it so.' }]
  if (finding.rule.id === 'dotenv-tracked')
    return [...untrackSteps(finding, finding.places[0]), ...remedyOf(finding)]
  const { stop, follow } = awsSteps(finding, shown) ?? { stop: remedyOf(finding), follow: [] }
  const [place] = finding.places
  const cleaned = [...cleanSteps(finding, place), ...untrackSteps(finding, place)]
  const reached = { text: reachOf(finding) }
  return seenByOthers(finding)
    ? [reached, ...stop, ...cleaned, ...follow]
    : [...cleaned, ...stop, reached, ...follow]
}

function remedyOf({ rule }: Finding): readonly Step[] {
  return rule.remedy === '' ? [] : [{ text: rule.remedy }]
}

function seenByOthers(finding: Finding): boolean {
  return finding.attribution?.exposure === 'published'
}

/** How far it got, and what that means for rotating it. */
function reachOf(finding: Finding): string {
  switch (finding.attribution?.exposure) {
    case 'published':
      return 'Rotate it now. Rewriting history does not help before: clones, forks and caches keep what was pushed.'
    case 'pending':
      return 'Rewritten before the push, it stays here; pushed, it has to be rotated.'
    case 'local':
      return 'If this clone was ever copied or backed up, rotate it.'
    case undefined:
      return 'If it was ever pushed or shared, rotate it: removing it does not help then.'
  }
}
