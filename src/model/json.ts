/** Reads JSON that may have been written by someone else. */
import type { RepoPath } from './model.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** True for a JSON object, which is neither null nor a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Parses a text as a JSON object. Undefined for invalid JSON and for other values. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * The path in the fields `path` and `pathBytes` of a report. `bytes` is base64, and present only
 * for names that are not UTF-8.
 */
export function reportedPath(text: string, bytes: string | undefined): RepoPath {
  return bytes === undefined
    ? { text }
    : { text, bytes: Uint8Array.from(Buffer.from(bytes, 'base64')) }
}
