/** Decodes base64 credentials in the settings of npm, Docker and git. */
import type { EnvEntry } from '../parse.ts'

/**
 * Decodes a value that is `user:password` in base64 and returns the password, located at the whole
 * value; returns undefined for other values.
 */
export function base64Password(entry: EnvEntry): EnvEntry | undefined {
  if (!/^[A-Za-z0-9+/]{6,4000}={0,2}$/.test(entry.value)) return undefined
  const decoded = Buffer.from(entry.value, 'base64').toString('latin1')
  const colon = decoded.indexOf(':')
  if (colon < 0 || !/^[\x20-\x7e\x80-\xff]+$/.test(decoded)) return undefined
  return { ...entry, key: 'password', value: decoded.slice(colon + 1), alternatives: [] }
}
