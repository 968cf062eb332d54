import { cloudflareChecksumOf } from '../validators/token-checksum.ts'

/** Draws so many random bytes. */
type Noise = (count: number) => Buffer

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

/**
 * Makers of tokens that say something of themselves, from random bytes and what the mark holds so
 * far.
 */
export const tokenMakers: Readonly<Record<string, (noise: Noise, marked: string) => string>> = {
  'aws-ses-password': (noise) =>
    Buffer.concat([Buffer.of(4 - 2 * ((noise(1)[0] ?? 0) % 2)), noise(32)]).toString('base64'),
  'aws-ecr-token': (noise) => ecrToken(noise),
  'aws-ecr-auth': (noise) => Buffer.from(`AWS:${ecrToken(noise)}`).toString('base64'),
  'aws-eks-token': (noise) => eksToken(noise),
  'cloudflare-checksum': (_, marked) =>
    cloudflareChecksumOf(marked.slice(marked.lastIndexOf('_') + 1)),
  jwt: (noise) =>
    jwt(
      {
        sub: noise(6).toString('hex'),
        iss: 'https://login.example.org/',
        exp: 1_700_000_000 + (noise(1)[0] ?? 0),
      },
      noise,
    ),
  'jwt-anon': (noise) =>
    jwt(
      { iss: 'supabase', ref: noise(8).toString('hex'), role: 'anon', exp: 2_000_000_000 },
      noise,
    ),
  'jwt-unsigned': (noise) => `${jwt({ sub: noise(6).toString('hex') }, noise, 'none')}`,
  'supabase-service': (noise) =>
    jwt(
      { iss: 'supabase', ref: noise(8).toString('hex'), role: 'service_role', exp: 2_000_000_000 },
      noise,
    ),
}

/** See `aws-registry.ts`. */
function ecrToken(noise: Noise): string {
  const content = {
    payload: noise(600).toString('base64'),
    datakey: noise(90).toString('base64'),
    version: '2',
    type: 'DATA_KEY',
    expiration: 1_700_000_000,
  }
  return json(content).toString('base64')
}

/** See `aws-presigned.ts`. The account of an id that begins so is not told. */
function eksToken(noise: Noise): string {
  const tail = Array.from(noise(15), (byte) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(byte % 32),
  ).join('')
  const query =
    `Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAI${tail}%2F20240101%2Feu-west-1%2Fsts%2Faws4_request` +
    `&X-Amz-Date=20240101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&X-Amz-Signature=${noise(32).toString('hex')}`
  return Buffer.from(`https://sts.eu-west-1.amazonaws.com/?${query}`).toString('base64url')
}

function jwt(body: unknown, noise: Noise, alg = 'HS256'): string {
  return [json({ alg, typ: 'JWT' }), json(body), noise(32)]
    .map((part) => part.toString('base64url'))
    .join('.')
}
