/**
 * Findings without a fingerprint, which no report can list: values beyond a limit, or found when the
 * scan was stopped. They are judged by the policy, counted in skips, and redacted in all texts.
 */
import type { Finding, Skip, UnnamedFinding } from '../model/model.ts'
import type { UnreportedEvent } from './add-fingerprints.ts'
import type { WeakValueLimits } from '../model/limits.ts'
import { credentialKey } from './findings/conclude.ts'
import type { NoFingerprint } from './findings/fingerprinter.ts'

/** Start of the names of these findings, which no fingerprint has. */
const NAME = 'unreported '

/** Findings of one rule in one blob, without a fingerprint for one reason. */
interface Group {
  readonly reason: NoFingerprint
  /** The first of them, under a name that no report shows. */
  readonly first: Finding
  count: number
}

export class UnreportedFindings {
  readonly #limits: WeakValueLimits
  readonly #groups = new Map<string, Group>()
  /** One finding for each different value, by its parts. */
  readonly #byValue = new Map<string, UnnamedFinding>()

  constructor(limits: WeakValueLimits) {
    this.#limits = limits
  }

  /** Returns the finding with a name of its own, so that a policy can judge it. */
  withName({ finding }: UnreportedEvent): Finding {
    return { ...finding, fingerprint: `${NAME}${this.#byValue.size}` }
  }

  /** Adds a finding that the policy does not suppress. */
  add({ blob, reason }: UnreportedEvent, finding: Finding): void {
    const valueKey = credentialKey(finding)
    if (this.#byValue.has(valueKey)) return
    this.#byValue.set(valueKey, finding)
    const key = `${reason} ${finding.rule.id} ${blob}`
    const group = this.#groups.get(key)
    if (group === undefined) this.#groups.set(key, { reason, first: finding, count: 1 })
    else group.count += 1
  }

  /** True for a finding that has only the name that `withName` gave it. */
  has({ fingerprint }: Finding): boolean {
    return fingerprint.startsWith(NAME)
  }

  /** True when every finding got its fingerprint. */
  get isEmpty(): boolean {
    return this.#groups.size === 0
  }

  /** The first finding of each group, to be attributed, so that its skip can name a path. */
  firsts(): readonly Finding[] {
    return Array.from(this.#groups.values(), ({ first }) => first)
  }

  /** All of them, whose values must not appear in any text. */
  secrets(): readonly Pick<Finding, 'parts'>[] {
    return [...this.#byValue.values()]
  }

  /** Returns the skip of each group whose first finding is among `left`, those the policy leaves. */
  skips(left: readonly Finding[]): readonly Skip[] {
    const byName = new Map(left.map((finding) => [finding.fingerprint, finding]))
    return [...this.#groups.values()].flatMap(({ reason, first, count }) => {
      const finding = byName.get(first.fingerprint)
      if (finding === undefined) return []
      const cause =
        reason === 'limit'
          ? `a scan lists up to ${this.#limits.maxInFile} of one file, ${this.#limits.maxInScan} in all`
          : 'the scan was stopped'
      return [skipOf(finding, cause, count)]
    })
  }
}

function skipOf({ rule, places }: Finding, cause: string, count: number): Skip {
  const { path, object, member } = places[0].origin
  return {
    outcome: 'failed',
    reason: 'unreported',
    ...(path && { path }),
    ...(object !== undefined && { object }),
    ...(member !== undefined && { member }),
    detail: `${count} found by ${rule.id}: ${cause}`,
    ...(count > 1 && { count }),
  }
}
