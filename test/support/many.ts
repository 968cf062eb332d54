/**
 * As many findings as one likes, of all severities, exposures, ages and verifications; the same for
 * the same seed.
 */
import type { Attribution, Finding, Introduction } from '../../src/model/model.ts'
import type { ScanResult } from '../../src/model/outcome.ts'
import { compareSeverity } from '../../src/model/rule.ts'
import type { Verification } from '../../src/model/verification.ts'
import { seededRandom } from './random.ts'
import { cleanResult, fakeSecret, finding, part, place, rule } from './result.ts'

const rules = [
  rule({
    references: [
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html',
    ],
  }),
  rule({
    id: 'dotenv-secret',
    family: 'dotenv',
    provider: 'generic',
    description: 'Secret of an env file',
    severity: 'medium',
    madeBy: 'person',
    remedy: 'Change it where it is used.',
  }),
  rule({
    id: 'github-token',
    family: 'github-token',
    provider: 'github',
    description: 'GitHub token',
    severity: 'high',
    remedy: 'Revoke it in the settings of its owner.',
  }),
  rule({
    id: 'json-web-token',
    family: 'json-web-token',
    provider: 'jwt',
    description: 'JSON Web Token',
    severity: 'low',
    remedy: 'Let it expire.',
  }),
]
const authors = [
  'Ada Author <ada@example.com>',
  'Grace H. <grace@example.com>',
  'Bendegúz Ács <acs@example.com>',
  '山田太郎 <yamada@example.com>',
  'build-bot <bot@example.com>',
]
const folders = [
  'src/config',
  'deploy/production',
  'services/billing/src',
  'tests/fixtures',
  'infra/terraform/modules/network',
  '.github/workflows',
  'docs',
]
const names = [
  '.env',
  'settings.py',
  'application.yml',
  'prod.env',
  'credentials.json',
  'main.tf',
  'README.md',
  'docker-compose.yml',
]
const verifications: readonly Verification[] = [
  {
    status: 'live',
    identity: {
      account: '123456789012',
      arn: 'arn:aws:iam::123456789012:user/deploy',
      userId: 'AIDAEXAMPLE',
      kind: 'user',
    },
  },
  { status: 'inactive', reason: 'InvalidClientTokenId' },
  { status: 'unknown', reason: 'no answer within 10 s' },
  { status: 'not-tried' },
]

/** A result of a history with so many findings, worst first. */
export function manyFindings(count: number, seed = 1): ScanResult {
  const random = seededRandom(seed)
  const findings = Array.from({ length: count }, (_, number) => oneOf(number, random))
  return {
    ...cleanResult,
    findings: findings.sort((a, b) => compareSeverity(b.severity, a.severity)),
    receipt: {
      ...cleanResult.receipt,
      target: 'history',
      reader: 'pack-wasm',
      commits: 18_204,
      trees: 96_112,
      blobs: 70_418,
      tags: 41,
      bytes: 4_512_345_678,
      durationMs: 7104,
    },
  }
}

function oneOf(number: number, random: () => number): Finding {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!
  const own = pick(rules)
  const path = { text: `${pick(folders)}/${pick(names)}` }
  const time = Date.UTC(2014, 2, 1) + random() * 12 * 365 * 86_400_000
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('')
  const at = (ms: number): Introduction => ({
    commit: hex(40),
    author: pick(authors),
    date: `${new Date(ms).toISOString().slice(0, 19)}+00:00`,
    path,
  })
  const inHead = random() < 0.3
  const first = at(time)
  const attribution: Attribution = {
    first,
    last:
      random() < 0.6
        ? first
        : at(Math.min(time + random() * 90 * 86_400_000, Date.UTC(2026, 10, 20))),
    inHead,
    refs: ['refs/heads/main', 'refs/remotes/origin/main'],
    exposure: pick(['published', 'published', 'pending', 'local']),
    ...(inHead
      ? { inHeadHistory: true }
      : random() < 0.2
        ? { inHeadHistory: random() < 0.3 }
        : {
            inHeadHistory: true,
            removed: at(Math.min(time + random() * 500 * 86_400_000, Date.UTC(2026, 10, 20))),
          }),
  }
  return finding({
    fingerprint: `oak1-${number.toString(16).padStart(32, '0')}`,
    rule: own,
    severity: random() < 0.1 ? 'critical' : own.severity,
    attribution,
    parts: [
      part('secret', fakeSecret('', 40, number + 2)),
      part('id', fakeSecret('AKIA', 20, number + 90_000)),
    ],
    places: [
      place(
        { kind: 'commit', path, object: hex(40), commit: first.commit },
        'secret',
        1 + Math.floor(random() * 80),
      ),
    ],
    verification: own.id === 'aws-access-key' ? pick(verifications) : { status: 'not-tried' },
    facts: own.id === 'aws-access-key' ? { accountId: '123456789012' } : {},
    explanation: [`rule ${own.id}`, 'found by its form'],
  })
}
