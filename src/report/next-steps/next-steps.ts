/** Recommends what to do about a finding, in order. Uses no network and reveals no secret. */
import type { Finding } from '../../model/model.ts'
import { awsSteps } from './aws-steps.ts'
import { removalSteps, untrackSteps } from './place-steps.ts'
import type { ShowPart, Step } from './step.ts'

/**
 * The steps for one finding: how far it has spread, how to revoke it, what to check, how to clean
 * up, and what to use instead. Names in commands are quoted for a shell. `show` returns the ids to
 * put into commands; by default they are redacted, and the step tells the reader to replace them.
 */
export function nextSteps(
  finding: Finding,
  show: ShowPart = ({ redacted }) => redacted,
): readonly Step[] {
  if (finding.places.every(({ origin }) => origin.state === 'ignored'))
    return [{ text: 'Keep the file ignored by git, so that it is never committed.' }]
  if (finding.rule.id === 'dotenv-tracked')
    return [...untrackSteps(finding, finding.places[0]), ...ruleSteps(finding)]
  const { stop, follow } = awsSteps(finding, show) ?? { stop: ruleSteps(finding), follow: [] }
  const [place] = finding.places
  const cleanup = [...removalSteps(finding, place), ...untrackSteps(finding, place)]
  const exposure = { text: exposureStep(finding) }
  return finding.attribution?.exposure === 'published'
    ? [exposure, ...stop, ...cleanup, ...follow]
    : [...cleanup, ...stop, exposure, ...follow]
}

/** The steps as lines of text: each a sentence, with its command in backquotes. */
export function adviceFor(finding: Finding, show?: ShowPart): readonly string[] {
  return nextSteps(finding, show).map(({ text, command }) =>
    command === undefined ? text : `${text.replace(/\.$/, '')}: \`${command}\`.`,
  )
}

function ruleSteps({ rule }: Finding): readonly Step[] {
  return rule.remedy === '' ? [] : [{ text: rule.remedy }]
}

/** Whether the credential must be rotated, given how far it has spread. */
function exposureStep({ attribution }: Finding): string {
  switch (attribution?.exposure) {
    case 'published':
      return (
        'Rotate it first; rewriting history alone does not help: clones, forks and caches ' +
        'keep what was pushed.'
      )
    case 'pending':
      return (
        'If you rewrite the commits before pushing, it never leaves this clone; once pushed, ' +
        'it must be rotated.'
      )
    case 'local':
      return 'If this clone was ever copied or backed up, rotate it.'
    case undefined:
      return 'If it was ever pushed or shared, rotate it: removing it is not enough.'
  }
}
