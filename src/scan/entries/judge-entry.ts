/**
 * Decides whether the value of one entry of an env file is a secret, from the entry's name and
 * value.
 */
import type { Suppression } from '../../model/model.ts'
import type { Severity } from '../../model/rule.ts'
import { genericFlaw } from '../../rules/validators/generic-secret.ts'
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
import type { EnvFamily } from '../env-files/family.ts'
import type { EnvEntry } from '../env-files/parse.ts'
import type { ParsedValue } from '../env-files/parsed-value.ts'

/** An entry that holds a secret, or a placeholder for one. */
export interface EntryClassification {
  readonly severity: Severity
  /** Evidence for the secret, in words and without the secret. */
  readonly evidence: string
  /**
   * The secret: the whole value, or the password within a URL. Offsets are into the parsed text.
   */
  readonly secret: { readonly text: string; readonly start: number; readonly end: number }
  /** Set when the value is a placeholder: it is counted as suppressed, not reported. */
  readonly flaw?: Suppression
}

/**
 * Tests of values that rules use too. They are parameters because `env-files/` does not import
 * `suppress/`. Each returns a reason in words, or undefined.
 */
export interface ValueTests {
  readonly referenceReason: (text: string) => string | undefined
  readonly placeholderReason: (text: string, madeBy: 'machine' | 'person') => string | undefined
}

const MIN_LENGTH = 4

/**
 * Classifies an entry by its name and value. Returns undefined for values that are no secret:
 * settings, references, encrypted values, and names that only mention secrets (`TOKEN_EXPIRY`).
 * Where dialects read different values, the first that is a secret counts: `#abc` is a comment for
 * one program and a password for another.
 */
export function classifyEntry(
  entry: EnvEntry,
  family: EnvFamily,
  tests: ValueTests,
): EntryClassification | undefined {
  for (const value of [entry, ...entry.alternatives]) {
    const classification = classifyValue({ ...entry, ...defaultValueOf(value) }, family, tests)
    if (classification !== undefined) return classification
  }
  return undefined
}

function classifyValue(
  entry: EnvEntry,
  family: EnvFamily,
  tests: ValueTests,
): EntryClassification | undefined {
  const value = entry.value.trim()
  if (value.length < MIN_LENGTH || tests.referenceReason(value) !== undefined) return undefined
  const name = entryNameOf(entry.key)
  if (name.kind === 'private-key' || name.kind === 'vault-key')
    return classifyDecryptionKey(entry, name.kind === 'private-key' ? 'critical' : 'high', tests)
  if (isAgeIdentity(value)) return classifyDecryptionKey(entry, 'high', tests)
  if (isPrivateKey(value))
    return classificationOf(
      entry,
      {
        severity: name.publicPrefix === undefined ? 'high' : 'critical',
        description: 'a private key',
      },
      tests,
    )
  const inner = innerSecretOf(value)
  if (inner !== undefined) return classifyInnerSecret(entry, inner, family, tests)
  if (name.kind === 'none' || isUrl(value)) return undefined
  if (name.kind === 'unknown') return classifyUnnamed(entry, name, family, tests)
  if (!isCandidate(name.kind, entry, tests)) return undefined
  if (name.publicPrefix !== undefined && (name.isForClients || isClientValue(value)))
    return undefined
  if (name.isForClients || (isClientValue(value) && !value.startsWith('AIza')))
    return classificationOf(
      entry,
      { severity: 'low', description: 'a key that its issuer makes to be public' },
      tests,
    )
  const isRandom = looksRandom(value)
  const isExposed = name.publicPrefix !== undefined && isRandom
  const description = isExposed
    ? `a secret under the public prefix ${name.publicPrefix ?? ''}, which ships it to every visitor`
    : 'a secret by its name'
  return classificationOf(
    entry,
    {
      severity: isExposed ? 'critical' : 'medium',
      description,
      doubt: templateDoubt(family, isRandom),
    },
    tests,
  )
}

/** Token in base 62 that is too long and mixed to be an id or a digest. */
const mixedToken = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z\d]{20,64}$/

