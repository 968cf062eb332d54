import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { KeyRecord } from '../../src/model/verification.ts'
import { lookUp, type LookUpOptions } from '../../src/verify/profile.ts'
import { account, type IssuedKey, leakedUser } from '../support/aws.ts'
import { awsPair, freshTriple } from '../support/credentials.ts'
import { temporaryFolder } from '../support/repo.ts'
import { awsWith, findingsIn, profileText } from './scene.ts'

const owner = { ...awsPair(900), arn: `arn:aws:iam::${account}:user/security` }
const leaked = awsPair(901)
const names = ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'] as const
const before = names.map((name) => process.env[name])

afterAll(() =>
  names.forEach((name, index) => {
    const value = before[index]
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }),
)

/** Writes the files of `~/.aws`, and points the SDK in this process to them. */
function home(credentials: string, config = ''): void {
  const folder = temporaryFolder()
  const [credentialsFile, configFile] = [join(folder, 'credentials'), join(folder, 'config')]
  writeFileSync(credentialsFile, credentials)
  writeFileSync(configFile, config)
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = credentialsFile
  process.env['AWS_CONFIG_FILE'] = configFile
}

interface LookUpCase {
  readonly text?: string
  readonly issued?: Partial<IssuedKey>
  readonly owned?: Partial<IssuedKey>
  readonly others?: readonly IssuedKey[]
  readonly options?: Partial<LookUpOptions>
}

async function lookedUp({
  text = `key = ${leaked.id}\n`,
  issued = {},
  owned = {},
  others = [],
  options = {},
}: LookUpCase) {
  const aws = await awsWith({ keys: [{ ...owner, ...owned }, { ...leaked, ...issued }, ...others] })
  const findings = await lookUp(await findingsIn(text), {
    endpoint: aws.url,
    profile: 'security',
    askCode: async () => undefined,
    ...options,
  })
  return { finding: findings[0]!, record: findings[0]?.verification.record, aws }
}

const ownProfile = profileText(owner).replace('[p]', '[security]')

describe('a lone key id', () => {
  test('is looked up with the profile: user, age, last use, policies, events', async () => {
    home(ownProfile)
    const { finding, record, aws } = await lookedUp({
      text: `region = eu-west-1\nkey = ${leaked.id}\n`,
    })
    expect(record).toMatchObject({
      profile: 'security',
      askedAs: owner.arn,
      account,
      user: leakedUser,
      status: 'Active',
      created: '2020-01-01T00:00:00.000Z',
      isOld: true,
      lastUsed: { date: '2026-11-20T10:00:00.000Z', service: 's3', region: 'eu-west-1' },
      policies: ['AWSCompromisedKeyQuarantineV3', 'own-policy', 'admins/AdministratorAccess'],
      isAdministrator: true,
      quarantine: 'AWSCompromisedKeyQuarantineV3',
      refused: [],
    } satisfies Partial<KeyRecord>)
    expect(record?.events).toEqual([
      {
        region: 'us-east-1',
        count: 3,
        first: expect.any(String) as string,
        last: expect.any(String) as string,
        names: [
          { name: 's3.amazonaws.com GetObject', count: 2 },
          { name: 's3.amazonaws.com ListBuckets', count: 1 },
        ],
      },
      { region: 'eu-west-1', count: 0, names: [] },
    ])
    expect(finding).toMatchObject({ severity: 'medium', verification: { status: 'not-tried' } })
    // All calls are signed with keys of the profile, none with the found key.
    expect(new Set(aws.calls.map(({ id, code }) => `${id} ${code}`))).toEqual(
      new Set([`${owner.id} `]),
    )
  })

  test('that is inactive in its account is inactive and low', async () => {
    home(ownProfile)
    const { finding } = await lookedUp({ issued: { state: 'inactive' } })
    expect(finding).toMatchObject({
      severity: 'low',
      verification: {
        status: 'inactive',
        reason: 'it is inactive in its account',
        record: { status: 'Inactive' },
      },
    })
  })

  test('that its user no longer has is inactive', async () => {
    home(ownProfile)
    const { finding } = await lookedUp({ text: `key = ${awsPair(902).id}\n` })
    expect(finding).toMatchObject({
      severity: 'low',
      verification: { status: 'inactive', record: { status: 'Missing' } },
    })
  })

  test('of a temporary key is looked up in CloudTrail only', async () => {
    home(ownProfile)
    const { record, aws } = await lookedUp({ text: `key = ${freshTriple(903).id}\n` })
    expect(record).toMatchObject({ account, events: [{ region: 'us-east-1', count: 3 }] })
    expect([...new Set(aws.calls.map(({ service, action }) => `${service}:${action}`))]).toEqual([
      'sts:GetCallerIdentity',
      'sts:GetAccessKeyInfo',
      'cloudtrail:LookupEvents',
    ])
  })
})

