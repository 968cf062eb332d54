/** Secrets that cases plant, and the search for them in what Oakum prints. */
import { awsPair } from '../../test/support/credentials.ts'
import type { Planted } from '../trial.ts'

/** As many characters in a row as no redaction may show. */
const PIECE_LENGTH = 12

/** A pair that no other seed has. */
export function pairOf(seed: number): Planted {
  return awsPair(seed)
}

/** A credentials file with this pair. */
export function pairText({ id, secret }: Planted): string {
  return `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`
}

/** What stands before a piece of a planted secret in this text; undefined when there is none. */
export function leakedSecret(text: string, planted: readonly Planted[]): string | undefined {
  const plain = text.replaceAll('\\/', '/').replaceAll('%2B', '+').replaceAll('%2F', '/')
  for (const { secret } of planted)
    for (const form of [secret, Buffer.from(secret).toString('base64').slice(0, -4)])
      for (let at = 0; at + PIECE_LENGTH <= form.length; at += 1) {
        const found = plain.indexOf(form.slice(at, at + PIECE_LENGTH))
        if (found >= 0) return plain.slice(Math.max(0, found - 60), found)
      }
  return undefined
}
