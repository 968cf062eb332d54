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
  return checksumOf(body.slice(0, -CHECKSUM_LENGTH)) === body.slice(-CHECKSUM_LENGTH)
    ? { valid: true }
    : { valid: false, reason: 'its checksum is wrong, so it was never issued' }
}

/**
 * Accepts `cfut_`, `cfat_` or `cfk_`, forty random characters, and their CRC-32 in eight
 * hexadecimal digits. The scheme was confirmed with published samples of each.
 */
export const validateCloudflareChecksum: Validator = (text) => {
  const body = text.slice(text.indexOf('_') + 1)
  return cloudflareChecksumOf(body.slice(0, 40)) === body.slice(40)
    ? { valid: true }
    : { valid: false, reason: 'its checksum is wrong, so it was never issued' }
}

/** Returns the checksum at the end of a Cloudflare token. */
export function cloudflareChecksumOf(random: string): string {
  return crc32(random).toString(16).padStart(8, '0')
}
