/**
 * Decides whether a repository is safe to publish, from its findings and the coverage of its scans.
 */
import type { Exposure } from '../../model/model.ts'
import { compareSeverity, type Severity } from '../../model/rule.ts'
import type { Verification } from '../../model/verification.ts'

/** Fields of a finding that decide the verdict. Without attribution it is only in files. */
export interface VerdictFinding {
  readonly severity: Severity
  readonly attribution?: { readonly exposure: Exposure } | undefined
  readonly verification: Pick<Verification, 'status'>
  /** Reason of the allow entry that accepts the finding. */
  readonly accepted?: object | undefined
}

/** Topics of the verdict, the most urgent first. */
const topics = [
  'live',
  'published',
  'pending',
  'gaps',
  'env-files',
  'local',
  'spent',
  'minor',
  'bounded',
  'accepted',
] as const

export type Topic = (typeof topics)[number]

/** Findings, skips or files of one topic. */
export interface VerdictPoint<Item> {
  readonly topic: Topic
  /** True when the topic prevents publishing. */
  readonly blocks: boolean
  readonly findings: readonly Item[]
  /** Number of findings, skips or files of the topic. */
  readonly count: number
}

/** Verdict. `unknown`: nothing prevents publishing, but not everything could be read. */
export interface Verdict<Item> {
  readonly answer: 'safe' | 'not-yet' | 'unknown'
  readonly points: readonly VerdictPoint<Item>[]
}

/** Coverage of the scans, as far as it decides the verdict. */
export interface ScanCoverage {
  readonly complete: boolean
  readonly skipped: readonly {
    readonly outcome: 'failed' | 'bounded'
    readonly count?: number | undefined
  }[]
  readonly envFiles: readonly string[]
}

const BLOCKING_TOPICS: ReadonlySet<Topic> = new Set(['live', 'published', 'pending'])

/**
 * Returns the verdict. Findings below the severity `failOn` do not prevent publishing, unless they
 * are published and live.
 */
export function verdictOf<Item extends VerdictFinding>(
  findings: readonly Item[],
  coverage: ScanCoverage,
  failOn: Severity = 'medium',
): Verdict<Item> {
  const byTopic = new Map<Topic, Item[]>()
  for (const finding of findings) {
    const topic = topicOf(finding, failOn)
    const group = byTopic.get(topic)
    if (group === undefined) byTopic.set(topic, [finding])
    else group.push(finding)
  }
  const counts: Partial<Record<Topic, number>> = {
    gaps: Math.max(countSkips(coverage, 'failed'), coverage.complete ? 0 : 1),
    bounded: countSkips(coverage, 'bounded'),
    'env-files': coverage.envFiles.length,
  }
  const points = topics.flatMap((topic): readonly VerdictPoint<Item>[] => {
    const items = byTopic.get(topic) ?? []
    const count = counts[topic] ?? items.length
    return count === 0
      ? []
      : [{ topic, blocks: BLOCKING_TOPICS.has(topic), findings: items, count }]
  })
  const answer = points.some(({ blocks }) => blocks)
    ? 'not-yet'
    : coverage.complete
      ? 'safe'
      : 'unknown'
  return { answer, points }
}

/** Returns the topic of a finding. */
export function topicOf(
  { severity, attribution, verification, accepted }: VerdictFinding,
  failOn: Severity,
): Topic {
  if (accepted !== undefined) return 'accepted'
  const exposure = attribution?.exposure ?? 'local'
  if (exposure === 'local') return 'local'
  if (exposure === 'published' && verification.status === 'live') return 'live'
  if (verification.status === 'inactive' || verification.status === 'expired') return 'spent'
  return compareSeverity(severity, failOn) < 0 ? 'minor' : exposure
}

function countSkips({ skipped }: ScanCoverage, outcome: 'failed' | 'bounded'): number {
  return skipped
    .filter((skip) => skip.outcome === outcome)
    .reduce((sum, { count = 1 }) => sum + count, 0)
}
