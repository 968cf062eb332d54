import type { Suppression } from '../../model/model.ts'
import type { Severity } from '../../model/rule.ts'
import { innerSecretOf, isUrl, type InnerSecret } from './connection.ts'
import { entryNameOf, type EntryName } from './entry-name.ts'
import {
  isAgeIdentity,
  isClientValue,
  isPlainValue,
  isPrivateKey,
  isWordy,
  looksRandom,
} from './entry-value.ts'
import type { EnvFamily } from './family.ts'
import type { EnvEntry } from './parse.ts'
import type { Reading } from './reading.ts'

/** What is to be said of an entry that holds a secret, or a placeholder for one. */
export interface EntryClassification {
  readonly severity: Severity
  /** How it was found, in words and without the secret. */
  readonly found: string
  /**
   * The secret itself: the whole value, or the password within a URL. Offsets are into the parsed
   * text.
   */
  readonly secret: { readonly text: string; readonly start: number; readonly end: number }
  /** It stands in for a secret: to be counted, not reported. */
  readonly flaw?: Suppression
}

/**
 * Tests of values that rules share; passed in, as this folder knows only entries. Each gives a
 * reason in words or nothing.
 */
export interface ValueTests {
  readonly referenceReason: (text: string) => string | undefined
  readonly placeholderReason: (text: string, madeBy: 'machine' | 'person') => string | undefined
}

const shortest = 4

/**
 * Judges an entry by its name and value. Nothing for what is no secret: settings, references,
 * encrypted values, names that only speak of secrets. What other programs read there counts where
 * the first reading is nothing: `#abc` is a comment to one and a password to the next.
 */
export function classifyEntry(
  entry: EnvEntry,
  family: EnvFamily,
  tests: ValueTests,
): EntryClassification | undefined {
  for (const reading of [entry, ...entry.others]) {
    const judgement = judgeReading({ ...entry, ...withoutVariable(reading) }, family, tests)
    if (judgement !== undefined) return judgement
  }
  return undefined
}

function judgeReading(
  entry: EnvEntry,
  family: EnvFamily,
  tests: ValueTests,
): EntryClassification | undefined {
  const value = entry.value.trim()
  if (value.length < shortest || tests.referenceReason(value) !== undefined) return undefined
  const name = entryNameOf(entry.key)
  if (name.kind === 'private-key' || name.kind === 'vault-key')
    return openingKey(entry, name.kind === 'private-key' ? 'critical' : 'high', tests)
  if (isAgeIdentity(value)) return openingKey(entry, 'high', tests)
  if (isPrivateKey(value))
    return judged(
      entry,
      { severity: name.publicPrefix === undefined ? 'high' : 'critical', what: 'a private key' },
      tests,
    )
  const within = innerSecretOf(value)
  if (within !== undefined) return judgeInner(entry, within, family, tests)
  if (name.kind === 'none' || isUrl(value) || !isCandidate(name.kind, entry, tests))
    return undefined
  if (name.publicPrefix !== undefined && (name.meantForClients || isClientValue(value)))
    return undefined
  const random = looksRandom(value)
  const exposed = name.publicPrefix !== undefined && random
  const what = exposed
    ? `a secret under the public prefix ${name.publicPrefix ?? ''}, which ships it to every visitor`
    : 'a secret by its name'
  return judged(
    entry,
    { severity: exposed ? 'critical' : 'medium', what, doubt: wordInTemplate(family, random) },
    tests,
  )
}

/** More variables within variables than anybody writes. */
const deepest = 4

/**
 * `${DB_PASSWORD:-bluebird}` → bluebird: what stands in for a variable that is not set is a value
 * like any other.
 */
function withoutVariable(reading: Reading): Reading {
  let inner = reading
  for (let depth = 0; depth < deepest; depth++) {
    const found = /^\s{0,20}\$\{\w{1,100}:?[-=](?<fallback>[^]{1,4000})\}\s{0,20}$/d.exec(
      inner.value,
    )?.indices?.groups?.['fallback']
    if (found === undefined) return inner
    const alike = inner.value.length === inner.end - inner.start
    inner = {
      value: inner.value.slice(...found),
      start: alike ? inner.start + found[0] : inner.start,
      end: alike ? inner.start + found[1] : inner.end,
    }
  }
  return inner
}

/**
 * A password may be anything but a setting; what a machine makes is more than a word, unless the
 * word is a placeholder; under a vague name only what looks random counts.
 */
function isCandidate(
  kind: EntryName['kind'],
  { value: text, commented }: EnvEntry,
  tests: ValueTests,
): boolean {
  const value = text.trim()
  if (kind === 'password' && /^\d{6,}$/.test(value)) return true
  if (isPlainValue(value) || (commented && /\s/.test(value))) return false
  if (kind === 'password') return true
  if (kind === 'vague') return looksRandom(value) && value.length >= 16
  const isWord = /^[A-Za-z]{1,15}$/.test(value) && isWordy(value)
  return (
    (value.length >= 8 && !isWord && !/\s\S+\s/.test(value)) ||
    tests.placeholderReason(value, 'person') !== undefined
  )
}

/** A password that is the user's name again guards nothing: `app:app@localhost`. */
function judgeInner(
  entry: EnvEntry,
  within: InnerSecret,
  family: EnvFamily,
  tests: ValueTests,
): EntryClassification | undefined {
  const secret = withoutVariable(partOf(entry, within))
  const random = looksRandom(secret.value)
  if (secret.value.length < shortest || (within.kind === 'query' && !random)) return undefined
  const doubt =
    secret.value === within.user ? 'it repeats the user name' : wordInTemplate(family, random)
  return judged(
    { ...entry, ...secret },
    { severity: within.kind === 'database' ? 'high' : 'medium', what: within.what, doubt },
    tests,
  )
}

function wordInTemplate(family: EnvFamily, random: boolean): string | undefined {
  return family === 'template' && !random ? 'it is a word in a template' : undefined
}

/**
 * The key that opens an encrypted `.env` of dotenvx, or of dotenv-vault
 * (`dotenv://:key_…@dotenv.org/…`), or what age encrypted.
 */
function openingKey(entry: EnvEntry, severity: Severity, tests: ValueTests): EntryClassification {
  return judged(entry, { severity, what: 'the key that opens the encrypted values' }, tests)
}

interface Verdict {
  readonly severity: Severity
  readonly what: string
  /** Why it is a placeholder though nothing in the value says so. */
  readonly doubt?: string | undefined
}

function judged(
  entry: EnvEntry,
  { severity, what, doubt }: Verdict,
  tests: ValueTests,
): EntryClassification {
  const { key, value: text, start, end, commented } = entry
  const reason = tests.placeholderReason(text, 'person') ?? doubt
  const found = `${what}, in the entry${key.includes(text) ? '' : ` ${key}`}${commented ? ' (commented out)' : ''}`
  return {
    severity,
    found,
    secret: { text, start, end },
    ...(reason === undefined ? {} : { flaw: { by: 'placeholder', reason } }),
  }
}

/**
 * Offsets of a part are known where value and text run alike; where escapes were decoded, the whole
 * value is pointed at.
 */
function partOf({ value, start, end }: EnvEntry, within: InnerSecret): Reading {
  const part = value.trim().slice(within.start, within.end)
  const lead = value.length - value.trimStart().length
  if (value.length !== end - start) return { value: part, start, end }
  return { value: part, start: start + lead + within.start, end: start + lead + within.end }
}
