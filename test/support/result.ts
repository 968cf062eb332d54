/** A scan result in which every name is hostile. Its secrets are made here, from seeds. */
import type { Attribution, Finding, Origin, Place, Skip } from '../../src/model/model.ts'
import type { ScanResult } from '../../src/model/outcome.ts'
import type { Role, Rule } from '../../src/model/rule.ts'
import { Secret } from '../../src/model/secret.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The same text for the same seed: a prefix and characters of base32. */
export function fakeSecret(prefix: string, length: number, seed: number): string {
  let state = seed
  let text = prefix
  while (text.length < length) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    text += letters.charAt((state >> 16) % letters.length)
  }
  return text
}

export const secrets = {
  id: fakeSecret('AKIA', 20, 1),
  key: fakeSecret('', 40, 2),
  temporaryId: fakeSecret('ASIA', 20, 3),
  token: fakeSecret('ghp_', 40, 4),
  /** As the scanner holds it: the bytes of UTF-8, one character each. */
  password: Buffer.from(`pâss${fakeSecret('', 8, 5)}`).toString('latin1'),
  lone: fakeSecret('AKIA', 20, 6),
} as const

/**
 * Everything no report may hold unless secrets are shown: each secret, and the name it has as
 * UTF-8.
 */
export const forbidden: readonly string[] = Object.values(secrets).flatMap((text) => [
  text,
  Buffer.from(text, 'latin1').toString('utf8'),
])

export function rule(fields: Partial<Rule> = {}): Rule {
  return {
    id: 'aws-access-key',
    family: 'aws-access-key',
    provider: 'aws',
    description: 'AWS access key',
    severity: 'high',
    madeBy: 'machine',
    generic: false,
    parts: [],
    remedy: 'Deactivate the key in IAM.',
    references: [],
    ...fields,
  }
}

export function place(origin: Origin, role: Role = 'secret', line = 3): Place {
  return {
    origin,
    role,
    span: { start: 10, end: 50, line, column: 19, endLine: line, endColumn: 59 },
  }
}

/** A finding of one secret in `config.ini`, or of what `fields` say. */
export function finding(fields: Partial<Finding> = {}): Finding {
  return {
    fingerprint: 'f1a2b3c4d5e6f7a8',
    rule: rule(),
    severity: 'high',
    parts: [part('secret', secrets.key)],
    facts: {},
    places: [place({ kind: 'file', path: { text: 'config.ini' } })],
    verification: { status: 'not-tried' },
    explanation: [],
    ...fields,
  }
}

export function part(
  role: Role,
  text: string,
  redacted = `${text.slice(0, 4)}…${text.slice(-4)}`,
): Finding['parts'][number] {
  return { role, secret: new Secret(text), redacted }
}

export function attribution(fields: Partial<Attribution> = {}): Attribution {
  const first = {
    commit: '3f2a9c1d'.repeat(5),
    author: 'Ann Lee <ann@example.com>',
    date: '2023-02-11T09:30:00+01:00',
  }
  const last = {
    commit: '9be01c22'.repeat(5),
    author: 'Bo <bo@example.com>',
    date: '2024-05-01T10:00:00+02:00',
  }
  return {
    first,
    last,
    inHead: false,
    refs: ['refs/remotes/origin/main', 'refs/heads/main'],
    exposure: 'published',
    ...fields,
  }
}

/** What a clean and complete scan gives. */
export const cleanResult: ScanResult = {
  findings: [],
  suppressed: [],
  receipt: {
    complete: true,
    target: 'staged',
    range: null,
    reader: null,
    commits: 0,
    trees: 0,
    tags: 0,
    blobs: 2,
    bytes: 640,
    skipped: [],
    rules: { count: 60, digest: 'abcdef012345' },
    config: { path: null, from: 'none' },
    git: '2.39.5',
    durationMs: 42,
  },
}

const root = finding({
  fingerprint: '11'.repeat(8),
  severity: 'critical',
  parts: [part('secret', secrets.key), part('id', secrets.id)],
  facts: { accountId: '123456789012', region: 'eu-west-1\u001B[2J' },
  places: [
    fortyPlaces(1),
    ...Array.from({ length: 39 }, (_, index) => fortyPlaces(index + 2)),
  ].flat() as [Place, ...Place[]],
  attribution: attribution({
    first: {
      commit: '3f2a9c1d'.repeat(5),
      author: `\u001B[31mAnn\u001B[0m\n::error::${secrets.id} <ann@example.com>`,
      date: '2023-02-11T09:30:00+01:00',
      path: { text: '</script><script>alert(1)</script>.env' },
    },
    refs: [
      `refs/heads/${secrets.key}`,
      'refs/heads/\u202Eniam',
      'refs/remotes/origin/main',
      'refs/tags/v1',
    ],
  }),
  explanation: [
    `pattern of aws-access-key, near "aws_secret"\u0007`,
    'joined to the id two lines above',
  ],
})

