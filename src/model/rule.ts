/** What is looked for: the nouns of `patterns/`, compiled. Types, and the order of severities. */

/** From the least to the worst. */
export const severities = ['low', 'medium', 'high', 'critical'] as const

export type Severity = (typeof severities)[number]

/** Negative, zero or positive as `a` is less, equally or more severe than `b`. */
export function compareSeverity(a: Severity, b: Severity): number {
  return severities.indexOf(a) - severities.indexOf(b)
}

export function worseOf(one: Severity, other: Severity): Severity {
  return compareSeverity(one, other) > 0 ? one : other
}

/**
 * What a secret is within its credential. `secret` opens the door; `id` names it; `token` goes with
 * temporary ones.
 */
export type Role = 'id' | 'secret' | 'token'

/** What can be said of a secret without asking anybody: account, region, expiry. */
export type Facts = Readonly<Record<string, string>>

/** A literal that must be there for a pattern to be tried. At least four bytes of ASCII. */
export interface Keyword {
  readonly text: string
  readonly ignoreCase: boolean
}

/** An offline check of a secret's form: its checksum, its alphabet, what it says of itself. */
export type Validator = (
  text: string,
) =>
  | { readonly valid: true; readonly facts?: Facts }
  | { readonly valid: false; readonly reason: string }

/** How one secret of a rule is found. */
export interface RulePart {
  readonly role: Role
  readonly keywords: readonly Keyword[]
  /** Flags `dg` (and `i`), with the named group `secret`: that group is the span. */
  readonly pattern: RegExp
  /** Bytes decoded on each side of a keyword; a match lies within. */
  readonly window: number
  /** Shannon bits per character the secret has at least; 0 for no floor. */
  readonly minEntropy: number
  readonly validator: Validator | undefined
  /**
   * Severity when no other part of the credential is found; `never`: it only counts beside an `id`.
   */
  readonly alone: Severity | 'never'
}

/** One kind of credential, and how its secrets are found. */
export interface Rule {
  readonly id: string
  /**
   * What fingerprints are bound to: rules that find the same values share it, and it outlives their
   * ids.
   */
  readonly family: string
  readonly provider: string
  /** A noun phrase without a full stop: "AWS access key". */
  readonly description: string
  /** Severity of the whole credential. */
  readonly severity: Severity
  /**
   * A person's choice may be guessable, so its fingerprint is slow to make and it is never shown in
   * part.
   */
  readonly madeBy: 'machine' | 'person'
  /** Gives way to a rule that knows the provider when both find the same bytes. */
  readonly generic: boolean
  /** The user's, not one that ships. */
  readonly own?: true
  /** Is it also looked for where text is escaped, in pieces or in base64? */
  readonly views?: true
  /**
   * Empty for rules whose secrets are found by code of their own, such as the judge of `.env`
   * entries.
   */
  readonly parts: readonly RulePart[]
  /** One sentence: what the owner does first. */
  readonly remedy: string
  readonly references: readonly string[]
}
