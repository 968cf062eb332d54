/** Applies the allowlist, the baseline and the configuration to findings. */
import { primaryPartOf } from '../findings/fingerprint.ts'
import type { Finding, Place, Suppressed, Suppression } from '../../model/model.ts'
import type { AllowEntry, BaselineEntry, Level, Policy } from '../../model/policy.ts'
import { compareSeverity, type Rule } from '../../model/rule.ts'
import { anyGlob } from '../../config/glob.ts'

/**
 * A finding after the policy: the finding without its suppressed places, if any is left, and the
 * suppressed ones.
 */
export interface PolicyOutcome {
  readonly finding?: Finding
  readonly suppressed: readonly Suppressed[]
}

interface AllowRule {
  readonly entry: AllowEntry
  readonly covers: ((path: string) => boolean) | undefined
}

/**
 * Applies a policy to findings, by their value and by the paths of their places. A path never
 * covers a place without a path. Each credential is reported as suppressed once for each reason,
 * however many places it has.
 */
export class PolicyJudge {
  readonly #policy: Policy
  readonly #allowed: ReadonlyMap<string, readonly AllowRule[]>
  readonly #baseline: ReadonlyMap<string, BaselineEntry>
  readonly #reported = new Set<string>()

  /** With `inHistory` the baseline entries of history count too. */
  constructor(policy: Policy, inHistory: boolean) {
    this.#policy = policy
    this.#allowed = byFingerprint(policy.allowed)
    this.#baseline = new Map(
      policy.baseline
        .filter((entry) => inHistory || entry.in === 'files')
        .map((entry) => [entry.fingerprint, entry]),
    )
  }

  /** Applies the policy to a finding as the engine made it. */
  judge(original: Finding): PolicyOutcome {
    const level = levelOf(original.rule, this.#policy)
    const finding = withLevel(original, level, this.#policy.strict)
    const suppression = this.#policy.strict ? undefined : this.#reasonFor(finding, level)
    return suppression === undefined
      ? this.judgePlaces(finding)
      : { suppressed: this.#reportOnce(finding, [[suppression, finding.places[0]]]) }
  }

  /**
   * Applies the path rules again to a finding whose places may have got their paths from
   * attribution.
   */
  judgePlaces(finding: Finding): PolicyOutcome {
    if (this.#policy.strict) return { finding, suppressed: [] }
    const covered: (readonly [Suppression, Place])[] = []
    const [first, ...rest] = finding.places.filter((place) => {
      const reason = this.#reasonAt(finding, place)
      if (reason !== undefined) covered.push([reason, place])
      return reason === undefined
    })
    const suppressed = this.#reportOnce(finding, covered)
    return first === undefined
      ? { suppressed }
      : { finding: this.#withLapsedEntry({ ...finding, places: [first, ...rest] }), suppressed }
  }

  /** Returns the suppression of a whole finding, wherever its places are. */
  #reasonFor(
    { fingerprint, rule, parts }: Finding,
    level: NamedLevel | undefined,
  ): Suppression | undefined {
    const allowRule = this.#allowed
      .get(fingerprint)
      ?.find(({ entry, covers }) => covers === undefined && this.#isInForce(entry))
    if (allowRule !== undefined) return allowSuppression(allowRule.entry)
    const baselineEntry = this.#baseline.get(fingerprint)
    if (baselineEntry !== undefined)
      return { by: 'baseline', reason: `in the baseline since ${baselineEntry.date}` }
    if (level?.severity === 'off')
      return {
        by: 'config',
        reason: `${level.name} is off${level.reason === undefined ? '' : `: ${level.reason}`}`,
      }
    const value = this.#policy.allowedValues.find(
      ({ covers, rules, matches }) =>
        covers === undefined && namesRule(rules, rule) && matches(primaryValueOf(parts)),
    )
    return value && { by: 'config', reason: `an allowed value: ${value.reason}` }
  }

  /** Returns the suppression of a finding at one place. */
  #reasonAt({ fingerprint, rule, parts }: Finding, { origin }: Place): Suppression | undefined {
    const path = origin.path?.text
    if (path === undefined) return undefined
    const allowRule = this.#allowed
      .get(fingerprint)
      ?.find(({ entry, covers }) => covers?.(path) === true && this.#isInForce(entry))
    if (allowRule !== undefined) return allowSuppression(allowRule.entry)
    const allowedPath = this.#policy.allowedPaths.find(
      ({ rules, covers }) => namesRule(rules, rule) && covers(path),
    )
    if (allowedPath !== undefined)
      return { by: 'path', reason: `an allowed path: ${allowedPath.reason}` }
    const value = this.#policy.allowedValues.find(
      ({ covers, rules, matches }) =>
        covers?.(path) === true && namesRule(rules, rule) && matches(primaryValueOf(parts)),
    )
    return value && { by: 'config', reason: `an allowed value: ${value.reason}` }
  }

  #withLapsedEntry(finding: Finding): Finding {
    const paths = finding.places.flatMap(({ origin }) => origin.path?.text ?? [])
    const lapsed = this.#allowed
      .get(finding.fingerprint)
      ?.find(
        ({ entry, covers }) =>
          !this.#isInForce(entry) && (covers === undefined || paths.some(covers)),
      )?.entry
    return lapsed === undefined
      ? finding
      : {
          ...finding,
          lapsed: `its allow entry expired on ${lapsed.expires ?? ''}: ${lapsed.reason} (${lapsed.author})`,
        }
  }

  #isInForce({ expires }: AllowEntry): boolean {
    return expires === undefined || expires >= this.#policy.today
  }

  #reportOnce(
    finding: Finding,
    reasons: readonly (readonly [Suppression, Place])[],
  ): readonly Suppressed[] {
    return reasons.flatMap(([suppression, place]) => {
      const key = `${finding.fingerprint} ${suppression.by} ${suppression.reason}`
      if (this.#reported.has(key)) return []
      this.#reported.add(key)
      return [
        {
          rule: finding.rule.id,
          suppression,
          redacted: finding.parts[0]?.redacted ?? '',
          place,
          finding,
        },
      ]
    })
  }
}

