import { ScanError } from '../../model/errors.ts'
import type { AllowEntry, Policy } from '../../model/policy.ts'
import { escapeForTerminal } from '../../report/terminal/escape.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { scanFilesAndHistory } from '../support/scan-files-and-history.ts'
import type { Overrides } from './scan.ts'

/** Prints the entries, in the order of the file. */
export function listEntries({ allowed, today }: Policy, io: Io): number {
  for (const entry of allowed)
    io.stdout.write(linesOf(entry, isExpired(entry, today) ? ['expired'] : []))
  if (allowed.length === 0) io.stdout.write('no entries\n')
  return exitCodes.clean
}

/** Prints the entries that allow nothing any more, and why. Exit 1 when there are some. */
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
      'not everything could be read, so nobody knows which values are gone; oakum history says what was not',
    )
  const found = new Set([...files, ...history].map(({ fingerprint }) => fingerprint))
  const seen = new Set<string>()
  let stale = 0
  for (const entry of policy.allowed) {
    const key = `${entry.fingerprint} ${JSON.stringify(entry.paths)}`
    const reasons = [
      ...(found.has(entry.fingerprint) ? [] : ['the value is nowhere any more']),
      ...(isExpired(entry, policy.today) ? ['expired'] : []),
      ...(seen.has(key) ? ['another entry allows the same'] : []),
    ]
    seen.add(key)
    if (reasons.length === 0) continue
    stale += 1
    io.stdout.write(linesOf(entry, reasons))
  }
  io.stdout.write(
    stale === 0
      ? 'no stale entries\n'
      : `${stale} of ${policy.allowed.length} entries; oakum allow remove <fingerprint> removes one\n`,
  )
  return stale === 0 ? exitCodes.clean : exitCodes.findings
}

function isExpired({ expires }: AllowEntry, today: string): boolean {
  return expires !== undefined && expires < today
}

/** Two lines: what is allowed and whether it still is; why, who, when. */
function linesOf(
  { fingerprint, paths, reason, author, date, expires, ticket }: AllowEntry,
  notes: readonly string[],
): string {
  const where = paths === undefined ? '' : ` in ${paths.join(', ')}`
  const until = expires === undefined ? '' : `, until ${expires}`
  const lines = [
    `${fingerprint}${where}${notes.length === 0 ? '' : `: ${notes.join(', ')}`}`,
    `  ${reason} (${author}, ${date}${until}${ticket === undefined ? '' : `, ${ticket}`})`,
  ]
  return lines.map((text) => `${escapeForTerminal(text)}\n`).join('')
}
