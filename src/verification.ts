/** What a provider says of a credential. Types only. */

/** Whom a provider takes a credential for. */
export interface Identity {
  readonly account: string
  readonly arn: string
  readonly userId: string
  readonly kind: 'root' | 'user' | 'role' | 'federated' | 'other'
}

/** Whether a credential still works, as far as its provider was asked. `mismatch`: the id is live, the secret is not its own. */
export interface Verification {
  readonly status: 'live' | 'inactive' | 'expired' | 'mismatch' | 'unknown' | 'not-tried'
  /** Why it is so, in one line and without the secret. */
  readonly reason?: string
  readonly identity?: Identity
}
