/** `oakum allow list` and `oakum allow stale`: prints the entries of `oakum.allow`. */
import { ScanError } from '../../model/errors.ts'
import type { AllowEntry, Policy } from '../../model/policy.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { scanFilesAndHistory } from '../support/scan-files-and-history.ts'
import { writeLines } from '../support/without-secrets.ts'
import type { Overrides } from './scan.ts'

/** Prints all entries, in the order of the file. */
export async function listEntries({ allowed, today }: Policy, io: Io): Promise<number> {
  const lines = allowed.flatMap((entry) =>
    entryLines(entry, isExpired(entry, today) ? ['expired'] : []),
  )
  await writeLines(io.stdout, allowed.length === 0 ? ['no entries'] : lines)
  return exitCodes.clean
}

/** Prints the entries that allow nothing any more, with the reason. Exits 1 if there are some. */
export async function listStaleEntries(
  policy: Policy,
  io: Io,
  overrides: Overrides,
): Promise<number> {
  const { files, history, complete } = await scanFilesAndHistory({ ...policy, strict: true }, io, {
    overrides,
    history: true,
  })
  if (!complete)
    throw new ScanError(
      'the scan is incomplete, so stale entries cannot be determined; oakum history lists what was not read',
    )
  const foundFingerprints = new Set([...files, ...history].map(({ fingerprint }) => fingerprint))
  const checkedKeys = new Set<string>()
  const lines: string[] = []
  let staleCount = 0
  for (const entry of policy.allowed) {
    const key = `${entry.fingerprint} ${JSON.stringify(entry.paths)}`
    const reasons = [
      ...(foundFingerprints.has(entry.fingerprint) ? [] : ['the value was not found anywhere']),
      ...(isExpired(entry, policy.today) ? ['expired'] : []),
      ...(checkedKeys.has(key) ? ['another entry allows the same'] : []),
    ]
    checkedKeys.add(key)
    if (reasons.length === 0) continue
    staleCount += 1
    lines.push(...entryLines(entry, reasons))
  }
  const hint = 'oakum allow remove <fingerprint> removes an entry'
  lines.push(
    staleCount === 0
      ? 'no stale entries'
      : `${staleCount} of ${policy.allowed.length} entries are stale; ${hint}`,
  )
  await writeLines(io.stdout, lines)
  return staleCount === 0 ? exitCodes.clean : exitCodes.findings
}

function isExpired({ expires }: AllowEntry, today: string): boolean {
  return expires !== undefined && expires < today
}

/** Formats an entry as two lines: fingerprint, paths and notes; reason, author and dates. */
function entryLines(
  { fingerprint, paths, reason, author, date, expires, ticket }: AllowEntry,
  notes: readonly string[],
): readonly string[] {
  const where = paths === undefined ? '' : ` in ${paths.join(', ')}`
  const until = expires === undefined ? '' : `, until ${expires}`
  return [
    `${fingerprint}${where}${notes.length === 0 ? '' : `: ${notes.join(', ')}`}`,
    `  ${reason} (${author}, ${date}${until}${ticket === undefined ? '' : `, ${ticket}`})`,
  ]
}
