/**
 * Decides whether the value of an entry in a text of any language is a secret, from the name, the
 * value and the syntax. `judge-entry.ts` does the same for files that hold nothing but entries.
 */
import type { Suppression } from '../../model/model.ts'
import type { Severity } from '../../model/rule.ts'
import { genericFlaw } from '../../rules/validators/generic-secret.ts'
import { shannon } from '../../rules/validators/entropy.ts'
import type { TextEntry } from './entry.ts'
import { type EntryName, entryNameOf } from './entry-name.ts'
import { isClientValue, isPlainValue, isWordy } from './entry-value.ts'
import type { ValueTests } from './judge-entry.ts'

/** The judgement of an entry that holds a secret, or a placeholder for one. */
export interface TextVerdict {
  readonly severity: Severity
  /** Evidence for the secret, in words and without the secret. */
  readonly evidence: string
  /** True for a value that a machine drew, which is one wherever it stands. */
  readonly isRandom: boolean
  /** Set when the value is a placeholder: it is counted as suppressed, not reported. */
  readonly flaw?: Suppression
}

/** Shortest values: of a password in quotes, and of all others. */
const MIN_PASSWORD_LENGTH = 6
const MIN_LENGTH = 8

/**
 * Likeness to a secret. `random`: drawn by a machine. `strong`: at least three kinds of characters,
 * as rules for passwords ask for. `plain`: anything else that is no setting.
 */
type Strength = 'random' | 'strong' | 'plain'

/** Headers of HTTP whose value is a credential. */
const headerName = /^(?:proxy-)?authorization$|^x-auth(?:-|$)|^_?auth$/i

/** Functions that take a name, a prompt or a value to check, and never a new secret. */
const readingVerb =
  /^_{0,2}(?:get|read|fetch|find|load|lookup|has|is|check|verify|validate|match|compare|hash|encrypt|decrypt|encode|decode|generate|create|make|new|prompt|ask|enter|require|assert|expect|test|should|it|describe|delete|remove|revoke|parse|format|print|log|show|reset|forgot|extract|contains|equals|by|on|handle|render|visit|click|fill)(?:[A-Z_]|$)/

/** Returns the verdict on an entry, or undefined for what is no secret. */
export function judgeText(entry: TextEntry, tests: ValueTests): TextVerdict | undefined {
  const name = nameOf(entry)
  const login = name.kind === 'token' ? loginIn(entry) : undefined
  if (login !== undefined) return judgeText(login, tests)
  if (name.kind === 'none' || name.kind === 'unknown' || !isPossible(entry, name, tests))
    return undefined
  const flaw = tests.placeholderReason(entry.value, 'person')
  if (flaw !== undefined)
    return name.kind === 'vague'
      ? undefined
      : { ...verdictOf(entry, 'low', 'plain'), flaw: { by: 'placeholder', reason: flaw } }
  const strength = strengthOf(entry)
  const severity = severityOf(entry, name, strength)
  return severity === undefined ? undefined : verdictOf(entry, severity, strength)
}

/** Returns `user:password` in base64 as the entry of that password, or undefined. */
function loginIn(entry: TextEntry): TextEntry | undefined {
  if (entry.decoded || !/^[A-Za-z0-9+/_-]{8,400}={0,2}$/.test(entry.value)) return undefined
  const text = Buffer.from(entry.value, 'base64').toString('latin1')
  const [user, password] =
    /^([\x21-\x39\x3b-\x7e]{0,100}):([\x21-\x7e]{3,200})$/.exec(text)?.slice(1) ?? []
  if (user === undefined || password === undefined) return undefined
  return { ...entry, name: 'password', value: password, user, delimited: true, decoded: true }
}

function verdictOf(
  { name, value, syntax }: TextEntry,
  severity: Severity,
  strength: Strength,
): TextVerdict {
  const shownName = name.includes(value) ? '' : `, ${name}`
  return {
    severity,
    evidence: `a secret by its name${shownName} (${syntax})`,
    isRandom: strength === 'random',
  }
}

function nameOf({ name, syntax }: TextEntry): EntryName {
  const meaning = entryNameOf(name)
  if (syntax === 'call' && readingVerb.test(name.slice(name.lastIndexOf('.') + 1)))
    return { ...meaning, kind: 'none' }
  return meaning.kind === 'vague' && headerName.test(name) ? { ...meaning, kind: 'token' } : meaning
}

