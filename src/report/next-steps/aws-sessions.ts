/** Steps for temporary AWS credentials, which cannot be deactivated one by one. */
import type { Finding } from '../../model/model.ts'
import { cloudTrailStep, quoteWord, watchSteps } from './aws-commands.ts'
import { replacementFor } from './replacement.ts'
import type { AwsKey, AwsSteps } from './step.ts'

/** Steps that revoke the sessions issued so far, through the role or user that issued them. */
export function sessionSteps(key: AwsKey, finding: Finding): AwsSteps {
  const { verification, facts } = finding
  const { identity } = verification
  const expiry = facts['expires'] === undefined ? '' : ` (${facts['expires']})`
  const follow = [cloudTrailStep(key, finding), ...watchSteps(key), replacementFor(finding)]
  if (identity?.kind === 'federated') {
    const text =
      "A user issued these temporary credentials: remove that user's permissions, " +
      `deactivate its key, or wait until they expire${expiry}.`
    return { stop: [{ text }], follow }
  }
  const [, role] = /:assumed-role\/([^/]+)\//.exec(identity?.arn ?? '') ?? []
  const command = [
    `aws iam put-role-policy --role-name ${role === undefined ? '<role>' : quoteWord(role)}`,
    `--policy-name RevokeOlderSessions --policy-document ${quoteWord(revokePolicy)}${key.regionOption}`,
  ].join(' ')
  return {
    stop: [
      {
        text:
          'Temporary credentials: revoke the active sessions of their role, ' +
          `or wait until they expire${expiry}.`,
        command,
      },
      {
        text:
          'Set the time in that policy to now, in UTC: sessions created later keep working. ' +
          'First fix the machine or job that leaks the role.',
      },
    ],
    follow,
  }
}

/** The policy that the IAM console attaches for its button "Revoke active sessions". */
const revokePolicy = JSON.stringify({
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
