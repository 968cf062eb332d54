/** Halves far from each other, and halves alone. */
import { credentialOf, type Layout, plantedIn, textLayout } from './credential.ts'

const line = 'the quick brown fox jumps over the lazy dog, again and again\n'

/** Only one half of a credential. */
function half(name: string, role: 'id' | 'secret', write: (value: string) => string): Layout {
  return {
    name,
    render: (seed) => {
      const value = credentialOf(seed)[role]
      const text = write(value)
      return {
        bytes: Buffer.from(text, 'latin1'),
        credentials: plantedIn(text, [{ [role]: value }]),
      }
    },
  }
}

export const distances: readonly Layout[] = [
  ...[10, 60, 1000].flatMap((lines) => [
    textLayout(
      `${lines} lines apart`,
      ({ id, secret }) =>
        `aws_access_key_id: ${id}\n${line.repeat(lines)}aws_secret_access_key: ${secret}\n`,
    ),
    textLayout(
      `${lines} lines apart, secret first`,
      ({ id, secret }) =>
        `const secretAccessKey = '${secret}'\n${line.repeat(lines)}const accessKeyId = '${id}'\n`,
    ),
  ]),
  half('secret only, env', 'secret', (secret) => `AWS_SECRET_ACCESS_KEY=${secret}\n`),
  half('secret only, JSON', 'secret', (secret) => JSON.stringify({ secretAccessKey: secret })),
  half('secret only, YAML', 'secret', (secret) => `s3:\n  secret_key: ${secret}\n`),
  half('id only', 'id', (id) => `const key = '${id}'\n`),
  half('id only, env', 'id', (id) => `AWS_ACCESS_KEY_ID=${id}\nAWS_SECRET_ACCESS_KEY=\${SECRET}\n`),
]
