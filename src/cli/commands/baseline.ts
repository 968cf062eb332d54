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
import { scanFilesAndHistory } from '../support/scan-files-and-history.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { writeOutputFile } from '../support/output-file.ts'
import { policyOf } from '../arguments/policy.ts'
import { lastOf } from '../arguments/settings.ts'
import type { Overrides } from './scan.ts'

/** `baseline`, `baseline --history`, `baseline --check`. */
export async function runBaseline(
  invocation: Invocation,
  io: Io,
  doors: Overrides,
): Promise<number> {
  const { switches, values } = invocation
  const isCheck = switches.has('check')
  if (isCheck && switches.has('history'))
    throw new UsageError('baseline --check scans nothing, so it takes no --history')
  if (!isCheck && values.has('config-from'))
    throw new UsageError(
      '--config-from goes with baseline --check: a baseline is written for the files that are here',
    )
  const withoutRevision = new Map([...values].filter(([name]) => name !== 'config-from'))
  const loaded = await policyOf({ ...invocation, values: withoutRevision }, io)
  return isCheck
    ? check(loaded, lastOf(invocation, 'config-from') ?? 'HEAD', io)
    : update(loaded, { history: switches.has('history') }, { io, doors })
}

/** Writes the first baseline, or takes out of it what is found no more. */
async function update(
  { policy, folder, hasBaseline }: LoadedPolicy,
  wish: { readonly history: boolean },
  { io, doors }: { readonly io: Io; readonly doors: Overrides },
): Promise<number> {
  const before = hasBaseline ? policy.baseline : undefined
  const history = wish.history || before?.some((entry) => entry.in === 'history') === true
  const found = await scanFilesAndHistory({ ...policy, baseline: [] }, io, { doors, history })
  if (!found.complete)
    throw new ScanError(
      'not everything could be read, so the baseline is left as it was; oakum scan and oakum history say what was not',
    )
  const today = new Map([
    ...entriesOf(found.history, 'history', policy.today),
    ...entriesOf(found.files, 'files', policy.today),
  ])
  const entries =
    before === undefined
      ? [...today.values()]
      : before.flatMap((entry) => stillThere(entry, today.get(entry.fingerprint)))
  const path = join(folder ?? '.', baselineName)
  writeOutputFile(path, writeJsonLines(entries), false)
  io.stdout.write(
    before === undefined
      ? `accepted for now: ${entries.length} in ${path}\n`
      : `left of the baseline: ${entries.length} of ${before.length} in ${path}\n`,
  )
  const fresh =
    before === undefined
      ? 0
      : [...today.keys()].filter(
          (fingerprint) => !before.some((entry) => entry.fingerprint === fingerprint),
        ).length
  if (fresh > 0)
    io.stdout.write(
      `not in the baseline: ${fresh}; a baseline only shrinks, so they stay findings\n`,
    )
  return exitCodes.clean
}

function entriesOf(
  findings: readonly Finding[],
  kind: BaselineEntry['in'],
  date: string,
): readonly (readonly [string, BaselineEntry])[] {
  return findings.map(({ fingerprint, rule }) => [
    fingerprint,
    { fingerprint, rule: rule.id, in: kind, date },
  ])
}

/**
 * What left the files is accepted in history only; what came back into them is not accepted again.
 */
function stillThere(
  entry: BaselineEntry,
  now: BaselineEntry | undefined,
): readonly BaselineEntry[] {
  if (now === undefined) return []
  return [entry.in === 'files' && now.in === 'history' ? { ...entry, in: 'history' } : entry]
}

/** Exit 1 when there is an entry that was not in the commit's baseline, unless that had none. */
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
    io.stdout.write(
      hasBaseline
        ? `${revision} has no baseline yet: ${policy.baseline.length} accepted for now\n`
        : 'there is no baseline\n',
    )
    return exitCodes.clean
  }
  const before = new Map(
    parseBaselineFile(text, base.files.displayName(baselineName)).map((entry) => [
      entry.fingerprint,
      entry,
    ]),
  )
  const grown = policy.baseline.filter((entry) => isWider(entry, before.get(entry.fingerprint)))
  for (const entry of grown)
    io.stdout.write(`grew: ${entry.fingerprint} ${entry.rule} (${entry.in})\n`)
  io.stdout.write(
    `${policy.baseline.length} accepted for now, ${before.size} in ${revision}${grown.length === 0 ? '' : `: ${grown.length} must be allowed with a reason, or go`}\n`,
  )
  return grown.length === 0 ? exitCodes.clean : exitCodes.findings
}

function isWider(entry: BaselineEntry, before: BaselineEntry | undefined): boolean {
  return before === undefined || (before.in === 'history' && entry.in === 'files')
}
