/** Steps for leaked AWS credentials, with commands of the AWS CLI. */
import type { Finding } from '../../model/model.ts'
import { cloudTrailStep, costStep, quoteWord, watchSteps } from './aws-commands.ts'
import { sessionSteps } from './aws-sessions.ts'
import { replacementFor } from './replacement.ts'
import type { AwsKey, AwsSteps, ShowPart, Step } from './step.ts'

/**
 * The steps for an AWS credential. Undefined for other providers, and for AWS credentials without
 * steps of their own, which get the advice of their rule.
 */
export function awsSteps(finding: Finding, show: ShowPart): AwsSteps | undefined {
  const { rule, facts, verification } = finding
  if (rule.provider.toLowerCase() !== 'aws') return undefined
  if (facts['canary'] !== undefined)
    return onlyStop(
      `It is a canary token (${facts['canary']}): there is nothing to rotate, ` +
        'and any use of it raises an alarm.',
    )
  if (rule.id === 'aws-bedrock-api-key') return bedrockSteps(finding)
  if (rule.id === 'aws-ses-smtp-password') return sesSteps(finding)
  const part = finding.parts.find(({ role }) => role === 'id')
  if (part === undefined) return undefined
  const key = awsKey(finding, show(part), part.redacted)
  if (verification.status === 'expired')
    return {
      ...onlyStop(
        'It has expired: there is nothing to revoke. Check what it was used for until then.',
      ),
      follow: [cloudTrailStep(key, finding)],
    }
  if (key.id.startsWith('ASIA')) return sessionSteps(key, finding)
  return key.isRoot ? rootSteps(key, finding) : userSteps(key, finding)
}

function onlyStop(text: string): AwsSteps {
  return { stop: [{ text }], follow: [] }
}

function awsKey({ verification }: Finding, id: string, redacted: string): AwsKey {
  const { identity, record, partition } = verification
  const [, arnUser] = /:user\/(?:.*\/)?([^/]+)$/.exec(identity?.arn ?? '') ?? []
  const user = arnUser ?? record?.user
  const region = iamRegions[partition ?? identity?.arn.split(':')[1] ?? ''] ?? ''
  return {
    id,
    isRedacted: id === redacted,
    user: user === undefined ? '<user>' : quoteWord(user),
    isRoot: identity?.kind === 'root',
    region,
    regionOption: region === '' ? '' : ` --region ${region}`,
  }
}

/** The region of IAM in each partition where the default of the AWS CLI is wrong. */
const iamRegions: Readonly<Record<string, string>> = {
  'aws-us-gov': 'us-gov-west-1',
  'aws-cn': 'cn-north-1',
  'aws-eusc': 'eusc-de-east-1',
}

function rootSteps(key: AwsKey, finding: Finding): AwsSteps {
  return {
    stop: [
      {
        text:
          'It is a key of the root user: no policy can limit it. Sign in as root, and delete ' +
          'the key under Security credentials ' +
          '(https://console.aws.amazon.com/iam/home#/security_credentials).',
      },
      {
        text: "Make sure that nobody else has access: check root's password, MFA devices and other keys.",
        command: `aws iam get-account-summary${key.regionOption}`,
      },
    ],
    follow: [
      cloudTrailStep(key, finding),
      costStep(key),
      ...watchSteps(key),
      {
        text:
          'Do not create a new root key: nothing needs one. MFA protects the console, but ' +
          'not access keys.',
      },
      replacementFor(finding),
    ],
  }
}

function userSteps(key: AwsKey, finding: Finding): AwsSteps {
  return {
    stop: deactivateSteps(key, finding),
    follow: [
      cloudTrailStep(key, finding),
      ...damageSteps(key),
      costStep(key),
      ...watchSteps(key),
      ...rotateSteps(key),
      replacementFor(finding),
    ],
  }
}

