/**
 * Texts of the verdict, independent of the format: text, Markdown, HTML and the screen render this
 * document. All texts in it are already escaped for a terminal.
 */
import { atLeast } from '../../report/wording/places.ts'
import { formatBytes, formatCount, formatDuration, countOf } from '../../report/terminal/units.ts'
import type { Severity } from '../../model/rule.ts'
import type { Coverage, ShownAudit, ShownFinding } from '../../model/shown.ts'
import { type VerdictPoint, type Topic, type Verdict, verdictOf } from './verdict.ts'

/** Entry of a section: a finding, an env file or a skip. */
export interface VerdictItem {
  readonly severity?: Severity
  readonly title: string
  /** Redacted parts of the credential. */
  readonly credential?: string
  /** Place, date and other facts, each in a few words. */
  readonly notes: readonly string[]
  readonly fingerprint?: string
}

/** Section of the document, about one topic. */
export interface VerdictSection {
  readonly topic: Topic
  readonly title: string
  /** True when the section prevents publishing. */
  readonly blocks: boolean
  readonly count: number
  /** Advice for the reader, or an explanation. */
  readonly advice: string
  readonly items: readonly VerdictItem[]
}

/** Verdict as texts. */
export interface VerdictDocument {
  readonly name: string
  readonly answer: Verdict<ShownFinding>['answer']
  readonly headline: string
  /** Counts by topic, in one line. */
  readonly summary: string
  readonly sections: readonly VerdictSection[]
  /** Coverage of the scans, in one line. */
  readonly read: string
}

const headlines = {
  safe: 'Safe to publish',
  'not-yet': 'Not yet safe to publish',
  unknown: 'Unknown: not everything could be read',
} as const

const sectionTitles: Readonly<Record<Topic, string>> = {
  live: 'Published, and live',
  published: 'Published',
  pending: 'Would be published by the next push',
  gaps: 'Not read',
  'env-files': 'Env files that git tracks',
  local: 'Only in this clone',
  spent: 'No longer working',
  minor: 'Below the threshold',
  bounded: 'Skipped on purpose',
  accepted: 'Accepted',
}

const sectionAdvice: Readonly<Record<Topic, string>> = {
  live: 'Rotate these now: they work, and a remote has them. Rewriting history alone does not help.',
  published: 'Assume that these are known: rotate them. Rewrite history after that, if at all.',
  pending: 'Rewrite history before the push, or rotate these. After a push they must be rotated.',
  gaps: 'Unread files and objects may hold secrets. Fix the causes, and run the audit again.',
  'env-files': 'Untrack each with git rm --cached, and list it in .gitignore.',
  local: 'A push does not publish these. A copy, a backup or an archive of this folder does.',
  spent: 'These are or would be published, and are expired or inactive. Nothing has to be done.',
  minor: 'Below the severity that blocks publishing: see --fail-on.',
  bounded: 'These were not read because of limits or the kind of repository.',
  accepted: 'Entries of oakum.allow accept these, each with a reason.',
}

/** Converts the verdict on an audit to texts. */
export function documentOf(audit: ShownAudit, failOn: Severity): VerdictDocument {
  const verdict = verdictOf(audit.findings, audit.coverage, failOn)
  return {
    name: audit.name,
    answer: verdict.answer,
    headline: headlines[verdict.answer],
    summary: summaryOf(verdict),
    sections: verdict.points.map((point) => sectionOf(point, audit.coverage)),
    read: coverageSummary(audit.coverage),
  }
}

const summaryWords: Readonly<Record<Topic, string>> = {
  live: 'live',
  published: 'published',
  pending: 'pending',
  gaps: 'not read',
  'env-files': 'env files tracked',
  local: 'only here',
  spent: 'spent',
  minor: 'minor',
  bounded: 'skipped',
  accepted: 'accepted',
}

/** Returns counts by topic: `3 published, 1 pending, 2 only here`. */
function summaryOf({ points }: Pick<Verdict<unknown>, 'points'>): string {
  if (points.length === 0) return 'no secrets found'
  return points
    .map(({ topic, count }) => {
      const isOneEnvFile = topic === 'env-files' && count === 1
      return `${formatCount(count)} ${isOneEnvFile ? 'env file tracked' : summaryWords[topic]}`
    })
    .join(', ')
}

function sectionOf(
  { topic, blocks, count, findings }: VerdictPoint<ShownFinding>,
  coverage: Coverage,
): VerdictSection {
  return {
    topic,
    title: sectionTitles[topic],
    blocks,
    count,
    advice: sectionAdvice[topic],
    items: itemsOf(topic, findings, coverage),
  }
}

