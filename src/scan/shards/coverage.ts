import type { Skip } from '../../model/model.ts'
import type { ShardReport } from './read-shard-report.ts'

/**
 * Returns failures for what keeps the reports from covering the whole: a shard that is missing or
 * incomplete, or clones that did not hold the same objects.
 */
export function missingShards(reports: readonly ShardReport[]): readonly Skip[] {
  const count = reports[0]?.shard.count ?? 0
  const present = new Set(reports.map(({ shard }) => shard.index))
  const absent = Array.from({ length: count }, (_, at) => at + 1).filter(
    (index) => !present.has(index),
  )
  return [
    ...absent.map((index) => failedSkip(`shard ${index} of ${count} is not among the reports`)),
    ...reports.flatMap((report) => differentClones(report, reports)),
    ...reports.flatMap(({ shard, receipt: { complete, skipped } }) =>
      complete || skipped.some((skip) => skip.outcome === 'failed')
        ? []
        : [failedSkip(`shard ${shard.index} says that it is not complete`)],
    ),
  ]
}

/**
 * Compares the objects of a shard in the clone that scanned it with those in the other clones. An
 * object that only another clone held was scanned by none.
 */
function differentClones({ shard }: ShardReport, reports: readonly ShardReport[]): readonly Skip[] {
  const { index, sums } = shard
  const other = reports.find((report) => report.shard.sums[index - 1] !== sums[index - 1])
  if (other === undefined) return []
  return [
    failedSkip(
      `shard ${index} was scanned in a clone that held other objects than that of ` +
        `shard ${other.shard.index}: scan clones of one and the same state`,
    ),
  ]
}

function failedSkip(detail: string): Skip {
  return { outcome: 'failed', reason: 'missing', detail }
}
