/** What a provider says of a credential. Types only. */

/** Whom a provider takes a credential for. */
export interface Identity {
  readonly account: string
  readonly arn: string
  readonly userId: string
  readonly kind: 'root' | 'user' | 'role' | 'federated' | 'other'
}

/** Uses of a key that CloudTrail logged in one region. */
export interface KeyEvents {
  readonly region: string
  /** How many were read. */
  readonly count: number
  /** There are more than were read. */
  readonly more?: true
  /** ISO 8601. */
  readonly first?: string
  readonly last?: string
  /** `s3.amazonaws.com GetObject`, the most frequent first, with how often. */
  readonly names: readonly { readonly name: string; readonly count: number }[]
}

/**
 * What the owner's own account says of a key id, asked without using the key. What could not be
 * asked is in `refused`.
 */
export interface KeyRecord {
  /** The profile that asked, and whom AWS takes it for. */
  readonly profile: string
  readonly askedAs?: string
  readonly account?: string
  readonly user?: string
  /** `Missing`: the user has no such key any more. */
  readonly status?: 'Active' | 'Inactive' | 'Missing'
  /** ISO 8601. */
  readonly created?: string
  readonly ageDays?: number
  /** Older than ninety days: it should have been rotated. */
  readonly isOld?: true
  /** Null for never. */
  readonly lastUsed?: {
    readonly date: string
    readonly service: string
    readonly region: string
  } | null
  /** Names of policies, attached, of its own or by a group, as `group/policy`. */
  readonly policies?: readonly string[]
  /** One of them allows everything. */
  readonly isAdministrator?: true
  /** The policy by which AWS has quarantined the user. */
  readonly quarantine?: string
  /** In the regions that were asked. */
  readonly events?: readonly KeyEvents[]
  /** From when on events were asked for, ISO 8601. */
  readonly eventsSince?: string
  /** What could not be asked, and why: `iam:ListAccessKeys: AccessDenied`. */
  readonly refused: readonly string[]
}

/**
 * Whether a credential still works, as far as its provider was asked. `mismatch`: the id is live,
 * the secret is not its own.
 */
export interface Verification {
  readonly status: 'live' | 'inactive' | 'expired' | 'mismatch' | 'unknown' | 'not-tried'
  /** Why it is so, in one line and without the secret. */
  readonly reason?: string
  readonly identity?: Identity
  /** The partition of AWS that answered: `aws`, `aws-us-gov`, `aws-cn`, `aws-eusc`. */
  readonly partition?: string
  /** What the owner's own profile could learn of the id. */
  readonly record?: KeyRecord
}