function itemsOf(
  topic: Topic,
  findings: readonly ShownFinding[],
  coverage: Coverage,
): readonly VerdictItem[] {
  switch (topic) {
    case 'gaps':
      return skipItems(coverage, 'failed')
    case 'bounded':
      return skipItems(coverage, 'bounded')
    case 'env-files':
      return coverage.envFiles.map((path) => ({ title: path, notes: [] }))
    default:
      return findings.map((finding) => findingItem(finding, coverage))
  }
}

function skipItems(
  { skipped, complete }: Coverage,
  outcome: 'failed' | 'bounded',
): readonly VerdictItem[] {
  const items = skipped
    .filter((skip) => skip.outcome === outcome)
    .map(({ text }) => ({ title: text, notes: [] }))
  return items.length === 0 && outcome === 'failed' && !complete
    ? [{ title: 'the scan ended early', notes: [] }]
    : items
}

function findingItem(finding: ShownFinding, coverage: Coverage): VerdictItem {
  const { rule, severity, fingerprint, accepted } = finding
  const notes = [
    placeNote(finding),
    sinceNote(finding),
    headNote(finding),
    tagNote(finding, coverage),
    verificationNote(finding),
    accepted?.reason,
  ]
  return {
    severity,
    title: rule.description,
    credential: credentialOf(finding),
    notes: notes.filter((note) => note !== undefined),
    fingerprint,
  }
}

/** Returns the redacted parts of a credential, its id first: `AKIA…7Q2X p/2Y…Tqbp`. */
export function credentialOf({ parts }: Pick<ShownFinding, 'parts'>): string {
  const order = ['id', 'secret', 'token']
  return parts
    .toSorted((a, b) => order.indexOf(a.role) - order.indexOf(b.role))
    .map(({ redacted }) => redacted)
    .join(' ')
}

/** Returns the first place: `config/prod.env:3 and 4 more places`. */
function placeNote(finding: ShownFinding): string | undefined {
  const {
    places: [place],
    attribution,
    count,
  } = finding
  if (place === undefined) return undefined
  const more =
    count === 1 ? '' : ` and ${atLeast(finding)}${countOf(count - 1, 'more place', 'more places')}`
  return `${placeName(place, attribution?.first?.path)}${more}`
}

/** Returns a place in a few words. `knownPath` is used for a place without a path of its own. */
export function placeName(
  { kind, path, member, object, commit, inName, line }: ShownFinding['places'][number],
  knownPath?: string,
): string {
  if (kind === 'message') return `message of ${(commit ?? object ?? '').slice(0, 8)}`
  const name =
    path ?? knownPath ?? (object === undefined ? 'unknown place' : `object ${object.slice(0, 8)}`)
  if (inName) return `the name of ${name}`
  return `${member === undefined ? name : `${name} > ${member}`}:${line}`
}

function sinceNote({ attribution }: ShownFinding): string | undefined {
  const first = attribution?.first
  return first ? `since ${first.date.slice(0, 10)} (${first.commit.slice(0, 8)})` : undefined
}

function headNote({ attribution }: ShownFinding): string {
  if (attribution === undefined) return 'only in files, not in history'
  return attribution.inHead ? 'in HEAD' : 'not in HEAD'
}

function tagNote({ attribution }: ShownFinding, { remotes }: Coverage): string | undefined {
  const refs = attribution?.refs ?? []
  if (
    attribution?.exposure !== 'pending' ||
    remotes.length === 0 ||
    !refs.every((ref) => ref.startsWith('refs/tags/'))
  )
    return undefined
  return 'only in tags: git does not record which tags were pushed; if this one was, rotate it'
}

function verificationNote({ verification: { status, reason } }: ShownFinding): string | undefined {
  return status === 'not-tried'
    ? undefined
    : `verified: ${status}${reason === undefined ? '' : ` (${reason})`}`
}

function coverageSummary({
  commits,
  trees,
  blobs,
  tags,
  files,
  bytes,
  durationMs,
  rules,
  suppressed,
}: Coverage): string {
  const objects = [
    countOf(blobs, 'blob'),
    countOf(trees, 'tree'),
    countOf(commits, 'commit'),
    ...(tags > 0 ? [countOf(tags, 'tag')] : []),
  ].join(', ')
  const amount = `${formatBytes(bytes)} in ${formatDuration(durationMs)}`
  const ruleCount = countOf(rules, 'rule')
  const suppressedText = `${formatCount(suppressed)} suppressed`
  return `${objects} and ${countOf(files, 'file')}: ${amount}, with ${ruleCount}; ${suppressedText}`
}
