import type { PageFinding } from '../src/report/html/model.ts'

/** From the worst to the least. */
export const severityNames = ['critical', 'high', 'medium', 'low'] as const

/**
 * A stretch of time, and what came and went in it. Times are milliseconds since 1970; `to` is not
 * in it.
 */
export interface Period {
  readonly from: number
  readonly to: number
  readonly label: string
  readonly came: Readonly<Record<PageFinding['severity'], number>>
  readonly left: number
  /** How many HEAD held at its end. */
  readonly held: number
}

/**
 * When a finding came, and when it left HEAD: `Infinity` where HEAD has it, `undefined` where
 * history does not tell.
 */
export interface Life {
  readonly came: number
  readonly left: number | undefined
}

type Step = 'day' | 'month' | 'quarter' | 'year'

const dayMs = 86_400_000

/** What history says of a finding's time, if it says anything. */
export function lifeOf({ first, removed, inHead }: PageFinding): Life | undefined {
  const came = first === null ? Number.NaN : Date.parse(first.date)
  if (Number.isNaN(came)) return undefined
  if (inHead === true) return { came, left: Infinity }
  const left = removed === null ? Number.NaN : Date.parse(removed.date)
  return { came, left: Number.isNaN(left) ? undefined : left }
}

/** All time from the first finding to the end in equal steps, at most some forty. */
export function periodsOf(findings: readonly PageFinding[], end: number): readonly Period[] {
  const lives = findings.flatMap((finding) => {
    const life = lifeOf(finding)
    return life === undefined ? [] : [{ ...life, severity: finding.severity }]
  })
  if (lives.length === 0) return []
  const first = lives.reduce((least, { came }) => Math.min(least, came), Infinity)
  const last = lives.reduce(
    (most, { came, left = 0 }) => Math.max(most, came, left === Infinity ? 0 : left),
    end,
  )
  return stretches(first, last).map(({ from, to, label }) => {
    const within = (time: number): boolean => time >= from && time < to
    const came = { critical: 0, high: 0, medium: 0, low: 0 }
    let [left, held] = [0, 0]
    for (const life of lives) {
      if (within(life.came)) came[life.severity] += 1
      if (life.left === undefined) continue
      if (within(life.left)) left += 1
      if (life.came < to && life.left >= to) held += 1
    }
    return { from, to, label, came, left, held }
  })
}

function stretches(first: number, last: number): readonly Pick<Period, 'from' | 'to' | 'label'>[] {
  const step = stepFor((last - first) / dayMs)
  const found: { from: number; to: number; label: string }[] = []
  // A commit may claim any year, so there may be far more than anybody reads.
  for (
    let from = startOf(first, step);
    from <= last && found.length < 400;
    from = nextOf(from, step)
  ) {
    found.push({ from, to: nextOf(from, step), label: labelOf(from, step) })
  }
  return found
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

function nextOf(from: number, step: Step): number {
  const date = new Date(from)
  if (step === 'day') return from + dayMs
  return utc(
    date.getUTCFullYear(),
    date.getUTCMonth() + { month: 1, quarter: 3, year: 12 }[step],
    1,
  )
}

/** `Date.UTC` takes the years 0 to 99 for those of the last century. */
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
