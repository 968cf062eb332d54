/** `oakum baseline`: writes, shrinks and checks `oakum.baseline`. */
import { join } from 'node:path'
import { parseBaselineFile } from '../../config/baseline-file.ts'
import { findPolicyFolderInCommit } from '../../config/commit.ts'
import { baselineName, MAX_FILE_BYTES } from '../../config/files.ts'
import { writeJsonLines } from '../../config/json-lines.ts'
import type { LoadedPolicy } from '../../config/load.ts'
import { pathFromTop, locatePolicy } from '../../config/locate.ts'
import { ScanError, UsageError } from '../../model/errors.ts'
import type { Finding } from '../../model/model.ts'
import type { BaselineEntry } from '../../model/policy.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { writeLines } from '../support/without-secrets.ts'
import { scanFilesAndHistory } from '../support/scan-files-and-history.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { writeOutputFile } from '../support/output-file.ts'
import { loadPolicyFor } from '../arguments/policy.ts'
import { lastValueOf } from '../arguments/settings.ts'
import type { Overrides } from './scan.ts'

/** Runs `baseline`, `baseline --history` or `baseline --check`. */
export async function runBaseline(
  invocation: Invocation,
  io: Io,
  overrides: Overrides,
): Promise<number> {
  const { switches, values } = invocation
  const isCheck = switches.has('check')
  if (isCheck && switches.has('history'))
    throw new UsageError('baseline --check scans nothing, so it takes no --history')
  if (!isCheck && values.has('config-from'))
    throw new UsageError(
      '--config-from needs baseline --check: a baseline is written for the files in the work tree',
    )
  const withoutRevision = new Map([...values].filter(([name]) => name !== 'config-from'))
  const loaded = await loadPolicyFor({ ...invocation, values: withoutRevision }, io)
  return isCheck
    ? check(loaded, lastValueOf(invocation, 'config-from') ?? 'HEAD', io)
    : update(loaded, { history: switches.has('history') }, { io, overrides })
}

/** Writes the first baseline, or removes entries that are not found any more. */
async function update(
  { policy, folder, hasBaseline }: LoadedPolicy,
  request: { readonly history: boolean },
  { io, overrides }: { readonly io: Io; readonly overrides: Overrides },
): Promise<number> {
  const before = hasBaseline ? policy.baseline : undefined
  const history = request.history || before?.some((entry) => entry.in === 'history') === true
  const scanned = await scanFilesAndHistory({ ...policy, baseline: [] }, io, { overrides, history })
  if (!scanned.complete)
    throw new ScanError(
      'the scan is incomplete, so the baseline was not changed; oakum scan and oakum history ' +
        'list what was not read',
    )
  const current = new Map([
    ...entriesOf(scanned.history, 'history', policy.today),
    ...entriesOf(scanned.files, 'files', policy.today),
  ])
  const entries =
    before === undefined
      ? [...current.values()]
      : before.flatMap((entry) => remainingEntry(entry, current.get(entry.fingerprint)))
  const path = join(folder ?? '.', baselineName)
  writeOutputFile(path, writeJsonLines(entries), false)
  if (before === undefined) {
    await writeLines(io.stdout, [`baseline: ${entries.length} accepted for now (${path})`])
    return exitCodes.clean
  }
  await writeLines(io.stdout, [
    `baseline: ${entries.length} of ${before.length} still present (${path})`,
  ])
  const accepted = new Set(before.map(({ fingerprint }) => fingerprint))
  const newCount = [...current.keys()].filter((fingerprint) => !accepted.has(fingerprint)).length
  if (newCount > 0)
    io.stdout.write(
      `not in the baseline: ${newCount}; a baseline only shrinks, so they remain findings\n`,
    )
  return exitCodes.clean
}

function entriesOf(
  findings: readonly Finding[],
  location: BaselineEntry['in'],
  date: string,
): readonly (readonly [string, BaselineEntry])[] {
  return findings.map(({ fingerprint, rule }) => [
    fingerprint,
    { fingerprint, rule: rule.id, in: location, date },
  ])
}

/**
 * Returns the entry that stays in the baseline, if any. A secret that left the files is accepted in
 * history only; one that came back into the files is not accepted there again.
 */
function remainingEntry(
  entry: BaselineEntry,
  current: BaselineEntry | undefined,
): readonly BaselineEntry[] {
  if (current === undefined) return []
  return [entry.in === 'files' && current.in === 'history' ? { ...entry, in: 'history' } : entry]
}

/**
 * Compares the baseline with that of a commit. Exits 1 when it has an entry that the commit's
 * baseline lacks, unless the commit has no baseline.
 */
async function check(
  { policy, folder, hasBaseline }: LoadedPolicy,
  revision: string,
  io: Io,
): Promise<number> {
  const { top } = locatePolicy({ cwd: io.cwd, target: undefined, trusted: false })
  const base = await findPolicyFolderInCommit(
    { path: io.cwd, explicit: false, env: io.env },
    revision,
    pathFromTop(top, folder ?? top),
  )
  const text = await base?.files.read(baselineName, MAX_FILE_BYTES.lines)
  if (!hasBaseline || text === undefined || base === undefined) {
    await writeLines(io.stdout, [
      hasBaseline
        ? `${revision} has no baseline yet: ${policy.baseline.length} accepted for now`
        : 'there is no baseline',
    ])
    return exitCodes.clean
  }
  const baseEntries = parseBaselineFile(text, base.files.displayName(baselineName))
  const before = new Map(baseEntries.map((entry) => [entry.fingerprint, entry]))
  const added = policy.baseline.filter((entry) => isWider(entry, before.get(entry.fingerprint)))
  const demand =
    added.length === 0 ? '' : `: ${added.length} must be allowed with a reason or removed`
  await writeLines(io.stdout, [
    ...added.map((entry) => `grew: ${entry.fingerprint} ${entry.rule} (${entry.in})`),
    `${policy.baseline.length} accepted for now, ${before.size} in ${revision}${demand}`,
  ])
  return added.length === 0 ? exitCodes.clean : exitCodes.findings
}

/** True when `entry` accepts more than the entry of the commit does. */
function isWider(entry: BaselineEntry, before: BaselineEntry | undefined): boolean {
  return before === undefined || (before.in === 'history' && entry.in === 'files')
}
