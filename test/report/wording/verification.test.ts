import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { jsonReport } from '../../../src/report/formats/json.ts'
import { textReport } from '../../../src/report/terminal/text.ts'
import type { Verification } from '../../../src/model/verification.ts'
import { afterVerification } from '../../../src/verify/severity.ts'
import { cleanResult, finding, part, secrets } from '../../support/result.ts'

const arn = 'arn:aws:iam::111122223333:user/deploy\u001B]0;owned\u0007'
const everything: Verification = {
  status: 'live',
  reason: 'why\u202E',
  partition: 'aws',
  identity: { account: '111122223333', arn, userId: 'AIDAEXAMPLE', kind: 'root' },
  record: {
    profile: 'security',
    askedAs: 'arn:aws:iam::111122223333:user/me',
    account: '111122223333',
    user: 'deploy',
    status: 'Active',
    created: '2020-01-01T00:00:00.000Z',
    ageDays: 2516,
    isOld: true,
    lastUsed: { date: '2026-01-01T00:00:00.000Z', service: 's3', region: 'us-east-1' },
    policies: ['admins/AdministratorAccess\u001B[2J'],
    isAdministrator: true,
    quarantine: 'AWSCompromisedKeyQuarantineV3',
    events: [
      {
        region: 'us-east-1',
        count: 300,
        more: true,
        first: '2026-01-01T00:00:00.000Z',
        last: '2026-01-02T00:00:00.000Z',
        names: [{ name: 's3.amazonaws.com GetObject', count: 2 }],
      },
      { region: 'eu-west-1', count: 0, names: [] },
    ],
    eventsSince: '2025-12-01T00:00:00.000Z',
    refused: ['iam:ListGroupsForUser: AccessDenied'],
  },
}
const result = {
  ...cleanResult,
  findings: [
    afterVerification(
      finding({ parts: [part('secret', secrets.key), part('id', secrets.id)] }),
      everything,
    ),
  ],
}

test('the text report lists everything known about a key, escaped', () => {
  const text = textReport(result, { version: '1' })
  for (const words of [
    'CRITICAL',
    'live, root arn:aws:iam::111122223333',
    'no policy can limit it',
    '2,516 days ago, older than 90 days',
    'ADMINISTRATOR',
    'quarantined',
    'CloudTrail in us-east-1: more than 300 events since 2025-12-01',
    'eu-west-1: no events',
    'lookup failed: iam:ListGroupsForUser: AccessDenied',
  ]) {
    expect(text.replaceAll(/\s+/g, ' ')).toContain(words)
  }
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})

test('the JSON report with all of it matches the schema', () => {
  const json = jsonReport(result, { version: '1' })
  const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile(
    JSON.parse(
      readFileSync(new URL('../../../docs/report.schema.json', import.meta.url), 'utf8'),
    ) as object,
  )
  expect(validate(JSON.parse(json)) ? [] : validate.errors).toEqual([])
  expect(json).not.toMatch(/[\u001B\u0007\u202E]/)
  expect(json).not.toContain(secrets.id)
})

test('with shown secrets, commands contain the whole id', () => {
  const json = jsonReport(result, { version: '1', showSecrets: true })
  expect(json).toContain(`AttributeKey=AccessKeyId,AttributeValue=${secrets.id}`)
  expect(json).not.toContain('replace the redacted id')
})
