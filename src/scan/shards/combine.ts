/** Merges the reports of shards into the result that one scan of everything would have had. */
import { compareIntroductions, comparePlaces } from '../../git/attribution/by-time.ts'
import { UsageError } from '../../model/errors.ts'
import type {
  Attribution,
  Exposure,
  Finding,
  Introduction,
  Skip,
  Suppressed,
} from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { joinAcrossFiles } from '../findings/across-files.ts'
import { FindingSet } from '../findings/merge.ts'
import { ReceiptBuilder } from '../receipt.ts'
import { missingShards } from './coverage.ts'
import type { ShardReport } from './read-shard-report.ts'

/** From the least to the most exposed. */
const exposures: readonly Exposure[] = ['local', 'pending', 'published']

/** More suppressions than any repository has: each takes memory, and a report may be forged. */
const MAX_SUPPRESSED = 20_000_000

/**
 * Merges reports. Throws UsageError for reports that are not of one whole; a shard that is missing
 * is a failed skip in the receipt.
 */
export function combine(reports: readonly [ShardReport, ...ShardReport[]]): ScanResult {
  checkReports(reports)
  const [first] = reports
  const receipt = new ReceiptBuilder()
  for (const skip of [...skipsOf(reports), ...missingShards(reports)])
    receipt.record({ type: 'skipped', skip })
  for (const report of reports) {
    const { commits, trees, tags, blobs, bytes } = report.receipt
    const objects = { commit: commits, tree: trees, tag: tags, blob: blobs }
    receipt.record({ type: 'scanned', objects, bytes })
  }
  return {
    findings: joinAcrossFiles(findingsOf(reports)),
    suppressed: suppressedOf(reports),
    receipt: receipt.build({
      target: 'history',
      range: null,
      reader: readersOf(reports),
      rules: first.receipt.rules,
      config: first.receipt.config,
      git: joinNames(reports.map(({ receipt: { git } }) => git)),
      durationMs: reports.reduce((sum, { receipt: { durationMs } }) => sum + durationMs, 0),
    }),
  }
}

function checkReports([first, ...others]: readonly [ShardReport, ...ShardReport[]]): void {
  for (const other of others) checkSameWhole(first, other)
  const reports = [first, ...others]
  const suppressed = reports.reduce(
    (sum, { counts }) => [...counts.values()].reduce((all, count) => all + count, sum),
    0,
  )
  if (suppressed > MAX_SUPPRESSED)
    throw new UsageError(
      `the reports count ${suppressed} suppressed candidates: more than ${MAX_SUPPRESSED} cannot be`,
    )
  const duplicate = reports.find(
    ({ shard }, at) => reports.findIndex((each) => each.shard.index === shard.index) < at,
  )
  if (duplicate !== undefined)
    throw new UsageError(`${duplicate.name}: shard ${duplicate.shard.index} is given twice`)
}

function checkSameWhole(first: ShardReport, other: ShardReport): void {
  const properties: readonly (readonly [string, (report: ShardReport) => unknown])[] = [
    ['number of shards', ({ shard }) => shard.count],
    ['repository', ({ shard }) => shard.root],
    ['version of Oakum', ({ oakum }) => oakum],
    ['rules', ({ receipt }) => receipt.rules.digest],
    ['configuration', ({ receipt }) => `${receipt.config.from} ${receipt.config.path ?? ''}`],
    ['limits, allow entries or baseline', ({ shard }) => shard.asked],
  ]
  const [difference] = properties.find(([, valueOf]) => valueOf(first) !== valueOf(other)) ?? []
  if (difference !== undefined)
    throw new UsageError(
      `${other.name} and ${first.name} are not of one whole: they differ in ${difference}`,
    )
}

/** Joins findings with equal fingerprints, and their attributions. */
function findingsOf(reports: readonly ShardReport[]): readonly Finding[] {
  const set = new FindingSet()
  const attributions = new Map<string, Attribution>()
  for (const finding of reports.flatMap(({ findings }) => findings)) {
    set.add(finding)
    const { fingerprint, attribution } = finding
    if (attribution === undefined) continue
    const other = attributions.get(fingerprint)
    attributions.set(
      fingerprint,
      other === undefined ? attribution : joinAttributions(other, attribution),
    )
  }
  return set.findings().map((finding) => {
    const attribution = attributions.get(finding.fingerprint)
    const [place = finding.places[0], ...rest] = finding.places.toSorted(comparePlaces)
    return { ...finding, places: [place, ...rest], ...(attribution && { attribution }) }
  })
}

