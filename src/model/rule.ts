/** Compiled rules, and the order of severities. */

/** From the least severe to the most severe. */
export const severities = ['low', 'medium', 'high', 'critical'] as const

export type Severity = (typeof severities)[number]

/**
 * Returns a negative number, zero or a positive number when `a` is less, equally or more severe
 * than `b`.
 */
export function compareSeverity(a: Severity, b: Severity): number {
  return severities.indexOf(a) - severities.indexOf(b)
}

export function worseOf(a: Severity, b: Severity): Severity {
  return compareSeverity(a, b) > 0 ? a : b
}

/**
 * Role of a secret within its credential: `id` names the credential, `secret` proves it, `token`
 * accompanies temporary ones.
 */
export type Role = 'id' | 'secret' | 'token'

/** Facts that can be read from a credential offline: account, region, expiry. */
export type Facts = Readonly<Record<string, string>>

/** A literal that must occur before a pattern is tried. At least four bytes of ASCII. */
export interface Keyword {
  readonly text: string
  readonly ignoreCase: boolean
  /**
   * True for a text of three bytes or more that begins a token: it counts only behind one of the
   * characters of `BEFORE_TOKEN`.
   */
  readonly isStart?: true
  /**
   * The keyword counts only where this stands behind it: a run of characters like a value, that or
   * a word in quotes, or `user:password@`. For words that are everywhere, so that nothing else
   * runs around most of them.
   */
  readonly beside?: Beside
}

export const besides = ['value', 'word', 'login'] as const
export type Beside = (typeof besides)[number]

/**
 * Readers of entries, for a part whose values are judged by their names. `names` reads names and
 * values around the keyword, `kubernetes` the entries of a Secret, `csv` the columns of a table.
 * `password` and `token` are the name of whatever the part's pattern finds.
 */
export const entryReaders = ['names', 'kubernetes', 'csv', 'password', 'token'] as const
export type EntryReader = (typeof entryReaders)[number]

/**
 * An offline check of a secret's form, such as its checksum or alphabet, which may also return
 * facts.
 */
export type Validator = (
  text: string,
) =>
  | { readonly valid: true; readonly facts?: Facts }
  | { readonly valid: false; readonly reason: string }

/**
 * A note on the pairing of a part. `named`: its name is that of a secret, so that it belongs to an
 * id at any distance. `tokens`: an id in a signed address, which belongs to no secret.
 */
export type PairingNote = 'named' | 'tokens'

/** The search for one secret of a rule. */
export interface RulePart {
  readonly role: Role
  readonly keywords: readonly Keyword[]
  /** A pattern with the flags `dg` (and `i`). The secret is its group `secret`. */
  readonly pattern: RegExp
  /**
   * The pattern as its rule has it: `pattern` accepts markup as the border of a token too. Absent
   * when both are the same.
   */
  readonly source?: string
  /** Bytes that the pattern sees on each side of a keyword. A match lies within them. */
  readonly window: number
  /** Minimum Shannon entropy of the secret in bits per character; 0 for none. */
  readonly minEntropy: number
  readonly validator: Validator | undefined
  /** Set when the values are judged as entries (`src/scan/entries/`). */
  readonly entry?: EntryReader
  /**
   * Severity when no other part of the credential is found; `never`: the part only counts beside an
   * `id`.
   */
  readonly alone: Severity | 'never'
  readonly pairs?: PairingNote
}

/** A kind of credential, with the search for its secrets. */
export interface Rule {
  readonly id: string
  /**
   * Name that fingerprints depend on. Rules that find the same values share it, and it stays when
   * an id changes.
   */
  readonly family: string
  readonly provider: string
  /** A noun phrase without a full stop: "AWS access key". */
  readonly description: string
  /** Severity of the whole credential. */
  readonly severity: Severity
  /**
   * A value chosen by a person may be guessable: its fingerprint is slow to compute, and no part of
   * it is shown.
   */
  readonly madeBy: 'machine' | 'person'
  /** True when a more specific rule takes precedence for the same bytes. */
  readonly generic: boolean
  /** True for a rule of the user, absent for a built-in one. */
  readonly own?: true
  /**
   * True when the rule also searches text that is escaped, cut into pieces or encoded in base64.
   */
  readonly views?: true
  /** Empty for rules whose secrets are found by other code, such as `env-files/`. */
  readonly parts: readonly RulePart[]
  /** One sentence: the first step for the owner. */
  readonly remedy: string
  readonly references: readonly string[]
}
