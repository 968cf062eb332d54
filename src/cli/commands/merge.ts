/** `oakum merge`: combines the JSON reports of all shards of a history into one report. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import { UsageError } from '../../model/errors.ts'
import { combine } from '../../scan/shards/combine.ts'
import { readShardReport, type ShardReport } from '../../scan/shards/read-shard-report.ts'
import { ReportFormatError } from '../../scan/shards/json-decoder.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { writeCoverage } from '../support/coverage.ts'
import { exitCodeOf } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { checkOutputFile } from '../support/output-file.ts'
import { settingsOf } from '../arguments/settings.ts'
import { writeReports } from '../support/write-reports.ts'

/** Limit for one shard report: each is read whole into memory. */
const MAX_BYTES = 256 << 20

/** Reads the shard reports, writes the combined one, and exits as a scan of everything would. */
export async function runMerge(invocation: Invocation, io: Io): Promise<number> {
  const settings = settingsOf(invocation, io)
  for (const { file } of settings.destinations) if (file !== undefined) checkOutputFile(file)
  const [first, ...others] = invocation.positionals.map((name) => readShard(name, io.cwd))
  if (first === undefined) throw new UsageError('merge needs <report..>')
  if (settings.showSuppressed && [first, ...others].some(({ counts }) => counts.size > 0))
    throw new UsageError(
      'merge --show-suppressed takes reports that were written with --show-suppressed',
    )
  const result = combine([first, ...others])
  await writeReports(result, settings, '', io)
  if (settings.verbose) await writeCoverage(result, io)
  return exitCodeOf(result, { ...settings, interrupted: io.signal.aborted })
}

function readShard(name: string, cwd: string): ShardReport {
  const path = resolve(cwd, name)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) throw new UsageError(`${name} does not exist`)
  if (!stat.isFile()) throw new UsageError(`${name} is not a file`)
  if (stat.size > MAX_BYTES) throw new UsageError(`${name} is larger than ${MAX_BYTES >> 20} MiB`)
  try {
    return readShardReport(name, readRegularFile(path).toString('utf8'))
  } catch (error) {
    if (error instanceof ReportFormatError)
      throw new UsageError(`${name}: ${error.message}`, { cause: error })
    throw error
  }
}