function joinAttributions(a: Attribution, b: Attribution): Attribution {
  const inHead = a.inHead || b.inHead
  const removed = inHead ? undefined : byTime(a.removed ?? null, b.removed ?? null).at(-1)
  const inHeadHistory =
    a.inHeadHistory === undefined ? b.inHeadHistory : a.inHeadHistory || b.inHeadHistory === true
  const exposure = Math.max(exposures.indexOf(a.exposure), exposures.indexOf(b.exposure))
  return {
    first: byTime(a.first, b.first)[0] ?? null,
    last: byTime(a.last, b.last).at(-1) ?? null,
    ...(removed && { removed }),
    inHead,
    ...(inHeadHistory !== undefined && { inHeadHistory }),
    refs: [...new Set([...a.refs, ...b.refs])].toSorted((x, y) =>
      Buffer.compare(Buffer.from(x), Buffer.from(y)),
    ),
    exposure: exposures[exposure] ?? 'local',
    ...((a.hasMorePaths ?? b.hasMorePaths) && { hasMorePaths: true }),
  }
}

function byTime(...introductions: readonly (Introduction | null)[]): readonly Introduction[] {
  return introductions.flatMap((each) => each ?? []).toSorted(compareIntroductions)
}

/**
 * Returns the suppressions of all shards. Those by a policy are listed once for each credential and
 * reason; those that a report only counts are returned as that many empty ones.
 */
function suppressedOf(reports: readonly ShardReport[]): readonly Suppressed[] {
  const byPolicy = new Map<string, Suppressed>()
  const listed: Suppressed[] = []
  const counted: Suppressed[] = []
  for (const { suppressed, counts } of reports) {
    for (const each of suppressed) {
      const { finding, suppression } = each
      const key = `${finding?.fingerprint} ${suppression.by} ${suppression.reason}`
      if (finding === undefined) listed.push(each)
      else if (!byPolicy.has(key)) byPolicy.set(key, each)
    }
    for (const [kind, count] of counts) {
      const each = countedSuppression(kind)
      for (let at = 0; at < count; at += 1) counted.push(each)
    }
  }
  return [...byPolicy.values(), ...listed, ...counted]
}

/** Returns a suppression of which only the kind is known. */
function countedSuppression(kind: Suppressed['suppression']['by']): Suppressed {
  return {
    rule: '',
    suppression: { by: kind, reason: '' },
    redacted: '',
    place: {
      origin: { kind: 'commit' },
      role: 'secret',
      span: { start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 },
    },
  }
}

/**
 * Returns the skips of all shards. Every shard reads all trees, so equal skips of several shards
 * are one; a shard's own skips that are equal to each other are kept.
 */
function skipsOf(reports: readonly ShardReport[]): readonly Skip[] {
  const skipsByKey = new Map<string, readonly Skip[]>()
  for (const { receipt } of reports) {
    const ownByKey = new Map<string, Skip[]>()
    for (const skip of receipt.skipped) {
      const { outcome, reason, path, member, object, detail } = skip
      const key = JSON.stringify([outcome, reason, path?.text, member, object, detail])
      ownByKey.set(key, [...(ownByKey.get(key) ?? []), skip])
    }
    for (const [key, skips] of ownByKey)
      if (skips.length > (skipsByKey.get(key)?.length ?? 0)) skipsByKey.set(key, skips)
  }
  return [...skipsByKey.values()].flat()
}

/** Joins names of readers, and adds up their counts: `pack-wasm, 3 objects through cat-file`. */
function readersOf(reports: readonly ShardReport[]): string | null {
  const readers = reports.map(({ receipt: { reader } }) => {
    const [, name, count, git] = /^(.*), (\d{1,12}) objects through (.*)$/.exec(reader ?? '') ?? []
    return { name: name ?? reader, count: Number(count ?? 0), git: git ?? null }
  })
  const names = joinNames(readers.map(({ name }) => name))
  const count = readers.reduce((sum, reader) => sum + reader.count, 0)
  if (count === 0) return names
  const gitNames = joinNames(readers.map(({ git }) => git))
  return `${names ?? ''}, ${count} objects through ${gitNames ?? ''}`
}

function joinNames(names: readonly (string | null)[]): string | null {
  const distinct = [...new Set(names.flatMap((name) => name ?? []))].toSorted()
  return distinct.length === 0 ? null : distinct.join(' and ')
}