function fortyPlaces(version: number): readonly Place[] {
  const path = {
    text: version === 40 ? 'old\n::error file=a::b' : '</script><script>alert(1)</script>.env',
  }
  const origin: Origin = {
    kind: 'commit',
    path,
    object: version.toString(16).padStart(40, 'b'),
    commit: version.toString(16).padEnd(40, 'c'),
  }
  return [place(origin, 'secret', 3), place(origin, 'id', 2)]
}

const others: readonly Finding[] = [
  finding({
    fingerprint: '22'.repeat(8),
    rule: rule({
      id: 'github-token',
      family: 'github-token',
      provider: 'github',
      description: 'GitHub token',
      remedy: 'Revoke it at github.com/settings/tokens.',
    }),
    parts: [part('token', secrets.token)],
    places: [
      place(
        {
          kind: 'index',
          path: {
            text: `keys/${secrets.token}.txt`,
            bytes: Buffer.from(`keys/${secrets.token}.txt`),
          },
        },
        'token',
      ),
    ],
  }),
  finding({
    fingerprint: '33'.repeat(8),
    severity: 'medium',
    rule: rule({
      id: 'dotenv-password',
      family: 'dotenv',
      provider: 'generic',
      description: 'Password',
      madeBy: 'person',
      remedy: 'Change the password.',
    }),
    parts: [part('secret', secrets.password, '********')],
    places: [
      place({
        kind: 'commit',
        path: {
          text: String.raw`caf\xe9/.env`,
          bytes: Uint8Array.from(Buffer.from('caf\u00E9/.env', 'latin1')),
        },
        object: 'a'.repeat(40),
      }),
      place({ kind: 'message', commit: 'd'.repeat(40), object: 'd'.repeat(40) }),
      place({
        kind: 'file',
        path: { text: `${Buffer.from(secrets.password, 'latin1').toString('utf8')}\u202E.env` },
      }),
    ],
    attribution: attribution({ exposure: 'pending', inHead: true, refs: ['refs/heads/main'] }),
  }),
  finding({
    fingerprint: '44'.repeat(8),
    severity: 'low',
    parts: [part('id', secrets.temporaryId)],
    facts: { expires: '2023-02-11T10:00:00Z' },
    places: [place({ kind: 'commit', object: 'e'.repeat(40) }, 'id')],
    attribution: attribution({
      exposure: 'local',
      refs: ['refs/stash'],
      last: attribution().first,
    }),
  }),
  finding({
    fingerprint: '55'.repeat(8),
    severity: 'low',
    parts: [part('id', secrets.lone)],
    places: [place({ kind: 'stdin' }, 'id', 1)],
  }),
]

const skipped: readonly Skip[] = [
  ...Array.from(
    { length: 11 },
    (_, index): Skip => ({
      outcome: 'failed',
      reason: 'missing',
      object: index.toString(16).padStart(40, '0'),
    }),
  ),
  { outcome: 'failed', reason: 'missing', detail: 'and 12 more', count: 12 },
  {
    outcome: 'failed',
    reason: 'git-failed',
    detail: `fatal: \u001B]0;owned\u0007 bad object in ${secrets.key}\u2066`,
  },
  {
    outcome: 'failed',
    reason: 'unreadable',
    path: { text: `日本/${'long-name/'.repeat(12)}\r\u200B${secrets.id}` },
  },
  {
    outcome: 'bounded',
    reason: 'too-large',
    path: { text: 'dump\u009B31m.sql' },
    object: 'f'.repeat(40),
  },
  { outcome: 'bounded', reason: 'submodule', path: { text: 'vendor/\uD800lib' } },
]

/**
 * All severities, all kinds of origins and exposures, forty places, both outcomes of skips, and no
 * harmless name.
 */
export const hostileResult: ScanResult = {
  findings: [root, ...others],
  suppressed: [
    {
      rule: 'dotenv-password',
      suppression: { by: 'placeholder', reason: 'says that it is to be changed' },
      redacted: 'ch…me',
      place: place({ kind: 'file', path: { text: 'a\u001B[1m.env' } }),
    },
    {
      rule: 'dotenv-password',
      suppression: { by: 'inline', reason: `marked in its line: ${secrets.key}` },
      redacted: '********',
      place: place({ kind: 'index', path: { text: `${secrets.id}.env` } }),
    },
    {
      rule: 'github-token',
      suppression: { by: 'placeholder', reason: 'one character, repeated' },
      redacted: '********',
      place: place({ kind: 'stdin' }),
    },
  ],
  receipt: {
    complete: false,
    target: 'range',
    range: { base: 'a'.repeat(40), head: `feature/${secrets.id}` },
    reader: 'cat-file',
    commits: 12,
    trees: 56,
    tags: 1,
    blobs: 1234,
    bytes: 12_345_678,
    skipped,
    rules: { count: 60, digest: 'abcdef012345' },
    config: { path: null, from: 'none' },
    git: '2.39.5',
    durationMs: 1234,
  },
}
