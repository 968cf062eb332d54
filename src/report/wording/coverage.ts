/** Phrases about the coverage of a scan: the verdict, the amount scanned, and the skips. */
import type { Skip, SkipReason } from '../../model/model.ts'
import type { Receipt, ScanResult } from '../../model/outcome.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { cutMiddle } from '../terminal/fit.ts'
import { countOf, formatBytes, formatCount, formatDuration } from '../terminal/units.ts'

/**
 * The verdict in one line. It says `No secrets found.` only if the scan is complete, and contains
 * no text from the repository. It mentions canary keys, which are low by design: a repository that
 * holds nothing else would look clean.
 */
export function verdictText(result: ScanResult): string {
  return [coverageVerdict(result), canaryText(result) ?? []].flat().join(' ')
}

/** The number of canary keys and what to know of them, or undefined when there is none. */
export function canaryText({ findings }: Pick<ScanResult, 'findings'>): string | undefined {
  const count = findings.filter(({ facts }) => facts['canary'] !== undefined).length
  if (count === 0) return undefined
  const [them, owner] = count === 1 ? ['it', 'its'] : ['them', 'their']
  return `${countOf(count, 'canary key')}, low: verifying or using ${them} alerts ${owner} owner.`
}

function coverageVerdict({ findings, receipt }: ScanResult): string {
  const found =
    findings.length === 0 ? 'no secrets found' : `${countOf(findings.length, 'secret')} found`
  const limited = limitedArchivesText(receipt)
  const ending = limited === undefined ? '' : ` ${limited}.`
  if (receipt.complete) return `${found.charAt(0).toUpperCase()}${found.slice(1)}.${ending}`
  const failed = receipt.skipped.filter((skip) => skip.outcome === 'failed')
  const unlisted = countSkips(failed.filter(({ reason }) => reason === 'unreported'))
  const unread = countSkips(failed) - unlisted
  const problems = [
    ...(unlisted === 0 ? [] : [`${countOf(unlisted, 'more secret')} found and not listed`]),
    ...(unread === 0 ? [] : [`${countOf(unread, 'item')} could not be read`]),
  ]
  const problem = problems.length === 0 ? 'not everything could be read' : problems.join(', ')
  return `Incomplete: ${problem}; ${found}${unlisted === 0 ? ' in the rest' : ''}.${ending}`
}

const archiveLimits: ReadonlySet<SkipReason> = new Set([
  'archive-size',
  'archive-ratio',
  'archive-members',
  'archive-depth',
])

/**
 * Says that limits kept archives from being unpacked whole; undefined when none did. The scan is
 * complete all the same, so hooks and verdicts say it: a secret may hide behind a limit.
 */
export function limitedArchivesText({ skipped }: Receipt): string | undefined {
  const count = countSkips(skipped.filter(({ reason }) => archiveLimits.has(reason)))
  const verb = count === 1 ? 'was' : 'were'
  return count === 0
    ? undefined
    : `${countOf(count, 'archive')} exceeded a limit and ${verb} not unpacked whole`
}

/**
 * The amount scanned, in one line: `3 files, 1.2 kB, in 0.2 s`. Contains names of refs, so the
 * caller must escape it.
 */
export function coverageText(receipt: Receipt): string {
  const { bytes, durationMs, reader } = receipt
  const objects = objectCounts(receipt)
  if (bytes === 0 && (objects === '' || receipt.target === 'stdin')) return emptyTargetText(receipt)
  const notes = [
    // A rate measured over less than a second is mostly start-up time.
    ...(durationMs >= 1000 ? [`${(bytes / 1000 / durationMs).toFixed(1)} MB/s`] : []),
    ...(reader === null ? [] : [`with ${reader}`]),
  ]
  return [
    `${objects}${scopeText(receipt)}`,
    formatBytes(bytes),
    `in ${formatDuration(durationMs)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`,
  ].join(', ')
}

/** The objects scanned, in words: `1,234 blobs, 56 trees, 12 commits`. */
function objectCounts({ target, blobs, trees, commits, tags }: Receipt): string {
  if (target === 'stdin') return blobs === 0 ? '' : 'standard input'
  const counts = [
    [blobs, target === 'scan' || target === 'staged' ? 'file' : 'blob'],
    [trees, 'tree'],
    [commits, 'commit'],
    [tags, 'tag'],
  ] as const
  return counts
    .filter(([count]) => count > 0)
    .map(([count, noun]) => countOf(count, noun))
    .join(', ')
}

