import { crc32 } from 'node:zlib'
import type { Validator } from '../../model/rule.ts'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const checksumLength = 6

/** The six characters that GitHub and npm put behind the random ones: their CRC-32 in base 62. */
export function checksumOf(random: string): string {
  let rest = crc32(random)
  let text = ''
  for (let place = 0; place < checksumLength; place++) {
    text = digits.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  }
  return text
}

/**
 * `ghp_<30 random><6 checksum>`, likewise `gho_`, `ghu_`, `npm_`, and `ghr_` with 70 random ones.
 * Source: github.blog, "Behind GitHub's new authentication token formats".
 */
export const validateTokenChecksum: Validator = (text) => {
  const body = text.slice(text.indexOf('_') + 1)
  return checksumOf(body.slice(0, -checksumLength)) === body.slice(-checksumLength)
    ? { valid: true }
    : { valid: false, reason: 'its checksum is wrong, so it was never issued' }
}

/**
 * `cfut_`, `cfat_` or `cfk_`, forty random characters, and their CRC-32 in eight hexadecimal
 * digits. Recomputed for published samples of each.
 */
export const validateCloudflareChecksum: Validator = (text) => {
  const body = text.slice(text.indexOf('_') + 1)
  return cloudflareChecksumOf(body.slice(0, 40)) === body.slice(40)
    ? { valid: true }
    : { valid: false, reason: 'its checksum is wrong, so it was never issued' }
}

/** What Cloudflare puts behind the random characters of a token. */
export function cloudflareChecksumOf(random: string): string {
  return crc32(random).toString(16).padStart(8, '0')
}
