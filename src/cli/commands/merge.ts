/** `oakum merge`: the JSON reports of all shards of a history → the report of the whole. */
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { combine } from '../../scan/shards/combine.ts'
import { readShardReport, type ShardReport } from '../../scan/shards/read-shard-report.ts'
import { Flaw } from '../../scan/shards/strict.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { sayCoverage } from '../support/coverage.ts'
import { exitCodeOf } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { checkOutputFile } from '../support/output-file.ts'
import { settingsOf } from '../arguments/settings.ts'
import { report } from './scan.ts'

/** Larger ones are refused: each is read whole. */
const MAX_BYTES = 256 << 20

/** Reads the reports, writes those of the whole, and judges. */
export async function runMerge(invocation: Invocation, io: Io): Promise<number> {
  const settings = settingsOf(invocation, io)
  for (const { file } of settings.destinations) if (file !== undefined) checkOutputFile(file)
  const [first, ...others] = invocation.words.map((name) => shardOf(name, io.cwd))
  if (first === undefined) throw new UsageError('merge needs <report..>')
  if (settings.showSuppressed && [first, ...others].some(({ counts }) => counts.size > 0))
    throw new UsageError(
      'merge --show-suppressed takes reports that were written with --show-suppressed',
    )
  const result = combine([first, ...others])
  await report(result, settings, '', io)
  if (settings.verbose) await sayCoverage(result, io)
  return exitCodeOf(result, { ...settings, interrupted: io.signal.aborted })
}

function shardOf(name: string, cwd: string): ShardReport {
  const path = resolve(cwd, name)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) throw new UsageError(`${name} does not exist`)
  if (!stat.isFile()) throw new UsageError(`${name} is no file`)
  if (stat.size > MAX_BYTES) throw new UsageError(`${name} is larger than ${MAX_BYTES >> 20} MiB`)
  try {
    return readShardReport(name, readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof Flaw) throw new UsageError(`${name}: ${error.message}`, { cause: error })
    throw error
  }
}