function scopeText({ target, range, shard }: Receipt): string {
  if (range !== null) {
    const base = range.base === '' ? '' : `${rangeEnd(range.base)}..`
    return ` in ${base}${rangeEnd(range.head)}`
  }
  if (target !== 'history') return ''
  return shard === undefined ? ' in history' : ` in shard ${shard.index} of ${shard.count}`
}

function emptyTargetText({ target, range, skipped }: Receipt): string {
  if (skipped.length > 0) return 'nothing, see below'
  switch (target) {
    case 'scan':
      return 'there are no files to scan'
    case 'staged':
      return 'nothing is staged'
    case 'stdin':
      return 'standard input is empty'
    case 'history':
      return 'the history is empty'
    case 'range':
      return range === null || range.base === ''
        ? 'there are no commits to scan'
        : `${rangeEnd(range.head)} adds no commits that ${rangeEnd(range.base)} lacks`
  }
}

/** Shortens the object ids in one end of a range, which may name several commits. */
function rangeEnd(end: string): string {
  return end.replaceAll(/(?<![^ ])[\da-f]{40,64}(?![^ ])/g, (id) => id.slice(0, 8))
}

/** Words for each reason of a skip; the second form is the plural where it differs. */
const skipNouns: Readonly<Record<SkipReason, readonly [one: string, many?: string]>> = {
  missing: ['missing'],
  corrupt: ['corrupt'],
  unreadable: ['unreadable'],
  'git-failed': ['git error', 'git errors'],
  shallow: ['shallow history'],
  deadline: ['out of time'],
  interrupted: ['interrupted'],
  unreported: ['unlisted secret', 'unlisted secrets'],
  'too-large': ['too large'],
  submodule: ['submodule', 'submodules'],
  sparse: ['outside the sparse checkout'],
  unmerged: ['unmerged'],
  'special-file': ['special file', 'special files'],
  lfs: ['Git LFS file', 'Git LFS files'],
  'archive-size': ['archive over the size limit', 'archives over the size limit'],
  'archive-ratio': ['archive over the compression limit', 'archives over the compression limit'],
  'archive-members': ['archive with too many members', 'archives with too many members'],
  'archive-depth': ['archive nested too deep', 'archives nested too deep'],
  'archive-encrypted': ['encrypted archive', 'encrypted archives'],
  'archive-corrupt': ['corrupt archive', 'corrupt archives'],
  'archive-format': ['unsupported archive', 'unsupported archives'],
}

/** Counts skips by reason: `23: 19 submodules, 4 unsupported archives`. */
export function skipTally(skips: readonly Skip[]): string {
  const counts = new Map<SkipReason, number>()
  for (const { reason, count = 1 } of skips) counts.set(reason, (counts.get(reason) ?? 0) + count)
  const parts = [...counts].map(([reason, count]) => {
    const [one, many = one] = skipNouns[reason]
    return countOf(count, one, many)
  })
  return `${formatCount(countSkips(skips))}: ${parts.join(', ')}`
}

/** The number of skipped items, counting skips that stand for several. */
export function countSkips(skips: readonly Skip[]): number {
  return skips.reduce((sum, { count = 1 }) => sum + count, 0)
}

/** One skip in one line: `encrypted archive: locked.zip > a`. Escaped. */
export function skipText(skip: Skip): string {
  const name = skippedName(skip)
  const detail = skip.detail === undefined ? undefined : escapeForTerminal(skip.detail)
  const [noun] = skipNouns[skip.reason]
  if (name === undefined) return detail === undefined ? noun : `${noun}: ${detail}`
  if (detail === undefined) return `${noun}: ${name}`
  // A skip that stands for several has the detail `and 3 more`, which continues the name.
  return `${noun}: ${name} ${detail.startsWith('and ') ? detail : `(${detail})`}`
}

function skippedName({ path, member, object }: Skip): string | undefined {
  const container =
    path === undefined
      ? object && `object ${escapeForTerminal(object)}`
      : escapeForTerminal(path.text)
  const name =
    member === undefined
      ? container
      : `${container ?? 'standard input'} > ${escapeForTerminal(member)}`
  return name === undefined ? undefined : cutMiddle(name, 47)
}
