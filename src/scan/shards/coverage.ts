import type { Skip } from '../../model/model.ts'
import type { ShardReport } from './read-shard-report.ts'

/**
 * What keeps the shards from being the whole: one that is not there, or machines that did not hold
 * the same objects.
 */
export function missingShards(reports: readonly ShardReport[]): readonly Skip[] {
  const count = reports[0]?.shard.count ?? 0
  const there = new Map(reports.map((report) => [report.shard.index, report]))
  const absent = Array.from({ length: count }, (_, at) => at + 1).filter(
    (index) => !there.has(index),
  )
  return [
    ...absent.map((index) => failed(`shard ${index} of ${count} is not among the reports`)),
    ...reports.flatMap((report) => unlikeOthers(report, reports)),
    ...reports.flatMap(({ shard, receipt: { complete, skipped } }) =>
      complete || skipped.some((skip) => skip.outcome === 'failed')
        ? []
        : [failed(`shard ${shard.index} says that it is not complete`)],
    ),
  ]
}

/**
 * What belongs to a shard is scanned by that one only: what another machine had of it and that one
 * had not, nobody scanned.
 */
function unlikeOthers({ shard }: ShardReport, reports: readonly ShardReport[]): readonly Skip[] {
  const own = shard.sums[shard.index - 1]
  const other = reports.find((one) => one.shard.sums[shard.index - 1] !== own)
  return other === undefined
    ? []
    : [
        failed(
          `shard ${shard.index} was scanned in a clone that held other objects than that of shard ${other.shard.index}: scan clones of one and the same state`,
        ),
      ]
}

function failed(detail: string): Skip {
  return { outcome: 'failed', reason: 'missing', detail }
}
