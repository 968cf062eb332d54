/** Makes sample tokens with content, such as JWTs and presigned addresses. */
import { confluentChecksumOf, hexChecksumOf } from '../validators/token-checksum.ts'

/** Returns `count` random bytes. */
type RandomBytes = (count: number) => Buffer

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

/** Makers of tokens by name. `markText` is the text of the mark so far, for checksums. */
export const tokenMakers: Readonly<
  Record<string, (randomBytes: RandomBytes, markText: string) => string>
> = {
  'aws-ses-password': (randomBytes) =>
    Buffer.concat([Buffer.of(4 - 2 * ((randomBytes(1)[0] ?? 0) % 2)), randomBytes(32)]).toString(
      'base64',
    ),
  'aws-ecr-token': (randomBytes) => ecrToken(randomBytes),
  'aws-ecr-auth': (randomBytes) => Buffer.from(`AWS:${ecrToken(randomBytes)}`).toString('base64'),
  'aws-eks-token': (randomBytes) => eksToken(randomBytes),
  'cloudflare-checksum': (_, markText) =>
    hexChecksumOf(markText.slice(markText.lastIndexOf('_') + 1)),
  'zuplo-checksum': (_, markText) => hexChecksumOf(markText.split('_')[1] ?? ''),
  'confluent-checksum': (_, markText) => confluentChecksumOf(markText.slice(4)),
  jwt: (randomBytes) =>
    jwt(
      {
        sub: randomBytes(6).toString('hex'),
        iss: 'https://login.example.org/',
        exp: 1_700_000_000 + (randomBytes(1)[0] ?? 0),
      },
      randomBytes,
    ),
  'jwt-anon': (randomBytes) =>
    jwt(
      { iss: 'supabase', ref: randomBytes(8).toString('hex'), role: 'anon', exp: 2_000_000_000 },
      randomBytes,
    ),
  'jwt-unsigned': (randomBytes) =>
    `${jwt({ sub: randomBytes(6).toString('hex') }, randomBytes, 'none')}`,
  'supabase-service': (randomBytes) =>
    jwt(
      {
        iss: 'supabase',
        ref: randomBytes(8).toString('hex'),
        role: 'service_role',
        exp: 2_000_000_000,
      },
      randomBytes,
    ),
}

/** Makes a token in the format that `aws-services.ts` validates. */
function ecrToken(randomBytes: RandomBytes): string {
  const content = {
    payload: randomBytes(600).toString('base64'),
    datakey: randomBytes(90).toString('base64'),
    version: '2',
    type: 'DATA_KEY',
    expiration: 1_700_000_000,
  }
  return json(content).toString('base64')
}

/**
 * Makes a token in the format that `presigned.ts` validates. Ids with this prefix are of the old
 * generation and contain no account.
 */
function eksToken(randomBytes: RandomBytes): string {
  const tail = Array.from(randomBytes(15), (byte) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(byte % 32),
  ).join('')
  const query = [
    'Action=GetCallerIdentity',
    'Version=2011-06-15',
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Credential=AKIAI${tail}%2F20240101%2Feu-west-1%2Fsts%2Faws4_request`,
    'X-Amz-Date=20240101T000000Z',
    'X-Amz-Expires=60',
    'X-Amz-SignedHeaders=host%3Bx-k8s-aws-id',
    `X-Amz-Signature=${randomBytes(32).toString('hex')}`,
  ].join('&')
  return Buffer.from(`https://sts.eu-west-1.amazonaws.com/?${query}`).toString('base64url')
}

function jwt(body: unknown, randomBytes: RandomBytes, alg = 'HS256'): string {
  return [json({ alg, typ: 'JWT' }), json(body), randomBytes(32)]
    .map((part) => part.toString('base64url'))
    .join('.')
}
