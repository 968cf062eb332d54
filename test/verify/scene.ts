/** Findings of keys, made by a scan, and a fake AWS that issued the keys. */
import { afterEach } from 'vitest'
import type { Finding } from '../../src/model/model.ts'
import { scan } from '../../src/scan/scan.ts'
import { type FakeAws, startAws } from '../support/aws.ts'
import type { Pair } from '../support/credentials.ts'

const running: FakeAws[] = []

afterEach(async () => {
  for (const aws of running.splice(0)) await aws.close()
})

/** Starts a fake AWS that closes after the test. */
export async function awsWith(...options: Parameters<typeof startAws>): Promise<FakeAws> {
  const aws = await startAws(...options)
  running.push(aws)
  return aws
}

/** Returns a credentials file in the format of `~/.aws/credentials`. */
export function profileText(
  { id, secret, token }: Pair & { readonly token?: string },
  more = '',
): string {
  const tokenLine = token === undefined ? '' : `aws_session_token = ${token}\n`
  return `[p]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n${tokenLine}${more}`
}

/** Scans a text and returns its findings. */
export async function findingsIn(text: string): Promise<readonly Finding[]> {
  return (
    await scan({
      name: 'stdin',
      stream: (async function* () {
        yield Buffer.from(text)
      })(),
    })
  ).findings
}