/** False for values that no secret has, in this syntax and under this name. */
function isPossible(
  entry: TextEntry,
  { kind, isForClients, publicPrefix }: EntryName,
  tests: ValueTests,
): boolean {
  const { value, delimited } = entry
  if (value.length < (kind === 'password' && delimited ? MIN_PASSWORD_LENGTH : MIN_LENGTH))
    return false
  if (isForClients || isClientValue(value)) return false
  // The key of an API that a page gets is made for the page more often than not.
  if (publicPrefix !== undefined && /(?:api|access)[_.-]?(?:key|token)/i.test(entry.name))
    return false
  // A scope of a signed request, `x/20300101/eu-west-1/…`, names a key.
  if (/[^\x21-\x7e]|\\[nrt]|^@|^--|\/\d{8}\/[a-z]/.test(value)) return false
  if (isExpression(value) || (entry.syntax === 'markup' && /\(\)|^[().]/.test(value))) return false
  if (tests.referenceReason(value) !== undefined || isPlainValue(value)) return false
  return delimited || !isCode(value)
}

/** True for a regular expression. */
function isExpression(value: string): boolean {
  return /\(\?[:!<=]|\[\^?(?:[\w+/]-\w)|\{\d{1,5}(?:,\d{0,5})?\}/.test(value)
}

/** True for an expression of a program, which stands where an unquoted value could. */
function isCode(value: string): boolean {
  return (
    /[()[\]{}|\\]|^[$@%&!*#.-]|[$@%]\w|->|::|&&|\+\+|==|^\/\//.test(value) ||
    /^[A-Za-z_]\w{0,60}(?:[.?!]{1,2}[A-Za-z_]\w{0,60}){1,8}$/.test(value)
  )
}

/**
 * Returns why a value in a program is no secret. Inside quotes a password may hold any sign that is
 * no template.
 */
function flawOfValue({ value, delimited }: TextEntry): string | undefined {
  const isTemplate =
    /[$#]\{|\{\{|%[sdvq(]|%\w{1,40}%|^<.{0,80}>$|\$[A-Z_]{3}|\$\(|\w\(.{0,40}\)/.test(value)
  return genericFlaw(delimited && !isTemplate ? value.replaceAll(/[{}()<>$%]/g, '-') : value)
}

function strengthOf(entry: TextEntry): Strength {
  const { value } = entry
  const isMachineMade = flawOfValue(entry) === undefined && shannon(value) >= 3
  if (value.length >= 16 && isMachineMade) return 'random'
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(value)).length
  // A word with a number is a name; with a sign as well it is what rules for passwords ask for.
  const isName =
    (isWordy(value) && !(/\d/.test(value) && /[!@#$%^&*?]/.test(value))) || isNumbered(value)
  return kinds >= 3 && new Set(value).size >= 6 && !isName ? 'strong' : 'plain'
}

/** True for words with a date or a serial number behind them: `test-password-20300101`. */
function isNumbered(value: string): boolean {
  return /^(?:[a-z]{2,15}[-_.]){1,6}\d{1,8}$/.test(value) && isWordy(value.replace(/\d+$/, ''))
}

/** Returns the severity, or undefined when name, value and syntax together say too little. */
function severityOf(
  entry: TextEntry,
  { kind }: EntryName,
  strength: Strength,
): Severity | undefined {
  const { value, delimited, syntax } = entry
  if (kind === 'private-key' || kind === 'vault-key') return 'high'
  if (kind === 'vague')
    return strength === 'random' && value.length >= 20 && isMixed(value) ? 'low' : undefined
  if (strength === 'random') return 'medium'
  const flaw = flawOfValue(entry)
  if (flaw !== undefined && flaw !== 'made of words') return undefined
  if (kind === 'token') return strength === 'strong' && /\d/.test(value) ? 'low' : undefined
  if (syntax === 'prose') return strength === 'strong' ? 'low' : undefined
  if (strength === 'strong') return 'medium'
  return delimited && syntax !== 'argument' && syntax !== 'call' && !isLabel(value)
    ? 'low'
    : undefined
}

/** True for a value with digits that is no name of a program: `getItemById2`. */
function isMixed(value: string): boolean {
  return /\d/.test(value) && !isWordy(value) && !/^[a-z]+(?:[A-Z][a-z]+)+\d{0,2}$/.test(value)
}

/** True for a word that a page shows, or that names a field. */
function isLabel(value: string): boolean {
  if (isWordy(value) && entryNameOf(value).kind !== 'unknown') return true
  return /^[A-Z]?[a-z]+$/.test(value)
    ? /^[A-Z]/.test(value)
    : isWordy(value) && /[A-Z_.:/-]/.test(value)
}
