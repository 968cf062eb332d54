/**
 * Classifies the entries of a whole file, and tells which env files hold settings in clear text.
 */
import { worseOf } from '../../model/rule.ts'
import { type EntryClassification, classifyEntry, type ValueTests } from '../entries/judge-entry.ts'
import { parseEnv } from './parse.ts'
import type { FileReader } from './reader.ts'
import type { ParsedValue } from './parsed-value.ts'

/**
 * Yields the secrets and placeholders among the entries of a file. A character of `text` is one
 * byte.
 */
export function* classifyFile(
  text: string,
  reader: FileReader,
  tests: ValueTests,
): Generator<EntryClassification> {
  if (isEncryptedFile(text)) return
  for (const entry of reader.read(text)) {
    const classification = classifyEntry(entry, reader.family, tests)
    if (classification !== undefined)
      yield {
        ...classification,
        severity: worseOf(classification.severity, reader.atLeast ?? 'low'),
      }
  }
}

/**
 * Env files that are meant to be committed: Flask's public settings, scripts of direnv and shells,
 * tools' settings, encrypted vaults.
 */
const committedByDesign = new RegExp(
  [
    String.raw`(?:^|/)(?:\.flaskenv|\.envrc[^/]{0,100}|env\.sh|\.?mise\.[^/]{1,60}|\.\w{1,20}(?:rc|profile)`,
    String.raw`|\.(?:bash_login|zshenv|zlogin)|[^/]{0,200}\.(?:vault|enc|encrypted|schema|tfvars))$`,
  ].join(''),
  'i',
)

/** Prefixes of encrypted values as dotenvx and SOPS write them. */
const encryptedValue = /^(?:(?:gpg:)?encrypted:|ENC\[)/

/**
 * Returns the first setting of an env file in clear text, or undefined when the file has none, is
 * encrypted or is meant to be committed.
 */
export function unprotectedSetting(path: string, text: string): ParsedValue | undefined {
  if (committedByDesign.test(path) || text.includes('\0') || isEncryptedFile(text)) return undefined
  const entries = parseEnv(text).filter((entry) => !entry.commented && entry.end > entry.start)
  return entries.some(({ value }) => encryptedValue.test(value)) ? undefined : entries[0]
}

/**
 * True for an env file that should not be committed: it has an entry in clear text, perhaps
 * commented out, and is not meant to be committed.
 */
export function isPrivateEnv(path: string, text: string): boolean {
  if (committedByDesign.test(path) || text.includes('\0') || isEncryptedFile(text)) return false
  const entries = parseEnv(text).filter((entry) => entry.end > entry.start)
  return entries.length > 0 && !entries.some(({ value }) => encryptedValue.test(value))
}

/**
 * First bytes of files that are encrypted as a whole: git-crypt, git-xcrypt, git-simple-encrypt,
 * git-sshripped, ansible-vault, age, PGP, openssl.
 */
const encryptedFileStarts: readonly RegExp[] = [
  /^\0GIT(?:CRYPT|XCRYPT)\0/,
  /^GITSE|^GSC1/,
  /^\s{0,20}\$ANSIBLE_VAULT;\d/,
  /^age-encryption\.org\/v1\n/,
  /^\s{0,20}-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)-----/,
  /^Salted__/,
]

/** A Kubernetes SealedSecret: each value is encrypted, under names that sound like secrets. */
const sealed = /^kind:[ \t]{1,8}SealedSecret[ \t]*\r?$/m

/**
 * True when a file is encrypted as a whole. Files with encrypted values and clear names are not:
 * their values are recognized one by one.
 */
export function isEncryptedFile(text: string): boolean {
  return (
    encryptedFileStarts.some((form) => form.test(text.slice(0, 200))) ||
    sealed.test(text.slice(0, 4096))
  )
}
