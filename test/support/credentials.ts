/**
 * Credentials made from a seed: no key-shaped text stands in this repository. Each is noted, so
 * that output can be searched for it.
 */
import { crc32 } from 'node:zlib'
import { seededRandom } from './random.ts'

/** An AWS key id and its secret. */
export interface Pair {
  readonly id: string
  readonly secret: string
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const noted = new Set<string>()

/** Every secret made so far. Key ids are not among them: reports may show their ends. */
export function notedSecrets(): ReadonlySet<string> {
  return noted
}

/**
 * A pair as AWS makes them since 2019. One seed in sixteen each gives a secret that starts or ends
 * with `+` or `/`: 1 and 2 start so, 3 and 4 end so.
 */
export function awsPair(seed: number): Pair {
  const next = seededRandom(seed)
  return { id: keyId('AKIA', next), secret: note(secretKey(next, seed)) }
}

/** A pair whose secret has no `/`: for names of files. */
export function awsPairWithoutSlash(seed: number): Pair {
  const pair = awsPair(seed)
  if (!pair.secret.includes('/')) return pair
  noted.delete(pair.secret)
  return awsPairWithoutSlash(seed + 1009)
}

/**
 * Temporary credentials, issued in 2021: id, secret, and a session token of type 33 that names
 * region and account.
 */
export function asiaTriple(seed: number): Pair & { readonly token: string } {
  const next = seededRandom(seed)
  const digits = Array.from({ length: 11 }, () => Math.floor(next() * 256) % 10).join('')
  return triple({ next, seed, account: `1${digits}`, created: 1_632_818_982 })
}

/** The same, issued a minute ago, with a token of the account that the id names. */
export function freshTriple(seed: number): Pair & { readonly token: string } {
  return triple({
    next: seededRandom(seed),
    seed,
    account: undefined,
    created: Math.floor(Date.now() / 1000) - 60,
  })
}

interface Session {
  readonly next: () => number
  readonly seed: number
  readonly account: string | undefined
  readonly created: number
}

function triple({ next, seed, account, created }: Session): Pair & { readonly token: string } {
  const id = account === undefined ? keyId('ASIA', next) : undefined
  const own = account ?? String(accountOf(id?.slice(4) ?? '')).padStart(12, '0')
  const bytes = (count: number): Buffer =>
    Buffer.from(Array.from({ length: count }, () => Math.floor(next() * 256)))
  const user = Buffer.concat([
    varint(1, 7),
    field(2, bytes(16)),
    field(3, Buffer.from(own)),
    field(4, bytes(12)),
    field(5, bytes(400)),
  ])
  const token = Buffer.concat([
    Buffer.from([33]),
    field(1, Buffer.from('origin_ec')),
    varint(2, 9),
    field(3, Buffer.from('us-east-2')),
    field(4, bytes(70)),
    field(5, user),
    varint(6, created),
  ]).toString('base64')
  // Its head is the same in every token, and no secret.
  note(token.slice(24))
  return { id: id ?? keyId('ASIA', next), secret: note(secretKey(next, seed)), token }
}

/** A classic GitHub token: its last six characters are the CRC32 of the thirty before them. */
export function githubToken(seed: number): string {
  const body = draw(base62, 30, seededRandom(seed))
  let sum = crc32(body)
  let tail = ''
  for (let i = 0; i < 6; i += 1) {
    tail = `${base62[sum % 62]}${tail}`
    sum = Math.floor(sum / 62)
  }
  return note(`${['ghp', '_'].join('')}${body}${tail}`)
}

/** A password as a generator in a browser makes them. */
export function password(seed: number): string {
  const next = seededRandom(seed)
  return note(`${draw(base62, 7, next)}-${draw(base62, 7, next)}-${draw(base62, 6, next)}`)
}

function note(secret: string): string {
  noted.add(secret)
  return secret
}

function draw(alphabet: string, length: number, next: () => number): string {
  return Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]).join('')
}

/** Bit 20 says that the next forty are the account's number, which has at most twelve digits. */
function keyId(prefix: 'AKIA' | 'ASIA', next: () => number): string {
  for (;;) {
    const tail = draw(base32.slice(16), 1, next) + draw(base32, 15, next)
    if (accountOf(tail) <= 999_999_999_999) return prefix + tail
  }
}

function accountOf(tail: string): number {
  // The tail's bits are 20 to 99 of the id; the account is in 21 to 60.
  const bits = Array.from(tail, (char) => base32.indexOf(char).toString(2).padStart(5, '0')).join(
    '',
  )
  return Number.parseInt(bits.slice(1, 41), 2)
}

function secretKey(next: () => number, seed: number): string {
  const starts: Readonly<Record<number, string>> = { 1: '+', 2: '/' }
  const ends: Readonly<Record<number, string>> = { 3: '+', 4: '/' }
  for (;;) {
    const text = draw(base64, 40, next)
    const start = starts[seed % 16] ?? text.slice(0, 1)
    const end = ends[seed % 16] ?? text.slice(-1)
    const secret = start + text.slice(1, -1) + end
    if (entropy(secret) > 4.2) return secret
  }
}

/** Shannon's, in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1)
  return [...counts.values()].reduce(
    (sum, count) => sum - (count / text.length) * Math.log2(count / text.length),
    0,
  )
}

/** A length-delimited field of a protocol buffer. */
function field(number: number, value: Buffer): Buffer {
  return Buffer.concat([base128((number << 3) | 2), base128(value.length), value])
}

function varint(number: number, value: number): Buffer {
  return Buffer.concat([base128(number << 3), base128(value)])
}

function base128(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push((rest % 128) | 128)
  }
}
