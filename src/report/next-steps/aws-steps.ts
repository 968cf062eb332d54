/**
 * What stops a leaked credential of AWS, and what else is to be looked at, as lines for the AWS
 * CLI.
 */
import type { Finding } from '../../model/model.ts'
import { sessionSteps } from './aws-sessions.ts'
import { type AwsKey, cloudTrailStep, spendStep, word } from './aws-words.ts'
import type { Step } from './next-steps.ts'
import { replacementFor } from './replacement.ts'

/** What is shown of a part. */
export type Shown = (part: Finding['parts'][number]) => string

export interface AwsSteps {
  /** First of all. */
  readonly stop: readonly Step[]
  /** In the hours after. */
  readonly follow: readonly Step[]
}

/** Steps for what AWS issued; undefined for anything else, and where only its rule knows more. */
export function awsSteps(finding: Finding, shown: Shown): AwsSteps | undefined {
  const {
    rule,
    facts,
    verification: { status },
  } = finding
  if (rule.provider.toLowerCase() !== 'aws') return undefined
  if (facts['canary'] !== undefined)
    return {
      stop: [
        {
          text: `It is bait (${facts['canary']}): there is nothing to rotate, and whoever uses it is noticed.`,
        },
      ],
      follow: [],
    }
  if (rule.id === 'aws-bedrock-api-key') return bedrockSteps(finding)
  if (rule.id === 'aws-ses-smtp-password') return sesSteps(finding)
  const part = finding.parts.find(({ role }) => role === 'id')
  if (part === undefined) return undefined
  const key = keyOf(finding, shown(part), part.redacted)
  if (status === 'expired')
    return {
      stop: [
        {
          text: 'It has expired: there is nothing to revoke. See what it was used for until then.',
        },
      ],
      follow: [cloudTrailStep(key, finding)],
    }
  if (key.id.startsWith('ASIA')) return sessionSteps(key, finding)
  return key.isRoot ? rootSteps(key, finding) : userSteps(key, finding)
}

function keyOf({ verification }: Finding, id: string, redacted: string): AwsKey {
  const { identity, record, partition } = verification
  const [, user] = /:user\/(?:.*\/)?([^/]+)$/.exec(identity?.arn ?? '') ?? []
  const name = user ?? record?.user
  const region = regionOf[partition ?? identity?.arn.split(':')[1] ?? ''] ?? ''
  return {
    id,
    isRedacted: id === redacted,
    user: name === undefined ? '<user>' : word(name),
    isRoot: identity?.kind === 'root',
    region,
    at: region === '' ? '' : ` --region ${region}`,
  }
}

/** Where IAM is asked in the partitions that are not the AWS CLI's own choice. */
const regionOf: Readonly<Record<string, string>> = {
  'aws-us-gov': 'us-gov-west-1',
  'aws-cn': 'cn-north-1',
  'aws-eusc': 'eusc-de-east-1',
}

function rootSteps(key: AwsKey, finding: Finding): AwsSteps {
  return {
    stop: [
      {
        text: 'It is a key of the root user: no policy can limit it. Sign in as root, and delete the key under Security credentials (https://console.aws.amazon.com/iam/home#/security_credentials).',
      },
      {
        text: 'See that nobody else has a way in: password, MFA devices and other keys of root.',
        command: `aws iam get-account-summary${key.at}`,
      },
    ],
    follow: [
      cloudTrailStep(key, finding),
      spendStep(key),
      {
        text: 'Make no new root key: nothing needs one. MFA protects the console, and not access keys.',
      },
      replacementFor(finding),
    ],
  }
}

function userSteps(key: AwsKey, finding: Finding): AwsSteps {
  const {
    verification: { status, record },
  } = finding
  const [id, user, at] = [word(key.id), key.user, key.at]
  const isOff = status === 'inactive' || record?.status === 'Inactive'
  const note = key.isRedacted ? ' (put the whole id in; here it is redacted)' : ''
  const isKnown = user !== '<user>'
  const whose: Step = {
    text: `Find its user${note}.`,
    command: `aws iam get-access-key-last-used --access-key-id ${id}${at}`,
  }
  const off: Step = {
    text: `Deactivate the key first, and delete it later${isKnown ? note : ''}.`,
    command: `aws iam update-access-key --access-key-id ${id} --status Inactive --user-name ${user}${at}`,
  }
  return {
    stop: isOff
      ? [
          {
            text: 'It is deactivated or deleted already. See what it was used for, then delete it for good.',
          },
        ]
      : isKnown
        ? [off]
        : [whose, off],
    follow: [
      cloudTrailStep(key, finding),
      {
        text: 'See what it may do: this is how far the damage can reach. MFA does not stop whoever has the key, unless a policy asks for it.',
        command: `aws iam list-attached-user-policies --user-name ${user}${at} && aws iam list-user-policies --user-name ${user}${at} && aws iam list-groups-for-user --user-name ${user}${at}`,
      },
      {
        text: 'AWS quarantines some leaked keys: a policy AWSCompromisedKeyQuarantine says so. The key works on, so deactivate it all the same.',
        command: `aws iam list-entities-for-policy --policy-arn arn:${key.region === '' ? 'aws' : partitionOf(key)}:iam::aws:policy/AWSCompromisedKeyQuarantineV3 --entity-filter User${at}`,
      },
      spendStep(key),
      {
        text: 'Only if a key is still needed: make a new one, and put it in place.',
        command: `aws iam create-access-key --user-name ${user}${at}`,
      },
      {
        text: 'When nothing uses the old one any more, delete it.',
        command: `aws iam delete-access-key --access-key-id ${id} --user-name ${user}${at}`,
      },
      replacementFor(finding),
    ],
  }
}

function partitionOf({ region }: AwsKey): string {
  return Object.keys(regionOf).find((name) => regionOf[name] === region) ?? 'aws'
}

function bedrockSteps(finding: Finding): AwsSteps | undefined {
  if (finding.parts.some(({ redacted }) => redacted.startsWith('bedrock-'))) return undefined
  return {
    stop: [
      {
        text: 'Find the credential of its user, whose name begins with BedrockAPIKey unless somebody chose another.',
        command:
          'aws iam list-service-specific-credentials --service-name bedrock.amazonaws.com --user-name <user>',
      },
      {
        text: 'Deactivate it first, and delete it later.',
        command:
          'aws iam update-service-specific-credential --service-specific-credential-id <credential> --status Inactive --user-name <user>',
      },
    ],
    follow: [
      {
        text: 'See what it was used for.',
        command:
          'aws cloudtrail lookup-events --lookup-attributes AttributeKey=Username,AttributeValue=<user> --region <region>',
      },
      {
        text: 'Delete it.',
        command:
          'aws iam delete-service-specific-credential --service-specific-credential-id <credential> --user-name <user>',
      },
      spendStep({ at: '' }),
      { text: 'Use short-term Bedrock keys, which end after twelve hours at most, or a role.' },
    ],
  }
}

/** Made of the secret of an access key, so it ends with that. */
function sesSteps(finding: Finding): AwsSteps {
  return {
    stop: [
      {
        text: 'It is made from an access key whose id is the SMTP user name: deactivate that key.',
        command:
          'aws iam update-access-key --access-key-id <id> --status Inactive --user-name <user>',
      },
    ],
    follow: [
      {
        text: 'See whether mail was sent with it, and whether AWS has paused sending.',
        command: 'aws sesv2 get-account --region <region>',
      },
      {
        text: 'Make new SMTP credentials for a user that may send mail and nothing else (ses:SendRawEmail).',
      },
      replacementFor(finding),
    ],
  }
}