test('each missing permission is reported, and the other calls are made', async () => {
  home(ownProfile)
  const { record } = await lookedUp({
    owned: {
      allowed: ['sts:GetAccessKeyInfo', 'iam:GetAccessKeyLastUsed', 'iam:ListUserPolicies'],
    },
  })
  expect(record).toMatchObject({ user: leakedUser, policies: ['own-policy'] })
  expect(record?.refused).toEqual([
    'iam:ListAccessKeys: AccessDenied',
    'iam:ListAttachedUserPolicies: AccessDenied',
    'iam:ListGroupsForUser: AccessDenied',
    'cloudtrail:LookupEvents in us-east-1: AccessDeniedException',
    'cloudtrail:LookupEvents in eu-west-1: AccessDeniedException',
  ])
  expect(record).not.toHaveProperty('isAdministrator')
})

describe('a profile', () => {
  test('that assumes a role with keys of another profile calls STS of AWS', async () => {
    const session = freshTriple(904)
    home(
      profileText(owner).replace('[p]', '[base]'),
      '[profile security]\nrole_arn = arn:aws:iam::111122223333:role/audit\nsource_profile = base\n',
    )
    const { record, aws } = await lookedUp({
      others: [{ ...session, arn: `arn:aws:sts::${account}:assumed-role/audit/s` }],
    })
    expect(record).toMatchObject({
      askedAs: `arn:aws:sts::${account}:assumed-role/audit/s`,
      user: leakedUser,
      refused: [],
    })
    expect(
      aws.calls.map(({ action, id }) => (action === 'AssumeRole' ? id : '')).filter(Boolean),
    ).toEqual([owner.id])
    expect(aws.calls.find(({ action }) => action === 'AssumeRole')?.params.get('RoleArn')).toBe(
      'arn:aws:iam::111122223333:role/audit',
    )
  })

  test('with an MFA device asks for its code', async () => {
    const session = freshTriple(905)
    home(
      profileText(owner).replace('[p]', '[base]'),
      '[profile security]\nrole_arn = arn:aws:iam::111122223333:role/audit\nsource_profile = base\n' +
        'mfa_serial = arn:aws:iam::111122223333:mfa/me\n',
    )
    const devices: string[] = []
    const { aws } = await lookedUp({
      others: [{ ...session, arn: `arn:aws:sts::${account}:assumed-role/audit/s` }],
      options: {
        askCode: async (device) => {
          devices.push(device)
          return '123456'
        },
      },
    })
    expect(devices).toEqual(['arn:aws:iam::111122223333:mfa/me'])
    expect(aws.calls.find(({ action }) => action === 'AssumeRole')?.params.get('TokenCode')).toBe(
      '123456',
    )
    expect((await lookedUp({})).record?.refused).toEqual([
      expect.stringContaining('MFA device, and there is no terminal'),
    ])
  })

  test.each([
    ['that does not exist', '', '', /there is no such profile/],
    [
      'whose session of IAM Identity Center has ended',
      '',
      '[profile security]\nsso_start_url = https://d-1.awsapps.com/start\nsso_region = us-east-1\n' +
        'sso_account_id = 111122223333\nsso_role_name = audit\n',
      /aws sso login --profile security/,
    ],
    [
      'whose keys AWS does not accept',
      profileText(awsPair(906)).replace('[p]', '[security]'),
      '',
      /AWS does not accept its credentials \(aws: InvalidClientTokenId/,
    ],
  ])('%s is reported, and the findings stay', async (_name, credentials, config, words) => {
    home(credentials, config)
    const { finding, record } = await lookedUp({})
    expect(finding.severity).toBe('medium')
    expect(record).toEqual({ profile: 'security', refused: [expect.stringMatching(words)] })
  })
})
