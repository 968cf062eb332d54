import { primaryPartOf } from '../findings/primary-part.ts'
import type { Finding, Place, Suppressed, Suppression } from '../../model/model.ts'
import type { AllowEntry, BaselineEntry, Level, Policy } from '../../model/policy.ts'
import { compareSeverity, type Rule } from '../../model/rule.ts'
import { anyGlob } from '../../config/glob.ts'

/** What a policy makes of a finding: what is left of it, and what is not a finding any more. */
export interface Judged {
  readonly finding?: Finding
  readonly suppressed: readonly Suppressed[]
}

interface Allowed {
  readonly entry: AllowEntry
  readonly covers: ((path: string) => boolean) | undefined
}

/**
 * Applies a policy to findings: by their value, and by the paths of their places. A place without a
 * path is never covered by one. Each credential is counted once for each reason, in however many
 * places it is.
 */
export class PolicyJudge {
  readonly #policy: Policy
  readonly #allowed: ReadonlyMap<string, readonly Allowed[]>
  readonly #baseline: ReadonlyMap<string, BaselineEntry>
  readonly #told = new Set<string>()

  /** `inHistory`: the scan is of history, where what the baseline has of history counts. */
  constructor(policy: Policy, inHistory: boolean) {
    this.#policy = policy
    this.#allowed = byFingerprint(policy.allowed)
    this.#baseline = new Map(
      policy.baseline
        .filter((entry) => inHistory || entry.in === 'files')
        .map((entry) => [entry.fingerprint, entry]),
    )
  }

  /** Of a finding as the scan made it. */
  judge(found: Finding): Judged {
    const level = levelOf(found.rule, this.#policy)
    const finding = withLevel(found, level, this.#policy.strict)
    const whole = this.#policy.strict ? undefined : this.#reasonFor(finding, level)
    return whole === undefined
      ? this.judgePlaces(finding)
      : { suppressed: this.#tellOnce(finding, [[whole, finding.places[0]]]) }
  }

  /** Of a finding that was judged, and whose places may have learned their paths since. */
  judgePlaces(finding: Finding): Judged {
    if (this.#policy.strict) return { finding, suppressed: [] }
    const covered: (readonly [Suppression, Place])[] = []
    const [first, ...rest] = finding.places.filter((place) => {
      const reason = this.#reasonAt(finding, place)
      if (reason !== undefined) covered.push([reason, place])
      return reason === undefined
    })
    const suppressed = this.#tellOnce(finding, covered)
    return first === undefined
      ? { suppressed }
      : { finding: this.#withLapse({ ...finding, places: [first, ...rest] }), suppressed }
  }

  /** Why it is none, wherever it is. */
  #reasonFor(
    { fingerprint, rule, parts }: Finding,
    level: Named | undefined,
  ): Suppression | undefined {
    const entry = this.#allowed
      .get(fingerprint)
      ?.find((one) => one.covers === undefined && this.#counts(one.entry))?.entry
    if (entry !== undefined) return allowedBy(entry)
    const known = this.#baseline.get(fingerprint)
    if (known !== undefined)
      return { by: 'baseline', reason: `in the baseline since ${known.date}` }
    if (level?.severity === 'off')
      return {
        by: 'config',
        reason: `${level.name} is off${level.reason === undefined ? '' : `: ${level.reason}`}`,
      }
    const value = this.#policy.allowedValues.find(
      (one) => one.covers === undefined && isAbout(one.rules, rule) && one.matches(valueOf(parts)),
    )
    return value && { by: 'config', reason: `an allowed value: ${value.reason}` }
  }

  /** Why it is none at this place. */
  #reasonAt({ fingerprint, rule, parts }: Finding, { origin }: Place): Suppression | undefined {
    const path = origin.path?.text
    if (path === undefined) return undefined
    const entry = this.#allowed
      .get(fingerprint)
      ?.find((one) => one.covers?.(path) === true && this.#counts(one.entry))?.entry
    if (entry !== undefined) return allowedBy(entry)
    const place = this.#policy.allowedPaths.find(
      (one) => isAbout(one.rules, rule) && one.covers(path),
    )
    if (place !== undefined) return { by: 'path', reason: `an allowed path: ${place.reason}` }
    const value = this.#policy.allowedValues.find(
      (one) =>
        one.covers?.(path) === true && isAbout(one.rules, rule) && one.matches(valueOf(parts)),
    )
    return value && { by: 'config', reason: `an allowed value: ${value.reason}` }
  }

  #withLapse(finding: Finding): Finding {
    const paths = finding.places.flatMap(({ origin }) => origin.path?.text ?? [])
    const lapsed = this.#allowed
      .get(finding.fingerprint)
      ?.find(
        ({ entry, covers }) => !this.#counts(entry) && (covers === undefined || paths.some(covers)),
      )?.entry
    return lapsed === undefined
      ? finding
      : {
          ...finding,
          lapsed: `its allow entry expired on ${lapsed.expires ?? ''}: ${lapsed.reason} (${lapsed.author})`,
        }
  }

  #counts({ expires }: AllowEntry): boolean {
    return expires === undefined || expires >= this.#policy.today
  }

  #tellOnce(
    finding: Finding,
    reasons: readonly (readonly [Suppression, Place])[],
  ): readonly Suppressed[] {
    return reasons.flatMap(([suppression, place]) => {
      const key = `${finding.fingerprint} ${suppression.by} ${suppression.reason}`
      if (this.#told.has(key)) return []
      this.#told.add(key)
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

function byFingerprint(entries: readonly AllowEntry[]): ReadonlyMap<string, readonly Allowed[]> {
  const map = new Map<string, Allowed[]>()
  for (const entry of entries) {
    const known = map.get(entry.fingerprint) ?? []
    map.set(entry.fingerprint, known)
    known.push({ entry, covers: entry.paths && anyGlob(entry.paths) })
  }
  return map
}

function allowedBy({ reason, author, date, expires, ticket }: AllowEntry): Suppression {
  const until = expires === undefined ? '' : `, until ${expires}`
  return {
    by: 'allowlist',
    reason: `${reason} (${author}, ${date}${until}${ticket === undefined ? '' : `, ${ticket}`})`,
  }
}

interface Named extends Level {
  readonly name: string
}

/** What the policy says of a rule: of its id, else of its family, else of its provider. */
function levelOf({ id, family, provider }: Rule, { levels }: Policy): Named | undefined {
  const name = [id, family, provider].find((one) => levels.has(one))
  const level = name === undefined ? undefined : levels.get(name)
  return name === undefined || level === undefined ? undefined : { ...level, name }
}

function withLevel(finding: Finding, level: Named | undefined, strict: boolean): Finding {
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

function isAbout(names: readonly string[] | undefined, { id, family, provider }: Rule): boolean {
  return (
    names === undefined || names.some((name) => name === id || name === family || name === provider)
  )
}

function valueOf([first, ...rest]: Finding['parts']): string {
  return first === undefined ? '' : primaryPartOf([first, ...rest]).secret.reveal()
}
