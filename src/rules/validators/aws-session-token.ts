/** Decodes AWS session tokens for their account, region and age. */
import type { Facts, Validator } from '../../model/rule.ts'
import { accountFacts, dateOfSeconds, definedFacts } from './facts.ts'

/** Fields of a protobuf message by number: varints as numbers, everything else as bytes. */
type Message = ReadonlyMap<number, number | Buffer>

/**
 * Layouts by the first byte of a token; the rest is protobuf
 * (github.com/talbeerysec/STS-token-decoder):
 * 33 and 2: 1 name "origin_ec" · 3 region · 5 { 3 account } · 6 creation, Unix seconds
 * 23 and 21: 1 name "er/aws" or "aws" · 5 creation, Unix seconds
 * 1, of before 2015: 1 name "aws", and no creation time
 */
const layouts: ReadonlyMap<
  number,
  { readonly names: readonly string[]; readonly regional: boolean }
> = new Map([
  [33, { names: ['origin_ec'], regional: true }],
  [2, { names: ['origin_ec'], regional: true }],
  [23, { names: ['er/aws'], regional: false }],
  [21, { names: ['er/aws', 'aws'], regional: false }],
  [1, { names: ['aws'], regional: false }],
])

/**
 * Longest lifetime of a session: 129,600 seconds for GetSessionToken and GetFederationToken; roles
 * have twelve hours.
 */
const MAX_LIFETIME_MS = 36 * 3600 * 1000

/**
 * Rejects values that only begin like a token. A truncated token is accepted with the facts it
 * still has. Facts: `created` and `expires` (ISO 8601, the latest possible time), and for the
 * regional types `region`, `accountId` and `canary`.
 */
export const validateAwsSessionToken: Validator = (text) => {
  const bytes = Buffer.from(text, 'base64')
  const layout = layouts.get(bytes[0] ?? 0)
  const message = readMessage(bytes.subarray(1))
  if (layout === undefined || !layout.names.includes(textOf(message.get(1)))) {
    return { valid: false, reason: 'does not decode to a session token' }
  }
  return {
    valid: true,
    facts: layout.regional ? regionalFacts(message) : lifetimeFacts(message.get(5)),
  }
}

function regionalFacts(message: Message): Facts {
  const region = textOf(message.get(3))
  const user = message.get(5)
  const accountId = textOf(typeof user === 'object' ? readMessage(user).get(3) : undefined)
  return {
    ...definedFacts({
      region: /^[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-\d$/.test(region) ? region : undefined,
    }),
    ...accountFacts(/^\d{12}$/.test(accountId) ? accountId : undefined),
    ...lifetimeFacts(message.get(6)),
  }
}

function lifetimeFacts(seconds: number | Buffer | undefined): Facts {
  const created = dateOfSeconds(seconds)
  return created === undefined
    ? {}
    : { created, expires: new Date(Date.parse(created) + MAX_LIFETIME_MS).toISOString() }
}

function textOf(value: number | Buffer | undefined): string {
  return typeof value === 'object' ? value.toString('latin1') : ''
}

/** Reads protobuf fields up to the first one that is malformed or cut off. */
function readMessage(bytes: Buffer): Message {
  const message = new Map<number, number | Buffer>()
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1; at < bytes.length && scale < 2 ** 49; scale *= 128) {
      const byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    return Number.NaN
  }
  while (at < bytes.length) {
    const tag = varint()
    const wire = tag % 8
    if (wire === 0) {
      message.set(Math.floor(tag / 8), varint())
      continue
    }
    const length = wire === 2 ? varint() : wire === 1 ? 8 : wire === 5 ? 4 : Number.NaN
    if (!(at + length <= bytes.length)) break
    message.set(Math.floor(tag / 8), bytes.subarray(at, at + length))
    at += length
  }
  return message
}