/** Classifies a value whose name says nothing: only a long token of every kind of letter counts. */
function classifyUnnamed(
  entry: EnvEntry,
  name: EntryName,
  family: EnvFamily,
  tests: ValueTests,
): EntryClassification | undefined {
  const value = entry.value.trim()
  const isToken = mixedToken.test(value) && genericFlaw(value) === undefined
  const isPublic = name.publicPrefix !== undefined || name.isForClients || isClientValue(value)
  if (!isToken || isPublic || entry.commented) return undefined
  return classificationOf(
    entry,
    {
      severity: family === 'template' ? 'low' : 'medium',
      description: 'a value drawn at random',
    },
    tests,
  )
}

/** Limit of variables nested in default values (`${A:-${B:-…}}`); nobody writes more. */
const MAX_VARIABLE_DEPTH = 4

/**
 * Returns the default of a shell variable, which is a value like any other:
 * `${DB_PASSWORD:-bluebird}` → bluebird. Other values are returned as they are.
 */
function defaultValueOf(value: ParsedValue): ParsedValue {
  let inner = value
  for (let depth = 0; depth < MAX_VARIABLE_DEPTH; depth++) {
    const span = /^\s{0,20}\$\{\w{1,100}:?[-=](?<fallback>[^]{1,4000})\}\s{0,20}$/d.exec(
      inner.value,
    )?.indices?.groups?.['fallback']
    if (span === undefined) return inner
    const hasNoEscapes = inner.value.length === inner.end - inner.start
    inner = {
      value: inner.value.slice(...span),
      start: hasNoEscapes ? inner.start + span[0] : inner.start,
      end: hasNoEscapes ? inner.start + span[1] : inner.end,
    }
  }
  return inner
}

/**
 * True when the kind of name allows the value: a password may be anything but a setting; a token is
 * more than one plain word, unless the word is a placeholder; under a vague name only a value that
 * looks random counts.
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

/**
 * Classifies the secret within a URL or connection string. A password that equals the user name
 * protects nothing and is a placeholder: `app:app@localhost`.
 */
function classifyInnerSecret(
  entry: EnvEntry,
  inner: InnerSecret,
  family: EnvFamily,
  tests: ValueTests,
): EntryClassification | undefined {
  const secret = defaultValueOf(innerValueOf(entry, inner))
  const isRandom = looksRandom(secret.value)
  if (secret.value.length < MIN_LENGTH || (inner.kind === 'query' && !isRandom)) return undefined
  const doubt =
    secret.value === inner.user ? 'it repeats the user name' : templateDoubt(family, isRandom)
  return classificationOf(
    { ...entry, ...secret },
    {
      severity: inner.kind === 'database' ? 'high' : 'medium',
      description: inner.description,
      doubt,
    },
    tests,
  )
}

function templateDoubt(family: EnvFamily, isRandom: boolean): string | undefined {
  return family === 'template' && !isRandom ? 'it is a word in a template' : undefined
}

/**
 * Classifies a key that decrypts other values: of an encrypted `.env` of dotenvx or dotenv-vault
 * (`dotenv://:key_…@dotenv.org/…`), or of age.
 */
function classifyDecryptionKey(
  entry: EnvEntry,
  severity: Severity,
  tests: ValueTests,
): EntryClassification {
  return classificationOf(
    entry,
    { severity, description: 'the key that opens the encrypted values' },
    tests,
  )
}

interface Assessment {
  readonly severity: Severity
  readonly description: string
  /** Reason to treat the value as a placeholder although nothing in the value itself says so. */
  readonly doubt?: string | undefined
}

function classificationOf(
  entry: EnvEntry,
  { severity, description, doubt }: Assessment,
  tests: ValueTests,
): EntryClassification {
  const { key, value: text, start, end, commented } = entry
  const reason = tests.placeholderReason(text, 'person') ?? doubt
  const name = key.includes(text) ? '' : ` ${key}`
  const found = `${description}, in the entry${name}${commented ? ' (commented out)' : ''}`
  return {
    severity,
    evidence: found,
    secret: { text, start, end },
    ...(reason === undefined ? {} : { flaw: { by: 'placeholder', reason } }),
  }
}

/**
 * Returns the inner secret with its offsets in the text. They are exact where value and text have
 * the same length; where escapes were decoded, the whole value is located.
 */
function innerValueOf({ value, start, end }: EnvEntry, inner: InnerSecret): ParsedValue {
  const part = value.trim().slice(inner.start, inner.end)
  const lead = value.length - value.trimStart().length
  if (value.length !== end - start) return { value: part, start, end }
  return { value: part, start: start + lead + inner.start, end: start + lead + inner.end }
}
