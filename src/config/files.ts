/** The three files of a policy, wherever they are read from. */

export const configName = 'oakum.yaml'
export const allowName = 'oakum.allow'
export const baselineName = 'oakum.baseline'
export const policyFileNames = [configName, allowName, baselineName] as const

const KiB = 1024

/**
 * Larger ones are refused: each is read whole, and a mistake or an attack is likelier than need.
 */
export const MAX_FILE_BYTES = {
  config: 128 * KiB,
  patterns: 512 * KiB,
  lines: 8 * KiB * KiB,
} as const

/** A folder of files: on disk, or in a commit. */
export interface PolicyFiles {
  /** What people call a file: `oakum.yaml`, `main:sub/oakum.yaml`. */
  readonly displayName: (name: string) => string
  /**
   * Undefined when it is not there; a ConfigError for what is no plain file of UTF-8, or too large.
   * `name` is relative, with `/`.
   */
  readonly read: (name: string, limit: number) => Promise<string | undefined>
}
