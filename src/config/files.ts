/** Names, size limits and the reader interface of the three policy files. */
import { isUtf8 } from 'node:buffer'
import { ConfigError } from '../model/errors.ts'

export const configName = 'oakum.yaml'
export const allowName = 'oakum.allow'
export const baselineName = 'oakum.baseline'
export const policyFileNames = [configName, allowName, baselineName] as const

const KiB = 1024

/**
 * Size limits by kind of file, in bytes. Each file is read whole, and a larger one is more likely a
 * mistake or an attack than a real configuration.
 */
export const MAX_FILE_BYTES = {
  config: 128 * KiB,
  patterns: 512 * KiB,
  lines: 8 * KiB * KiB,
} as const

/** A folder that policy files are read from: on disk or in a commit. */
export interface PolicyFiles {
  /** The name of a file in messages: `oakum.yaml`, `main:sub/oakum.yaml`. */
  readonly displayName: (name: string) => string
  /**
   * Reads a file by its path relative to the folder, with `/`. Returns undefined when the file does
   * not exist. Throws a ConfigError when it is no regular file, is not UTF-8, or has more than
   * `maxBytes` bytes.
   */
  readonly read: (name: string, maxBytes: number) => Promise<string | undefined>
}

/** Decodes a UTF-8 file and drops its byte order mark: `EF BB BF 76 65 …` becomes `ve…`. */
export function decodeUtf8(bytes: Uint8Array, displayName: string): string {
  if (!isUtf8(bytes)) throw new ConfigError(`${displayName}: not UTF-8 text: save it as UTF-8`)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .replace(/^\ufeff/, '')
}

/** Returns the error for a file that is larger than its limit. */
export function tooLargeError(displayName: string, maxBytes: number): ConfigError {
  return new ConfigError(
    `${displayName}: larger than ${maxBytes / 1024} KiB, the limit for this kind of file`,
  )
}
