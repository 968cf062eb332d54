/** Validates tokens that contain a checksum. */
import { crc32 } from 'node:zlib'
import type { Validator } from '../../model/rule.ts'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const CHECKSUM_LENGTH = 6

/**
 * Returns the six characters that GitHub and npm append to a token's random characters: their
 * CRC-32 in base 62.
 */
export function checksumOf(random: string): string {
  let rest = crc32(random)
  let text = ''
  for (let place = 0; place < CHECKSUM_LENGTH; place++) {
    text = BASE62.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  }
  return text
}

/**
 * Accepts `ghp_<30 random><6 checksum>`, likewise `gho_`, `ghu_` and `npm_`, and `ghr_` with 70
 * random characters. Source: github.blog, "Behind GitHub's new authentication token formats".
 */
export const validateTokenChecksum: Validator = (text) => {
  const body = text.slice(text.indexOf('_') + 1)
  return accepted(checksumOf(body.slice(0, -CHECKSUM_LENGTH)) === body.slice(-CHECKSUM_LENGTH))
}

/**
 * Accepts `cfut_`, `cfat_` or `cfk_`, forty random characters, and their CRC-32 in eight
 * hexadecimal digits. Cloudflare says only that there is a checksum: the scheme was inferred from
 * published samples, so a token with another checksum is doubtful, not refuted.
 */
export const validateCloudflareChecksum: Validator = (text) => {
  const body = text.slice(text.indexOf('_') + 1)
  if (hexChecksumOf(body.slice(0, 40)) === body.slice(40)) return { valid: true }
  return {
    valid: true,
    facts: { doubt: 'its last eight digits are not the checksum that tokens of this form have' },
  }
}

/**
 * Accepts `zpka_`, thirty-two characters, `_`, and their CRC-32 in eight hexadecimal digits.
 * Source: zuplo.com/docs/articles/api-key-leak-detection.
 */
export const validateZuploChecksum: Validator = (text) => {
  const [, body = '', checksum] = text.split('_')
  return accepted(hexChecksumOf(body) === checksum)
}

/** Accepts `cflt`, fifty-four characters, and their CRC-32 in base64, the lowest byte first. */
export const validateConfluentChecksum: Validator = (text) =>
  accepted(confluentChecksumOf(text.slice(4, -6)) === text.slice(-6))

/** Returns a CRC-32 in eight hexadecimal digits. */
export function hexChecksumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}

/** Returns the six characters at the end of a Confluent API secret. */
export function confluentChecksumOf(text: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(crc32(text))
  return bytes.toString('base64').slice(0, CHECKSUM_LENGTH)
}

function accepted(isRight: boolean): ReturnType<Validator> {
  return isRight
    ? { valid: true }
    : { valid: false, reason: 'its checksum is wrong, so it was never issued' }
}
