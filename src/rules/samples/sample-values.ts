import { accountOfKeyId } from '../validators/aws-key-id.ts'
import { tokenMakers } from './sample-tokens.ts'
import { checksumOf } from '../validators/token-checksum.ts'

/**
 * What stands before a value in its text, where the mark it is in starts, and the numbers to make
 * it from.
 */
interface Context {
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

type Maker = (count: number, context: Context) => string

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
    (_, context) => make((count) => noise(count, context), context.before.slice(context.markStart)),
  ]),
])

/** What a template may ask for. */
export const sampleValueNames: readonly string[] = [...makers.keys()]

/** Does the value decide on its length itself, so that a template gives none? */
export function hasOwnLength(name: string): boolean {
  return makers.has(name) && !(name in charsets) && !name.startsWith('pem')
}

/** Makes what `name` says: `count` characters of it, unless it has its own length. */
export function sampleValue(name: string, count: number, context: Context): string {
  return makers.get(name)?.(count, context) ?? ''
}

function pick(charset: string, count: number, random: () => number): string {
  return Array.from({ length: count }, () =>
    charset.charAt(Math.floor(random() * charset.length)),
  ).join('')
}

function base64(count: number, { random }: Context): string {
  return pick(charsets['base64'] ?? '', count, random)
}

function pemLines(count: number, context: Context): readonly string[] {
  return base64(count, context).match(/.{1,64}/g) ?? []
}

/** The checksum of what the mark holds so far, behind its last `_`. */
function checksumBehindPrefix({ before, markStart }: Context): string {
  const marked = before.slice(markStart)
  return checksumOf(marked.slice(marked.lastIndexOf('_') + 1))
}

/** Sixteen characters of base32 whose account, if they tell one, could exist. */
function awsKeyTail(random: () => number): string {
  const tail = pick(charsets['base32'] ?? '', 16, random)
  const account = accountOfKeyId(`AKIA${tail}`)
  // The first character of the tail holds the highest bits of the account: Q the lowest of the new
  // generation.
  return account !== undefined && account > 999_999_999_999 ? `Q${tail.slice(1)}` : tail
}

/** The account of the last key id before, so that the token goes with it; else any. */
function accountBefore({ before, random }: Context): string {
  const id = before.match(/A[KS]IA[A-Z2-7]{16}/g)?.at(-1)
  const account = id === undefined ? undefined : accountOfKeyId(id)
  return account === undefined ? pick(digits, 12, random) : String(account).padStart(12, '0')
}

/** Type 33: see `aws-session-token.ts`. */
function awsSessionToken(context: Context): string {
  const user = Buffer.concat([
    field(1, noise(16, context)),
    field(3, Buffer.from(accountBefore(context))),
    field(4, noise(12, context)),
    field(5, noise(200, context)),
  ])
  const created = 1_600_000_000 + Math.floor(context.random() * 150_000_000)
  const bytes = Buffer.concat([
    Buffer.of(33),
    field(1, Buffer.from('origin_ec')),
    field(3, Buffer.from('eu-west-1')),
    field(4, noise(72, context)),
    field(5, user),
    Buffer.of(6 << 3),
    varint(created),
  ])
  return bytes.toString('base64')
}

function noise(count: number, context: Context): Buffer {
  return Buffer.from(base64(count * 2, context), 'base64').subarray(0, count)
}

function bedrockKey(context: Context): string {
  const user = `BedrockAPIKey-${pick(charsets['alnum'] ?? '', 4, context.random)}-at-${pick(digits, 12, context.random)}`
  return Buffer.from(`${user}:${base64(43, context)}=`).toString('base64')
}

function bedrockSession(context: Context): string {
  const credential = `ASIA${awsKeyTail(context.random)}%2F20251205%2Fus-east-1%2Fbedrock%2Faws4_request`
  const query = `Action=CallWithBearerToken&X-Amz-Credential=${credential}&X-Amz-Date=20251205T215151Z&X-Amz-Expires=43200`
  return Buffer.from(
    `bedrock.amazonaws.com/?${query}&X-Amz-Signature=${pick(charsets['hex'] ?? '', 64, context.random)}`,
  ).toString('base64')
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of((number << 3) | 2), varint(bytes.length), bytes])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) + 128)
    if (rest < 128) return Buffer.from(bytes)
  }
}
