import type { PageFinding } from '../src/report/html/model.ts'
import { lifeOf, severityNames } from './periods.ts'

/** What is shown of all findings: an empty set or text lets everything through. */
export interface Filter {
  readonly text: string
  readonly severities: ReadonlySet<string>
  readonly exposures: ReadonlySet<string>
  readonly statuses: ReadonlySet<string>
  readonly rule: string
  readonly head: 'any' | 'in' | 'out'
  readonly period:
    | { readonly from: number; readonly to: number; readonly label: string }
    | undefined
}

/** Everything. */
export const noFilter: Filter = {
  text: '',
  severities: new Set(),
  exposures: new Set(),
  statuses: new Set(),
  rule: '',
  head: 'any',
  period: undefined,
}

export type Order = 'severity' | 'newest' | 'oldest' | 'where'

/** Does a finding pass? All words of the text have to stand somewhere in it. */
export function passes(finding: PageFinding, filter: Filter): boolean {
  const { severities, exposures, statuses, rule, head, period, text } = filter
  if (severities.size > 0 && !severities.has(finding.severity)) return false
  if (exposures.size > 0 && !exposures.has(finding.exposure)) return false
  if (statuses.size > 0 && !statuses.has(finding.verification.status)) return false
  if (rule !== '' && rule !== finding.rule) return false
  if (head !== 'any' && finding.inHead !== (head === 'in')) return false
  if (period !== undefined && !touches(finding, period)) return false
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return words.every((word) => textOf(finding).includes(word))
}

/** Did it come or go then? */
function touches(
  finding: PageFinding,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  const life = lifeOf(finding)
  return (
    life !== undefined &&
    [life.came, life.left].some((time) => time !== undefined && time >= from && time < to)
  )
}

const texts = new WeakMap<PageFinding, string>()

function textOf(finding: PageFinding): string {
  const known = texts.get(finding)
  if (known !== undefined) return known
  const {
    title,
    rule,
    where,
    parts,
    fingerprint,
    first,
    last,
    removed,
    refs,
    places,
    facts,
    verification,
  } = finding
  const commits = [first, last, removed].flatMap((one) =>
    one === null ? [] : [one.commit, one.author, one.date, one.path],
  )
  const text = [
    title,
    rule,
    where,
    fingerprint,
    verification.text,
    ...parts.map(({ redacted }) => redacted),
    ...commits,
    ...refs,
    ...places,
    ...facts.flat(),
  ]
    .join('\n')
    .toLowerCase()
  texts.set(finding, text)
  return text
}

/** In another order; what has no date comes last. Findings come worst first. */
export function ordered(findings: readonly PageFinding[], order: Order): readonly PageFinding[] {
  if (order === 'severity')
    return findings.toSorted(
      (a, b) => severityNames.indexOf(a.severity) - severityNames.indexOf(b.severity),
    )
  if (order === 'where')
    return findings.toSorted((a, b) => (a.where < b.where ? -1 : Number(a.where > b.where)))
  const sign = order === 'newest' ? -1 : 1
  const timeOf = (finding: PageFinding): number => lifeOf(finding)?.came ?? Infinity * sign
  return findings.toSorted((a, b) => (timeOf(a) === timeOf(b) ? 0 : (timeOf(a) - timeOf(b)) * sign))
}
