/** Answers of a provider about a credential. Types only. */

/** The identity that a provider reports for a credential. */
export interface Identity {
  readonly account: string
  readonly arn: string
  readonly userId: string
  readonly kind: 'root' | 'user' | 'role' | 'federated' | 'other'
}

/** Uses of a key that CloudTrail logged in one region. */
export interface KeyEvents {
  readonly region: string
  /** Number of events read. */
  readonly count: number
  /** True when there are more events than were read. */
  readonly more?: true
  /** ISO 8601. */
  readonly first?: string
  readonly last?: string
  /** Events by name, the most frequent first: `s3.amazonaws.com GetObject`. */
  readonly names: readonly { readonly name: string; readonly count: number }[]
}

/**
 * Facts about a key id from the owner's own account, read without using the key. Queries that were
 * refused are in `refused`.
 */
export interface KeyRecord {
  /** The profile used for the queries, and its identity. */
  readonly profile: string
  readonly askedAs?: string
  readonly account?: string
  readonly user?: string
  /** `Missing`: the user has no such key any more. */
  readonly status?: 'Active' | 'Inactive' | 'Missing'
  /** ISO 8601. */
  readonly created?: string
  readonly ageDays?: number
  /** True when older than ninety days: it should have been rotated. */
  readonly isOld?: true
  /** Null when it was never used. */
  readonly lastUsed?: {
    readonly date: string
    readonly service: string
    readonly region: string
  } | null
  /** Names of policies, attached, inline or through a group, as `group/policy`. */
  readonly policies?: readonly string[]
  /** True when one of the policies allows everything. */
  readonly isAdministrator?: true
  /** The policy by which AWS has quarantined the user. */
  readonly quarantine?: string
  /** Events of the regions that were queried. */
  readonly events?: readonly KeyEvents[]
  /** Start of the period that was queried, ISO 8601. */
  readonly eventsSince?: string
  /** Queries that were refused, and why: `iam:ListAccessKeys: AccessDenied`. */
  readonly refused: readonly string[]
}

/**
 * Whether a credential still works, according to its provider. `mismatch`: the id is live, but the
 * secret does not belong to it.
 */
export interface Verification {
  readonly status: 'live' | 'inactive' | 'expired' | 'mismatch' | 'unknown' | 'not-tried'
  /** Reason for the status, in one line and without the secret. */
  readonly reason?: string
  readonly identity?: Identity
  /** The AWS partition that answered: `aws`, `aws-us-gov`, `aws-cn`, `aws-eusc`. */
  readonly partition?: string
  /** Facts about the key id that the owner's own profile could read. */
  readonly record?: KeyRecord
}
