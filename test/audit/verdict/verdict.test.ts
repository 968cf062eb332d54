import { describe, expect, test } from 'vitest'
import { topicOf, type VerdictFinding, verdictOf } from '../../../src/audit/verdict/verdict.ts'
import type { Exposure } from '../../../src/model/model.ts'
import type { Severity } from '../../../src/model/rule.ts'
import type { Verification } from '../../../src/model/verification.ts'

type Status = Verification['status']

function findingOf(
  severity: Severity,
  exposure: Exposure | undefined,
  status: Status = 'not-tried',
  accepted?: object,
): VerdictFinding {
  return {
    severity,
    verification: { status },
    ...(exposure && { attribution: { exposure } }),
    ...(accepted && { accepted }),
  }
}

const all = { complete: true, skipped: [], envFiles: [] } as const

describe('the topic of a finding', () => {
  test.each<[what: string, finding: VerdictFinding, topic: string]>([
    ['published', findingOf('high', 'published'), 'published'],
    ['published and live', findingOf('high', 'published', 'live'), 'live'],
    ['published and live, of low severity', findingOf('low', 'published', 'live'), 'live'],
    ['published and inactive', findingOf('high', 'published', 'inactive'), 'spent'],
    ['published and expired', findingOf('critical', 'published', 'expired'), 'spent'],
    ['published, with an unknown answer', findingOf('high', 'published', 'unknown'), 'published'],
    ['pending', findingOf('medium', 'pending'), 'pending'],
    ['pending and live', findingOf('medium', 'pending', 'live'), 'pending'],
    ['pending and inactive', findingOf('medium', 'pending', 'inactive'), 'spent'],
    ['pending, below the threshold', findingOf('low', 'pending'), 'minor'],
    ['only in this clone', findingOf('critical', 'local', 'live'), 'local'],
    ['only in files', findingOf('high', undefined), 'local'],
    ['accepted, though published and live', findingOf('high', 'published', 'live', {}), 'accepted'],
  ])('%s', (_what, finding, topic) => {
    expect(topicOf(finding, 'medium')).toBe(topic)
  })

  test('depends on the threshold', () => {
    expect(topicOf(findingOf('medium', 'published'), 'high')).toBe('minor')
    expect(topicOf(findingOf('high', 'published'), 'high')).toBe('published')
  })
})

describe('the verdict', () => {
  test.each<[what: string, findings: readonly VerdictFinding[], complete: boolean, answer: string]>(
    [
      ['nothing found, everything read', [], true, 'safe'],
      ['nothing found, not everything read', [], false, 'unknown'],
      ['a published secret', [findingOf('high', 'published')], true, 'not-yet'],
      [
        'a published secret, not everything read',
        [findingOf('high', 'published')],
        false,
        'not-yet',
      ],
      ['a pending secret', [findingOf('high', 'pending')], true, 'not-yet'],
      ['a secret of this clone only', [findingOf('critical', 'local')], true, 'safe'],
      ['an accepted secret', [findingOf('high', 'published', 'live', {})], true, 'safe'],
      ['an inactive secret', [findingOf('high', 'published', 'inactive')], true, 'safe'],
      ['a minor secret', [findingOf('low', 'published')], true, 'safe'],
    ],
  )('for %s', (_what, findings, complete, answer) => {
    expect(verdictOf(findings, { ...all, complete }).answer).toBe(answer)
  })

  test('lists topics by urgency, with their findings and counts', () => {
    const [live, pending, local] = [
      findingOf('high', 'published', 'live'),
      findingOf('high', 'pending'),
      findingOf('high', 'local'),
    ]
    const { points } = verdictOf([local, pending, live, pending], {
      complete: false,
      skipped: [
        { outcome: 'failed', count: 3 },
        { outcome: 'failed' },
        { outcome: 'bounded', count: 7 },
      ],
      envFiles: ['.env', 'prod.env'],
    })
    expect(points).toEqual([
      { topic: 'live', blocks: true, findings: [live], count: 1 },
      { topic: 'pending', blocks: true, findings: [pending, pending], count: 2 },
      { topic: 'gaps', blocks: false, findings: [], count: 4 },
      { topic: 'env-files', blocks: false, findings: [], count: 2 },
      { topic: 'local', blocks: false, findings: [local], count: 1 },
      { topic: 'bounded', blocks: false, findings: [], count: 7 },
    ])
  })

  test('counts a gap where a scan is incomplete without a skip', () => {
    const { points } = verdictOf([], { ...all, complete: false })
    expect(points).toEqual([{ topic: 'gaps', blocks: false, findings: [], count: 1 }])
  })
})
