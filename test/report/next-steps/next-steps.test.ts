import { describe, expect, test } from 'vitest'
import type { Finding, Origin } from '../../../src/model/model.ts'
import { adviceFor } from '../../../src/report/next-steps/next-steps.ts'
import type { Identity, Verification } from '../../../src/model/verification.ts'
import {
  attribution,
  finding,
  forbidden,
  hostileResult,
  part,
  place,
  rule,
  secrets,
} from '../../support/result.ts'

const token = rule({ id: 'x-token', provider: 'x', remedy: 'Revoke it at x.example.' })
const commit: Origin = { kind: 'commit', path: { text: 'src/a.ts' }, object: 'a'.repeat(40) }

function advice(fields: Partial<Finding>): readonly string[] {
  return adviceFor(finding({ rule: token, ...fields }))
}

function at(kind: Origin['kind'], text: string): Partial<Finding> {
  return { places: [place({ kind, path: { text } })] }
}

describe('the exposure decides the first step', () => {
  test('published: rotate and revoke, history later', () => {
    const [first, second, ...others] = advice({
      places: [place(commit)],
      attribution: attribution(),
    })
    expect(first).toMatch(/^Rotate it first; rewriting history alone does not help/)
    expect([second, others]).toEqual(['Revoke it at x.example.', []])
  })

  test('pending: rewrite from the commit that introduced it', () => {
    const [first] = advice({
      places: [place(commit)],
      attribution: attribution({ exposure: 'pending' }),
    })
    expect(first).toContain(
      'Before you push, edit or drop that commit: `git rebase --interactive 3f2a9c1d3f2a^`',
    )
  })

  test('local: drop the stash or the reflog', () => {
    expect(
      advice({ places: [place(commit)], attribution: attribution({ exposure: 'local' }) })[0],
    ).toMatch(/^No branch or tag contains it/)
  })

  test('staged: unstage this path and no other', () => {
    expect(advice(at('index', 'a b.ts'))[0]).toBe("Unstage it: `git restore --staged -- 'a b.ts'`.")
    expect(advice(at('index', '*\n'))[0]).toContain(String.raw`$':(literal)*\012'`)
  })

  test('in a file: move it out', () => {
    expect(advice(at('file', 'src/a.ts'))[0]).toMatch(/^Move the value to an environment variable/)
  })

  test('from a pipe: revoke', () => {
    expect(advice({ places: [place({ kind: 'stdin' })] })).toEqual([
      'Revoke it at x.example.',
      expect.stringMatching(/rotate it/),
    ])
  })
})

