/** Makes the random values that sample templates ask for: `{base62:30}`, `{aws-key-tail}`. */
import { accountOfKeyId } from '../validators/aws-key-id.ts'
import { tokenMakers } from './sample-tokens.ts'
import { checksumOf } from '../validators/token-checksum.ts'

/**
 * Input of a value's maker: the text before it, the start of the mark around it, and random
 * numbers.
 */
interface SampleContext {
  readonly before: string
  readonly markStart: number
  readonly random: () => number
}

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const lower = 'abcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'

const charsets: Readonly<Record<string, string>> = {
  digits,
  lower,
  upper,
  hex: `${digits}abcdef`,
  HEX: `${digits}ABCDEF`,
  alnum: lower + digits,
  ALNUM: upper + digits,
  base32: `${upper}234567`,
  base32lower: `${lower}234567`,
  bech32: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
  base62: upper + lower + digits,
  base64: `${upper + lower + digits}+/`,
  base64url: `${upper + lower + digits}-_`,
  x: 'x',
  X: 'X',
  password: `${upper + lower + digits}!.~^*+-_`,
}

type Maker = (count: number, context: SampleContext) => string

const makers: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ...Object.entries(charsets).map(([name, charset]): [string, Maker] => [
    name,
    (count, { random }) => pick(charset, count, random),
  ]),
  ['pem', (count, context) => pemLines(count, context).join('\n')],
  ['pem-escaped', (count, context) => pemLines(count, context).join('\\n')],
  ['github-checksum', (_, context) => checksumBehindPrefix(context)],
  ['npm-checksum', (_, context) => checksumBehindPrefix(context)],
  ['aws-key-tail', (_, { random }) => awsKeyTail(random)],
  ['aws-session-token', (_, context) => awsSessionToken(context)],
  ['aws-bedrock-key', (_, context) => bedrockKey(context)],
  ['aws-bedrock-session', (_, context) => bedrockSession(context)],
  ...Object.entries(tokenMakers).map(([name, make]): [string, Maker] => [
    name,
    (_, context) =>
      make((count) => randomBytes(count, context), context.before.slice(context.markStart)),
  ]),
])

/** Names that a template may use. */
export const sampleValueNames: readonly string[] = [...makers.keys()]

/** True for a value that determines its own length, so that a template gives none. */
export function hasOwnLength(name: string): boolean {
  return makers.has(name) && !(name in charsets) && !name.startsWith('pem')
}

/** Makes a value: `count` characters, unless it determines its own length. */
export function sampleValue(name: string, count: number, context: SampleContext): string {
  return makers.get(name)?.(count, context) ?? ''
}

function pick(charset: string, count: number, random: () => number): string {
  return Array.from({ length: count }, () =>
    charset.charAt(Math.floor(random() * charset.length)),
  ).join('')
}

function base64(count: number, { random }: SampleContext): string {
  return pick(charsets['base64'] ?? '', count, random)
}

function pemLines(count: number, context: SampleContext): readonly string[] {
  return base64(count, context).match(/.{1,64}/g) ?? []
}

/** Returns the checksum of the mark's text behind its last `_`. */
function checksumBehindPrefix({ before, markStart }: SampleContext): string {
  const markText = before.slice(markStart)
  return checksumOf(markText.slice(markText.lastIndexOf('_') + 1))
}

/** Returns sixteen characters of base32 whose account, if they contain one, can exist. */
function awsKeyTail(random: () => number): string {
  const tail = pick(charsets['base32'] ?? '', 16, random)
  const account = accountOfKeyId(`AKIA${tail}`)
  // The first character holds the highest bits of the account: Q has the lowest of the new
  // generation.
  return account !== undefined && account > 999_999_999_999 ? `Q${tail.slice(1)}` : tail
}

/**
 * Returns the account of the last key id in the text, so that the token belongs to the key; else a
 * random one.
 */
function accountBefore({ before, random }: SampleContext): string {
  const id = before.match(/A[KS]IA[A-Z2-7]{16}/g)?.at(-1)
  const account = id === undefined ? undefined : accountOfKeyId(id)
  return account === undefined ? pick(digits, 12, random) : String(account).padStart(12, '0')
}

/** Makes a session token of type 33, see `aws-session-token.ts`. */
function awsSessionToken(context: SampleContext): string {
  const user = Buffer.concat([
    protobufField(1, randomBytes(16, context)),
    protobufField(3, Buffer.from(accountBefore(context))),
    protobufField(4, randomBytes(12, context)),
    protobufField(5, randomBytes(200, context)),
  ])
  const created = 1_600_000_000 + Math.floor(context.random() * 150_000_000)
  const bytes = Buffer.concat([
    Buffer.of(33),
    protobufField(1, Buffer.from('origin_ec')),
    protobufField(3, Buffer.from('eu-west-1')),
    protobufField(4, randomBytes(72, context)),
    protobufField(5, user),
    Buffer.of(6 << 3),
    varint(created),
  ])
  return bytes.toString('base64')
}

function randomBytes(count: number, context: SampleContext): Buffer {
  return Buffer.from(base64(count * 2, context), 'base64').subarray(0, count)
}

function bedrockKey(context: SampleContext): string {
  const name = pick(charsets['alnum'] ?? '', 4, context.random)
  const user = `BedrockAPIKey-${name}-at-${pick(digits, 12, context.random)}`
  return Buffer.from(`${user}:${base64(43, context)}=`).toString('base64')
}

function bedrockSession(context: SampleContext): string {
  const credential = `ASIA${awsKeyTail(context.random)}%2F20251205%2Fus-east-1%2Fbedrock%2Faws4_request`
  const signature = pick(charsets['hex'] ?? '', 64, context.random)
  const query = [
    'Action=CallWithBearerToken',
    `X-Amz-Credential=${credential}`,
    'X-Amz-Date=20251205T215151Z',
    'X-Amz-Expires=43200',
    `X-Amz-Signature=${signature}`,
  ].join('&')
  return Buffer.from(`bedrock.amazonaws.com/?${query}`).toString('base64')
}

function protobufField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of((number << 3) | 2), varint(bytes.length), bytes])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) + 128)
    if (rest < 128) return Buffer.from(bytes)
  }
}