function deactivateSteps(key: AwsKey, { verification }: Finding): readonly Step[] {
  if (verification.status === 'inactive' || verification.record?.status === 'Inactive')
    return [
      {
        text: 'It is already deactivated or deleted. Check what it was used for, then delete it for good.',
      },
    ]
  const id = quoteWord(key.id)
  const isUserKnown = key.user !== '<user>'
  const redactedNote = key.isRedacted ? ' (replace the redacted id with the full one)' : ''
  const findOwner: Step = {
    text: `Find its owner${redactedNote}.`,
    command: `aws iam get-access-key-last-used --access-key-id ${id}${key.regionOption}`,
  }
  const deactivate: Step = {
    text:
      'As another administrator, deactivate the key first; delete it later' +
      `${isUserKnown ? redactedNote : ''}.`,
    command:
      `aws iam update-access-key --access-key-id ${id} --status Inactive ` +
      `--user-name ${key.user}${key.regionOption}`,
  }
  return isUserKnown ? [deactivate] : [findOwner, deactivate]
}

/** Steps that show the permissions of the user, and whether AWS has already restricted them. */
function damageSteps(key: AwsKey): readonly Step[] {
  const options = `--user-name ${key.user}${key.regionOption}`
  return [
    {
      text:
        'Check its permissions: they limit the possible damage. MFA stops nobody who has the ' +
        'key, unless a policy requires it.',
      command: [
        `aws iam list-attached-user-policies ${options}`,
        `aws iam list-user-policies ${options}`,
        `aws iam list-groups-for-user ${options}`,
      ].join(' && '),
    },
    {
      text:
        'Check whether AWS has quarantined the user: a policy AWSCompromisedKeyQuarantineV2, V3 ' +
        'or V4 is then attached. The key still works, so deactivate it anyway, as another ' +
        'administrator: the policy forbids the user to.',
      command:
        `aws iam list-attached-user-policies ${options} --query ` +
        quoteWord(
          "AttachedPolicies[?starts_with(PolicyName, 'AWSCompromisedKeyQuarantine')].PolicyName",
        ),
    },
  ]
}

function rotateSteps(key: AwsKey): readonly Step[] {
  return [
    {
      text: 'If a key is still needed, create and deploy a new one.',
      command: `aws iam create-access-key --user-name ${key.user}${key.regionOption}`,
    },
    {
      text: 'Once nothing uses the old key, delete it.',
      command:
        `aws iam delete-access-key --access-key-id ${quoteWord(key.id)} ` +
        `--user-name ${key.user}${key.regionOption}`,
    },
  ]
}

/** Steps for a long-term Bedrock key. A short-term key, `bedrock-…`, has no credential to delete. */
function bedrockSteps(finding: Finding): AwsSteps | undefined {
  if (finding.parts.some(({ redacted }) => redacted.startsWith('bedrock-'))) return undefined
  const credential = '--service-specific-credential-id <credential>'
  return {
    stop: [
      {
        text:
          'Find the credential of its user, whose name starts with BedrockAPIKey unless ' +
          'somebody changed it.',
        command:
          'aws iam list-service-specific-credentials --service-name bedrock.amazonaws.com --user-name <user>',
      },
      {
        text: 'Deactivate it first; delete it later.',
        command:
          `aws iam update-service-specific-credential ${credential} ` +
          '--status Inactive --user-name <user>',
      },
    ],
    follow: [
      {
        text: 'Check what it was used for.',
        command:
          'aws cloudtrail lookup-events --region <region> ' +
          '--lookup-attributes AttributeKey=Username,AttributeValue=<user>',
      },
      {
        text: 'Delete it.',
        command: `aws iam delete-service-specific-credential ${credential} --user-name <user>`,
      },
      costStep({ regionOption: '' }),
      {
        text: 'Use short-term Bedrock keys, which expire within twelve hours, or a role.',
      },
    ],
  }
}

/** Steps for an SMTP password, which is derived from the secret of an access key. */
function sesSteps(finding: Finding): AwsSteps {
  return {
    stop: [
      {
        text: 'It is derived from an access key, whose id is the SMTP user name: deactivate that key.',
        command:
          'aws iam update-access-key --access-key-id <id> --status Inactive --user-name <user>',
      },
    ],
    follow: [
      {
        text: 'Check whether mail was sent with it, and whether AWS has paused sending.',
        command: 'aws sesv2 get-account --region <region>',
      },
      {
        text: 'Create new SMTP credentials for a user that can only send mail (ses:SendRawEmail).',
      },
      replacementFor(finding),
    ],
  }
}
