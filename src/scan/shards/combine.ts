/** Reports of shards → the result of the whole: what one scan of everything would have given. */
import { compareIntroductions, comparePlaces } from '../../git/attribution/by-time.ts'
import { UsageError } from '../../model/errors.ts'
import { joinAcrossFiles } from '../findings/across-files.ts'
import { FindingSet } from '../findings/merge.ts'
import type {
  Attribution,
  Exposure,
  Finding,
  Introduction,
  Skip,
  Suppressed,
} from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { ReceiptBuilder } from '../receipt.ts'
import { missingShards } from './coverage.ts'
import type { ShardReport } from './read-shard-report.ts'

const exposures: readonly Exposure[] = ['local', 'pending', 'published']

/** More than any repository has; each takes room. */
const MAX_SUPPRESSED = 20_000_000

/** UsageError for reports that are not of one whole; what is missing of it is a skip. */
export function combine(reports: readonly [ShardReport, ...ShardReport[]]): ScanResult {
  const [first, ...others] = reports
  for (const other of others) refuseForeign(first, other)
  const twice = reports.find(
    ({ shard }, at) => reports.findIndex((one) => one.shard.index === shard.index) < at,
  )
  const suppressed = reports.reduce(
    (sum, { counts }) => [...counts.values()].reduce((all, count) => all + count, sum),
    0,
  )
  if (suppressed > MAX_SUPPRESSED)
    throw new UsageError(
      `the reports count ${suppressed} candidates that were ruled out: more than ${MAX_SUPPRESSED} cannot be`,
    )
  if (twice !== undefined)
    throw new UsageError(`${twice.name}: shard ${twice.shard.index} is given twice`)

  const receipt = new ReceiptBuilder()
  for (const skip of [...skipsOf(reports), ...missingShards(reports)])
    receipt.record({ type: 'skipped', skip })
  for (const {
    receipt: { commits, trees, tags, blobs, bytes },
  } of reports)
    receipt.record({
      type: 'scanned',
      objects: { commit: commits, tree: trees, tag: tags, blob: blobs },
      bytes,
    })
  return {
    findings: joinAcrossFiles(findingsOf(reports)),
    suppressed: suppressedOf(reports),
    receipt: receipt.build({
      target: 'history',
      range: null,
      reader: readersOf(reports),
      rules: first.receipt.rules,
      config: first.receipt.config,
      git: several(reports.map(({ receipt: { git } }) => git)),
      durationMs: reports.reduce((sum, { receipt: { durationMs } }) => sum + durationMs, 0),
    }),
  }
}

function refuseForeign(first: ShardReport, other: ShardReport): void {
  const differences: readonly (readonly [string, (report: ShardReport) => unknown])[] = [
    ['number of shards', ({ shard }) => shard.count],
    ['repository', ({ shard }) => shard.root],
    ['version of Oakum', ({ oakum }) => oakum],
    ['rules', ({ receipt }) => receipt.rules.digest],
    ['configuration', ({ receipt }) => `${receipt.config.from} ${receipt.config.path ?? ''}`],
    ['limits, allow entries or baseline', ({ shard }) => shard.asked],
  ]
  const [difference] = differences.find(([, valueOf]) => valueOf(first) !== valueOf(other)) ?? []
  if (difference !== undefined)
    throw new UsageError(
      `${other.name} and ${first.name} are not of one whole: they differ in ${difference}`,
    )
}

function findingsOf(reports: readonly ShardReport[]): readonly Finding[] {
  const set = new FindingSet()
  const attributions = new Map<string, Attribution>()
  for (const finding of reports.flatMap(({ findings }) => findings)) {
    set.add(finding)
    const [known, own] = [attributions.get(finding.fingerprint), finding.attribution]
    if (own !== undefined)
      attributions.set(finding.fingerprint, known === undefined ? own : together(known, own))
  }
  return set.findings().map((finding) => {
    const attribution = attributions.get(finding.fingerprint)
    const [place = finding.places[0], ...rest] = finding.places.toSorted(comparePlaces)
    return { ...finding, places: [place, ...rest], ...(attribution && { attribution }) }
  })
}

