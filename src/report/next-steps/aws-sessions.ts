import type { Finding } from '../../model/model.ts'
import type { AwsSteps } from './aws-steps.ts'
import { type AwsKey, cloudTrailStep, word } from './aws-words.ts'
import { replacementFor } from './replacement.ts'

/**
 * Temporary credentials cannot be deactivated: what they were made from has to refuse what was
 * issued before.
 */
export function sessionSteps(key: AwsKey, finding: Finding): AwsSteps {
  const {
    verification: { identity },
    facts,
  } = finding
  const until = facts['expires'] === undefined ? 'they expire' : `they expire (${facts['expires']})`
  const follow = [cloudTrailStep(key, finding), replacementFor(finding)]
  if (identity?.kind === 'federated')
    return {
      stop: [
        {
          text: `A user made these temporary credentials: take away the rights of that user, or deactivate its key, or wait until ${until}.`,
        },
      ],
      follow,
    }
  const [, role] = /:assumed-role\/([^/]+)\//.exec(identity?.arn ?? '') ?? []
  const stop = {
    text: `Temporary credentials: revoke the active sessions of their role, or wait until ${until}.`,
    command: `aws iam put-role-policy --role-name ${role === undefined ? '<role>' : word(role)} --policy-name RevokeOlderSessions --policy-document ${word(denial)}${key.at}`,
  }
  return {
    stop: [
      stop,
      {
        text: 'The time in that policy is now, in UTC: sessions made after it are not touched. Where the role is stolen from (a machine, a job) is to be mended before.',
      },
    ],
    follow,
  }
}

/** What the IAM console puts in place by its button "Revoke active sessions". */
const denial = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:TokenIssueTime': '<now>' } },
    },
  ],
})