describe('AWS keys', () => {
  const pair = [part('secret', secrets.key), part('id', secrets.id)]

  test('are deactivated first, with their redacted id', () => {
    const lines = advice({ rule: rule(), parts: pair, attribution: attribution() })
    expect(lines[1]).toMatch(
      /^Find its owner \(.* redacted .*\): `aws iam get-access-key-last-used/,
    )
    expect(lines[2]).toContain(
      `\`aws iam update-access-key --access-key-id '${pair[1]?.redacted}' --status Inactive --user-name <user>\``,
    )
  })

  test('that are temporary are revoked with the sessions of their role', () => {
    const lines = advice({
      rule: rule(),
      parts: [part('id', secrets.temporaryId)],
      facts: { expires: '2024-01-01T00:00:00Z' },
    })
    expect(lines.join('\n')).toContain(
      'revoke the active sessions of their role, or wait until they expire (2024-01-01T00:00:00Z)',
    )
  })

  const user = (
    arn: string,
    kind: Identity['kind'],
    more: Partial<Verification> = {},
  ): Partial<Finding> => ({
    rule: rule(),
    parts: pair,
    attribution: attribution(),
    verification: {
      status: 'live',
      identity: { account: '111122223333', arn, userId: 'X', kind },
      ...more,
    },
  })

  test('whose user is known are deactivated by its name, quoted, in its partition', () => {
    const lines = advice(
      user('arn:aws-us-gov:iam::111122223333:user/team/it+is=me', 'user', {
        partition: 'aws-us-gov',
      }),
    ).join('\n')
    expect(lines).toContain('--status Inactive --user-name it+is=me --region us-gov-west-1`')
    expect(lines).not.toContain('Find its owner')
    expect(lines).toContain("starts_with(PolicyName, '\\''AWSCompromisedKeyQuarantine'\\'')")
    expect(lines).toContain('As another administrator, deactivate the key first')
    expect(lines).toContain('with alerts at 50, 80 and 100 %')
    expect(lines).toContain('--is-multi-region-trail --region us-gov-west-1')
    expect(advice(user('arn:aws:iam::111122223333:user/a b;rm', 'user')).join('\n')).toContain(
      "--user-name 'a b;rm'",
    )
  })

  test('of root are deleted by root, without a policy', () => {
    const lines = advice(user('arn:aws:iam::111122223333:root', 'root'))
    expect(lines[1]).toContain('no policy can limit it. Sign in as root, and delete the key')
    expect(lines.join('\n')).toContain('MFA protects the console, but not access keys')
    expect(lines.join('\n')).not.toMatch(/update-access-key|<user>/)
  })

  test('of a role session are revoked through the role, if it is known', () => {
    const lines = advice({
      ...user('arn:aws:sts::111122223333:assumed-role/build/i-1', 'role'),
      parts: [part('secret', secrets.key), part('id', secrets.temporaryId)],
    })
    expect(lines[1]).toContain(
      'aws iam put-role-policy --role-name build --policy-name RevokeOlderSessions',
    )
  })

  test.each<[Verification['status'], RegExp]>([
    ['inactive', /already deactivated or deleted/],
    ['expired', /It has expired/],
  ])('that are %s need no revocation', (status, words) => {
    const lines = advice({ rule: rule(), parts: pair, verification: { status } })
    expect(lines.join('\n')).toMatch(words)
    expect(lines.join('\n')).not.toContain('--status Inactive')
  })

  test('that are canary tokens need no rotation', () => {
    expect(
      advice({ rule: rule(), parts: pair, facts: { canary: 'bait of Thinkst Canary' } }).join('\n'),
    ).toContain('there is nothing to rotate')
  })

  test('are looked up in CloudTrail since the leak', () => {
    expect(advice(user('arn:aws:iam::111122223333:user/u', 'user')).join('\n')).toContain(
      `--start-time ${attribution().first?.date ?? ''} --region us-east-1`,
    )
  })

  test.each([
    ['.github/workflows/ci.yml', /GitHub Actions assume a role with OIDC/],
    ['.gitlab-ci.yml', /pipeline assume a role with OIDC/],
    ['functions/lambda/handler.py', /execution role/],
    ['deploy/task-definition.json', /task role/],
    ['k8s/secret.yaml', /EKS Pod Identity/],
    ['ansible/site.yml', /instance profile/],
    ['infra/main.tf', /Terraform assume a role/],
    ['app/Dockerfile', /out of images/],
    ['src/a.ts', /aws configure sso/],
  ])('found in %s are replaced by a role', (text, words) => {
    expect(advice({ rule: rule(), parts: pair, ...at('file', text) }).at(-1)).toMatch(words)
  })

  test('of Bedrock and SES have steps of their own', () => {
    expect(
      advice({
        rule: rule({ id: 'aws-bedrock-api-key' }),
        parts: [part('secret', secrets.key)],
        ...at('stdin', ''),
      })[0],
    ).toContain('list-service-specific-credentials --service-name bedrock.amazonaws.com')
    expect(
      advice({
        rule: rule({ id: 'aws-ses-smtp-password' }),
        parts: [part('secret', secrets.key)],
        places: [place({ kind: 'stdin' })],
      })[0],
    ).toContain('deactivate that key')
  })

  test('without an id get the advice of their rule', () => {
    expect(advice({ rule: rule({ remedy: 'Find its user.' }) })).toContain('Find its user.')
  })
})

describe('dotenv files', () => {
  const inHead = attribution({ inHead: true })

  test.each(['.env', 'api/.env.local', 'prod.env'])('%s in HEAD is to be untracked', (text) => {
    expect(advice({ ...at('commit', text), attribution: inHead }).join('\n')).toContain(
      `\`git rm --cached -- ${text}\``,
    )
  })

  test.each([
    ['is gone from HEAD', { ...at('commit', '.env'), attribution: attribution() }],
    ['is a template', { ...at('commit', '.env.example'), attribution: inHead }],
    ['is no dotenv file', { ...at('commit', 'src/env.ts'), attribution: inHead }],
    ['is only staged', at('index', '.env')],
  ])('are left tracked when it %s', (_name, fields) => {
    expect(advice(fields).join('\n')).not.toContain('rm --cached')
  })

  test('in the working tree are to be ignored, not moved to another env file', () => {
    const lines = advice(at('file', '.env'))
    expect(lines[0]).toBe(
      'Add the file to .gitignore and, if it is tracked, remove it from the index: `git rm --cached -- .env`.',
    )
    expect(lines.join('\n')).not.toContain('Move the value')
  })

  test('that are templates keep a placeholder', () => {
    expect(advice(at('index', '.env.sample'))).toContain(
      'The file is a template: keep it, with a placeholder instead of the value.',
    )
  })
})

test('every finding has at least two lines, each without control characters', () => {
  for (const one of hostileResult.findings) {
    const lines = adviceFor(one)
    expect(lines.length).toBeGreaterThanOrEqual(2)
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  }
})

test('no advice contains a secret', () => {
  const names = hostileResult.findings.map((one) => ({
    ...one,
    places: [place({ kind: 'index', path: { text: 'a' } })] as const,
  }))
  for (const secret of forbidden)
    expect(names.flatMap((one) => adviceFor(one)).join('\n')).not.toContain(secret)
})
