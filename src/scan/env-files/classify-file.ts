import { worseOf } from '../../model/rule.ts'
import { isEncryptedFile } from './encrypted.ts'
import { type EntryClassification, classifyEntry, type ValueTests } from './classify-entry.ts'
import { parseEnv } from './parse.ts'
import type { FileReader } from './reader.ts'
import type { Reading } from './reading.ts'

/**
 * What is to be said of the entries of a file, each judged by name and value. Characters of `text`
 * are bytes.
 */
export function* classifyFile(
  text: string,
  reader: FileReader,
  tests: ValueTests,
): Generator<EntryClassification> {
  if (isEncryptedFile(text)) return
  for (const entry of reader.read(text)) {
    const judgement = classifyEntry(entry, reader.family, tests)
    if (judgement !== undefined)
      yield { ...judgement, severity: worseOf(judgement.severity, reader.atLeast ?? 'low') }
  }
}

/** Env files that are there to be committed: Flask's public settings, what direnv runs, a vault. */
const meantForGit =
  /(?:^|\/)(?:\.flaskenv|\.envrc[^/]{0,100}|[^/]{0,200}\.(?:vault|enc|encrypted|schema))$/i

/** As dotenvx and SOPS write them. */
const encryptedValue = /^(?:(?:gpg:)?encrypted:|ENC\[)/

/**
 * The first setting of an env file that nothing protects; nothing when it holds none, or the file
 * is encrypted or there to be committed.
 */
export function unprotectedSetting(path: string, text: string): Reading | undefined {
  if (meantForGit.test(path) || text.includes('\0') || isEncryptedFile(text)) return undefined
  const entries = parseEnv(text).filter((entry) => !entry.commented && entry.end > entry.start)
  return entries.some(({ value }) => encryptedValue.test(value)) ? undefined : entries[0]
}

/**
 * Is this an env file that is to stay with its owner: with an entry in clear, be it commented out,
 * and not there to be committed?
 */
export function isPrivateEnv(path: string, text: string): boolean {
  if (meantForGit.test(path) || text.includes('\0') || isEncryptedFile(text)) return false
  const entries = parseEnv(text).filter((entry) => entry.end > entry.start)
  return entries.length > 0 && !entries.some(({ value }) => encryptedValue.test(value))
}
