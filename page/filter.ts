/** Filters and sorts the findings of the page. */
import type { PageFinding } from '../src/report/html/model.ts'
import { lifetimeOf, severityNames } from './periods.ts'

/** The filter that the reader has chosen. An empty set or text matches every finding. */
export interface Filter {
  /** Words that must all occur in a finding. */
  readonly text: string
  readonly severities: ReadonlySet<string>
  readonly exposures: ReadonlySet<string>
  readonly statuses: ReadonlySet<string>
  readonly rule: string
  readonly head: 'any' | 'in' | 'out'
  /** The period in which a finding was introduced or removed. */
  readonly period:
    | { readonly from: number; readonly to: number; readonly label: string }
    | undefined
}

/** The filter that matches every finding. */
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

/** True when a finding matches all parts of the filter. */
export function matchesFilter(finding: PageFinding, filter: Filter): boolean {
  const { severities, exposures, statuses, rule, head, period, text } = filter
  if (severities.size > 0 && !severities.has(finding.severity)) return false
  if (exposures.size > 0 && !exposures.has(finding.exposure)) return false
  if (statuses.size > 0 && !statuses.has(finding.verification.status)) return false
  if (rule !== '' && rule !== finding.rule) return false
  if (head !== 'any' && finding.inHead !== (head === 'in')) return false
  if (period !== undefined && !changedWithin(finding, period)) return false
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return words.every((word) => searchText(finding).includes(word))
}

/** True when the finding was introduced or removed in the period. */
function changedWithin(
  finding: PageFinding,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  const lifetime = lifetimeOf(finding)
  return (
    lifetime !== undefined &&
    [lifetime.introduced, lifetime.removed].some(
      (time) => time !== undefined && time >= from && time < to,
    )
  )
}

const searchTexts = new WeakMap<PageFinding, string>()

function searchText(finding: PageFinding): string {
  const text = searchTexts.get(finding) ?? makeSearchText(finding)
  searchTexts.set(finding, text)
  return text
}

function makeSearchText(finding: PageFinding): string {
  const { title, rule, where, parts, fingerprint, first, last, removed } = finding
  const { refs, places, facts, verification } = finding
  const commits = [first, last, removed].flatMap((introduction) =>
    introduction === null
      ? []
      : [introduction.commit, introduction.author, introduction.date, introduction.path],
  )
  return [
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
}

/** Sorts findings. Findings without a date come last when sorted by date. */
export function sortFindings(
  findings: readonly PageFinding[],
  order: Order,
): readonly PageFinding[] {
  if (order === 'severity')
    return findings.toSorted(
      (a, b) => severityNames.indexOf(a.severity) - severityNames.indexOf(b.severity),
    )
  if (order === 'where')
    return findings.toSorted((a, b) => (a.where < b.where ? -1 : Number(a.where > b.where)))
  const sign = order === 'newest' ? -1 : 1
  const timeOf = (finding: PageFinding): number =>
    lifetimeOf(finding)?.introduced ?? Infinity * sign
  return findings.toSorted((a, b) => (timeOf(a) === timeOf(b) ? 0 : (timeOf(a) - timeOf(b)) * sign))
}