function byFingerprint(entries: readonly AllowEntry[]): ReadonlyMap<string, readonly AllowRule[]> {
  const map = new Map<string, AllowRule[]>()
  for (const entry of entries) {
    const rules = map.get(entry.fingerprint) ?? []
    map.set(entry.fingerprint, rules)
    rules.push({ entry, covers: entry.paths && anyGlob(entry.paths) })
  }
  return map
}

function allowSuppression({ reason, author, date, expires, ticket }: AllowEntry): Suppression {
  const until = expires === undefined ? '' : `, until ${expires}`
  return {
    by: 'allowlist',
    reason: `${reason} (${author}, ${date}${until}${ticket === undefined ? '' : `, ${ticket}`})`,
  }
}

interface NamedLevel extends Level {
  readonly name: string
}

/** Returns the configured level of a rule: by its id, else its family, else its provider. */
function levelOf({ id, family, provider }: Rule, { levels }: Policy): NamedLevel | undefined {
  const name = [id, family, provider].find((selector) => levels.has(selector))
  const level = name === undefined ? undefined : levels.get(name)
  return name === undefined || level === undefined ? undefined : { ...level, name }
}

function withLevel(finding: Finding, level: NamedLevel | undefined, strict: boolean): Finding {
  if (level === undefined || level.severity === 'off' || level.severity === finding.severity)
    return finding
  if (strict && compareSeverity(level.severity, finding.severity) < 0) return finding
  return {
    ...finding,
    severity: level.severity,
    explanation: [
      ...finding.explanation,
      `the configuration makes ${level.name} ${level.severity} instead of ${finding.severity}`,
    ],
  }
}

function namesRule(names: readonly string[] | undefined, { id, family, provider }: Rule): boolean {
  return (
    names === undefined || names.some((name) => name === id || name === family || name === provider)
  )
}

function primaryValueOf([first, ...rest]: Finding['parts']): string {
  return first === undefined ? '' : primaryPartOf([first, ...rest]).secret.reveal()
}

/**
 * Marks the findings that a proposed policy (one that is not merged yet) would suppress, with the
 * reason. Suppresses none.
 */
export function withProposals(findings: readonly Finding[], policy: Policy): readonly Finding[] {
  const judge = new PolicyJudge(policy, false)
  return findings.map((finding) => {
    const outcome = judge.judge(finding)
    const proposed =
      finding.proposed ??
      (outcome.finding === undefined ? outcome.suppressed[0]?.suppression : undefined)
    return proposed === undefined ? finding : { ...finding, proposed }
  })
}
