import { isUtf8 } from 'node:buffer'
import { ConfigError } from '../model/errors.ts'

/** The text of a file: UTF-8, without the mark at its beginning. `EF BB BF 76 65 …` → `ve…` */
export function decodeUtf8(bytes: Uint8Array, called: string): string {
  if (!isUtf8(bytes)) throw new ConfigError(`${called}: not UTF-8 text: save it as UTF-8`)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .replace(/^\ufeff/, '')
}

/** The error for a file that is larger than it may be. */
export function tooLargeError(called: string, limit: number): ConfigError {
  return new ConfigError(
    `${called}: larger than ${limit / 1024} KiB, which nothing of its kind needs`,
  )
}
