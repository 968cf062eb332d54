/** Lifetimes of credentials, and the periods into which the timeline divides time. */
import type { PageFinding } from '../src/report/html/model.ts'

/** All severities, from the worst to the mildest. */
export const severityNames = ['critical', 'high', 'medium', 'low'] as const

const DAY_MS = 86_400_000

/** Maximum number of periods. A commit may claim any year, so the span may be millennia. */
const MAX_PERIODS = 400

/** A period of the timeline. Times are milliseconds since 1970; `to` is exclusive. */
export interface Period {
  readonly from: number
  readonly to: number
  readonly label: string
  /** The number of credentials introduced in the period, by severity. */
  readonly introduced: Readonly<Record<PageFinding['severity'], number>>
  /** The number of credentials removed from HEAD in the period. */
  readonly removed: number
  /** The number of credentials in HEAD at the end of the period. */
  readonly inHead: number
}

/**
 * The times at which a credential was introduced and removed from HEAD. `removed` is `Infinity` if
 * it is still in HEAD, and undefined if the time is unknown.
 */
export interface Lifetime {
  readonly introduced: number
  readonly removed: number | undefined
}

type Step = 'day' | 'month' | 'quarter' | 'year'

type Interval = Pick<Period, 'from' | 'to' | 'label'>

/** The lifetime of a finding, or undefined if its introduction is unknown. */
export function lifetimeOf({ first, removed, inHead }: PageFinding): Lifetime | undefined {
  const introduced = first === null ? Number.NaN : Date.parse(first.date)
  if (Number.isNaN(introduced)) return undefined
  if (inHead === true) return { introduced, removed: Infinity }
  const removal = removed === null ? Number.NaN : Date.parse(removed.date)
  return { introduced, removed: Number.isNaN(removal) ? undefined : removal }
}

/** Divides the time from the first introduction to `end` into equal periods, usually up to 45. */
export function periodsOf(findings: readonly PageFinding[], end: number): readonly Period[] {
  const lifetimes = findings.flatMap((finding) => {
    const lifetime = lifetimeOf(finding)
    return lifetime === undefined ? [] : [{ ...lifetime, severity: finding.severity }]
  })
  if (lifetimes.length === 0) return []
  const first = lifetimes.reduce(
    (earliest, { introduced }) => Math.min(earliest, introduced),
    Infinity,
  )
  const last = lifetimes.reduce(
    (latest, { introduced, removed = 0 }) =>
      Math.max(latest, introduced, removed === Infinity ? 0 : removed),
    end,
  )
  return intervals(first, last).map(({ from, to, label }) => {
    const isWithin = (time: number): boolean => time >= from && time < to
    const introduced = { critical: 0, high: 0, medium: 0, low: 0 }
    let [removed, inHead] = [0, 0]
    for (const lifetime of lifetimes) {
      if (isWithin(lifetime.introduced)) introduced[lifetime.severity] += 1
      if (lifetime.removed === undefined) continue
      if (isWithin(lifetime.removed)) removed += 1
      if (lifetime.introduced < to && lifetime.removed >= to) inHead += 1
    }
    return { from, to, label, introduced, removed, inHead }
  })
}

function intervals(first: number, last: number): readonly Interval[] {
  const step = stepFor((last - first) / DAY_MS)
  const list: Interval[] = []
  let from = startOf(first, step)
  while (from <= last && list.length < MAX_PERIODS) {
    const to = nextStart(from, step)
    list.push({ from, to, label: labelOf(from, step) })
    from = to
  }
  return list
}

function stepFor(days: number): Step {
  if (days <= 45) return 'day'
  if (days <= 365 * 3.5) return 'month'
  return days <= 365 * 12 ? 'quarter' : 'year'
}

function startOf(time: number, step: Step): number {
  const date = new Date(time)
  const month = date.getUTCMonth()
  if (step === 'day') return utc(date.getUTCFullYear(), month, date.getUTCDate())
  return utc(
    date.getUTCFullYear(),
    step === 'year' ? 0 : step === 'quarter' ? month - (month % 3) : month,
    1,
  )
}

function nextStart(from: number, step: Step): number {
  const date = new Date(from)
  if (step === 'day') return from + DAY_MS
  return utc(
    date.getUTCFullYear(),
    date.getUTCMonth() + { month: 1, quarter: 3, year: 12 }[step],
    1,
  )
}

/** Like `Date.UTC`, which maps the years 0 to 99 to the twentieth century. */
function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day)
}

function labelOf(from: number, step: Step): string {
  const iso = new Date(from).toISOString()
  const year = iso.slice(0, iso.indexOf('-', 1))
  if (step === 'year') return year
  if (step === 'quarter') return `${year} Q${Math.floor(new Date(from).getUTCMonth() / 3) + 1}`
  return iso.slice(0, step === 'month' ? 7 : 10)
}
