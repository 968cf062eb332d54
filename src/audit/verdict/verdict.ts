/** Is a repository safe to publish? Answered from findings and from what was read. Pure. */
import type { Exposure } from '../../model/model.ts'
import { compareSeverity, type Severity } from '../../model/rule.ts'
import type { Verification } from '../../model/verification.ts'

/**
 * What the answer hangs on, of a finding. One without attribution is in no object: it is only in
 * files.
 */
export interface VerdictFinding {
  readonly severity: Severity
  readonly attribution?: { readonly exposure: Exposure } | undefined
  readonly verification: Pick<Verification, 'status'>
  /** Somebody let it stay, with a reason. */
  readonly accepted?: object | undefined
}

/** What is to be said, in the order in which to see to it. */
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

/** One thing to see to, or to know. */
export interface VerdictPoint<Item> {
  readonly topic: Topic
  /** It stands in the way of publishing. */
  readonly blocks: boolean
  readonly findings: readonly Item[]
  /** How many there are of what the topic is about: findings, skips, files. */
  readonly count: number
}

/** `unknown`: nothing stands in the way in what was read, but not everything could be read. */
export interface Verdict<Item> {
  readonly answer: 'safe' | 'not-yet' | 'unknown'
  readonly points: readonly VerdictPoint<Item>[]
}

/** What the answer hangs on besides findings. */
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
 * The answer. Findings below `failOn` do not stand in the way, unless they are published and live.
 */
export function verdictOf<Item extends VerdictFinding>(
  findings: readonly Item[],
  circumstances: ScanCoverage,
  failOn: Severity = 'medium',
): Verdict<Item> {
  const byTopic = new Map<Topic, Item[]>()
  for (const finding of findings) {
    const topic = topicOf(finding, failOn)
    const known = byTopic.get(topic)
    if (known === undefined) byTopic.set(topic, [finding])
    else known.push(finding)
  }
  const counts: Partial<Record<Topic, number>> = {
    gaps: Math.max(countSkips(circumstances, 'failed'), circumstances.complete ? 0 : 1),
    bounded: countSkips(circumstances, 'bounded'),
    'env-files': circumstances.envFiles.length,
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
    : circumstances.complete
      ? 'safe'
      : 'unknown'
  return { answer, points }
}

/** Where a finding belongs. */
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
