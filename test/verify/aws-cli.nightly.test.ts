/**
 * Runs the AWS CLI against the fake AWS of the tests: as a check of the fake itself, and of the
 * commands that reports suggest.
 */
import { expect, test } from 'vitest'
import { nextSteps } from '../../src/report/next-steps/next-steps.ts'
import type { Identity, Verification } from '../../src/model/verification.ts'
import { afterVerification } from '../../src/verify/severity.ts'
import { account, leakedUser, startAws } from '../support/aws.ts'
import { awsCli, hasAwsCli } from '../support/aws-cli.ts'
import { awsPair, freshTriple } from '../support/credentials.ts'
import { attribution, finding, part, rule } from '../support/result.ts'
import { findingsIn, profileText } from './scene.ts'

if (!hasAwsCli) process.stdout.write('skipped: the AWS CLI of Debian is not installed (awscli)\n')

function liveAs(kind: Identity['kind'], arn: string): Verification {
  return { status: 'live', identity: { account, arn, userId: 'AIDAEXAMPLE', kind } }
}

test.skipIf(!hasAwsCli)('the AWS CLI gets the same answers from the fake AWS', async () => {
  const [pair, session] = [awsPair(950), freshTriple(951)]
  const fake = await startAws({ keys: [pair, session] })
  try {
    const who = 'aws sts get-caller-identity'
    const runs = await awsCli(
      [
        { line: who, keys: pair },
        { line: who, keys: session },
        { line: who, keys: { ...pair, secret: awsPair(952).secret } },
        { line: who, keys: awsPair(953) },
        { line: who, keys: { id: session.id, secret: session.secret } },
        { line: `aws iam list-access-keys --user-name ${leakedUser}`, keys: pair },
        {
          line: `aws cloudtrail lookup-events --lookup-attributes AttributeKey=AccessKeyId,AttributeValue=${pair.id}`,
          keys: pair,
        },
      ],
      fake.url,
    )
    expect(runs.map(({ code, said }) => (code === 0 ? 'ok' : /\((\w+)\)/.exec(said)?.[1]))).toEqual(
      [
        'ok',
        'ok',
        'SignatureDoesNotMatch',
        'InvalidClientTokenId',
        'InvalidClientTokenId',
        'ok',
        'ok',
      ],
    )
    expect(runs[0]?.said).toContain(account)
    expect(runs[5]?.said).toContain('2020-01-01')
    expect(runs[6]?.said).toContain('GetObject')
  } finally {
    await fake.close()
  }
})

test.skipIf(!hasAwsCli)(
  'the AWS CLI understands each suggested command',
  { timeout: 60_000 },
  async () => {
    const pair = awsPair(954)
    const [key] = await findingsIn(profileText(pair))
    const [temporary] = await findingsIn(profileText(freshTriple(955)))
    const leaked = { ...key!, attribution: attribution() }
    const findings = [
      leaked,
      afterVerification(leaked, {
        ...liveAs('user', `arn:aws-us-gov:iam::${account}:user/team/it's+me`),
        partition: 'aws-us-gov',
      }),
      afterVerification(leaked, liveAs('root', `arn:aws:iam::${account}:root`)),
      afterVerification(temporary!, liveAs('role', `arn:aws:sts::${account}:assumed-role/build/x`)),
      finding({
        rule: rule({ id: 'aws-bedrock-api-key', provider: 'aws' }),
        parts: [part('secret', 'ABSK')],
      }),
      finding({
        rule: rule({ id: 'aws-ses-smtp-password', provider: 'aws' }),
        parts: [part('secret', 'B')],
      }),
    ]
    const commands = new Set(
      findings
        .flatMap((one) =>
          nextSteps(one, ({ secret, role }) => (role === 'id' ? secret.reveal() : '')),
        )
        .flatMap(({ command }) => (command?.startsWith('aws ') === true ? [command] : [])),
    )
    expect(commands.size).toBeGreaterThan(20)
    const filled = [...commands].map((command) =>
      command
        .replaceAll('<day>', '2026-01-01')
        .replaceAll('<region>', 'us-east-1')
        .replaceAll('<now>', '2026-01-01T00:00:00Z')
        .replaceAll(/<\w+>/g, 'abcdefghijklmnopqrst'),
    )
    const fake = await startAws({ keys: [pair] })
    try {
      const runs = await awsCli(
        filled.map((line) => ({ line, keys: pair })),
        fake.url,
      )
      // Exit code 252: the CLI did not understand the command. Calls that the fake AWS does not
      // implement exit otherwise.
      const wrong = runs.flatMap(({ code, said }, index) =>
        [252, 2, 127].includes(code) ? [`${filled[index] ?? ''}: ${said}`] : [],
      )
      expect(wrong).toEqual([])
      expect(fake.calls.map(({ params }) => params.get('UserName'))).toContain("it's+me")
    } finally {
      await fake.close()
    }
  },
)