function together(a: Attribution, b: Attribution): Attribution {
  const inHead = a.inHead || b.inHead
  const removed = inHead ? undefined : sorted(a.removed ?? null, b.removed ?? null).at(-1)
  const inHeadHistory =
    a.inHeadHistory === undefined ? b.inHeadHistory : a.inHeadHistory || b.inHeadHistory === true
  return {
    first: sorted(a.first, b.first)[0] ?? null,
    last: sorted(a.last, b.last).at(-1) ?? null,
    ...(removed && { removed }),
    inHead,
    ...(inHeadHistory !== undefined && { inHeadHistory }),
    refs: [...new Set([...a.refs, ...b.refs])].toSorted((x, y) =>
      Buffer.compare(Buffer.from(x), Buffer.from(y)),
    ),
    exposure:
      exposures[Math.max(exposures.indexOf(a.exposure), exposures.indexOf(b.exposure))] ?? 'local',
  }
}

function sorted(...introductions: readonly (Introduction | null)[]): readonly Introduction[] {
  return introductions.flatMap((one) => one ?? []).toSorted(compareIntroductions)
}

/**
 * One a credential and reason where a policy did it; of those that were only counted, that many of
 * which nothing more is known.
 */
function suppressedOf(reports: readonly ShardReport[]): readonly Suppressed[] {
  const byPolicy = new Map<string, Suppressed>()
  const listed: Suppressed[] = []
  const counted: Suppressed[] = []
  for (const { suppressed, counts } of reports) {
    for (const one of suppressed) {
      const key = `${one.finding?.fingerprint} ${one.suppression.by} ${one.suppression.reason}`
      if (one.finding === undefined) listed.push(one)
      else if (!byPolicy.has(key)) byPolicy.set(key, one)
    }
    for (const [by, count] of counts) {
      const one: Suppressed = {
        rule: '',
        suppression: { by, reason: '' },
        redacted: '',
        place: {
          origin: { kind: 'commit' },
          role: 'secret',
          span: { start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 },
        },
      }
      for (let at = 0; at < count; at += 1) counted.push(one)
    }
  }
  return [...byPolicy.values(), ...listed, ...counted]
}

/** What several shards could not read is one skip: trees are read by all of them. */
function skipsOf(reports: readonly ShardReport[]): readonly Skip[] {
  const most = new Map<string, readonly Skip[]>()
  for (const { receipt } of reports) {
    const own = new Map<string, Skip[]>()
    for (const skip of receipt.skipped) {
      const key = JSON.stringify([
        skip.outcome,
        skip.reason,
        skip.path?.text,
        skip.member,
        skip.object,
        skip.detail,
      ])
      own.set(key, [...(own.get(key) ?? []), skip])
    }
    for (const [key, skips] of own)
      if (skips.length > (most.get(key)?.length ?? 0)) most.set(key, skips)
  }
  return [...most.values()].flat()
}

/** `pack-wasm, 3 objects through cat-file`: those are added up. */
function readersOf(reports: readonly ShardReport[]): string | null {
  const read = reports.map(({ receipt: { reader } }) => {
    const [, own, count, git] = /^(.*), (\d{1,12}) objects through (.*)$/.exec(reader ?? '') ?? []
    return { own: own ?? reader, count: Number(count ?? 0), git: git ?? null }
  })
  const own = several(read.map((one) => one.own))
  const count = read.reduce((sum, one) => sum + one.count, 0)
  return count === 0
    ? own
    : `${own ?? ''}, ${count} objects through ${several(read.map((one) => one.git)) ?? ''}`
}

function several(names: readonly (string | null)[]): string | null {
  const different = [...new Set(names.flatMap((name) => name ?? []))].toSorted()
  return different.length === 0 ? null : different.join(' and ')
}
