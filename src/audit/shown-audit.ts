/** Converts a whole audit to the plain data that may be shown. */
import { basename } from 'node:path'
import { scrubResult } from '../report/wording/scrub.ts'
import type { Finding, Skip } from '../model/model.ts'
import type { Coverage, ShownAudit } from '../model/shown.ts'
import type { Audit } from './audit.ts'
import { createCleaner } from './clean.ts'
import { acceptanceOf, showFinding, showSkips } from './show.ts'

/** Removes all secrets from an audit and escapes its texts. */
export function showAudit(audit: Audit): ShownAudit {
  const [receipt] = audit.receipts
  if (receipt === undefined) throw new Error('an audit has a receipt')
  const skipped = audit.receipts.flatMap((auditReceipt) => auditReceipt.skipped)
  const clean = createCleaner(audit)
  const accepted = new Map(
    audit.accepted.flatMap((entry) =>
      entry.finding === undefined
        ? []
        : [[entry.finding.fingerprint, acceptanceOf(entry, clean)] as const],
    ),
  )
  // All findings are scrubbed together, since a path of one may hold the secret of another.
  const all = [...audit.findings, ...audit.accepted.flatMap(({ finding }) => finding ?? [])]
  const scrubbed = scrubResult({
    findings: all,
    suppressed: audit.suppressed,
    receipt: { ...receipt, skipped },
    inTexts: audit.inTexts,
  })
  const { repository } = audit
  return {
    name: clean(basename(repository.top ?? repository.gitDir)),
    findings: scrubbed.findings.map((finding) =>
      showFinding(finding, accepted.get(finding.fingerprint)),
    ),
    coverage: coverageOf(audit, scrubbed.receipt.skipped, clean),
  }
}

function coverageOf(
  { receipts, envFiles, remotes, suppressed }: Audit,
  skipped: readonly Skip[],
  clean: (text: string) => string,
): Coverage {
  const sum = (count: (receipt: Audit['receipts'][number]) => number): number =>
    receipts.reduce((total, receipt) => total + count(receipt), 0)
  const [history, files] = receipts
  return {
    complete: receipts.every(({ complete }) => complete),
    skipped: showSkips(skipped),
    commits: history?.commits ?? 0,
    trees: history?.trees ?? 0,
    tags: history?.tags ?? 0,
    blobs: history?.blobs ?? 0,
    files: files?.blobs ?? 0,
    bytes: sum(({ bytes }) => bytes),
    durationMs: sum(({ durationMs }) => durationMs),
    rules: history?.rules.count ?? 0,
    remotes: remotes.map((name) => clean(name)),
    envFiles: envFiles.map((path) => clean(path)),
    suppressed: suppressed.length,
  }
}

/** Returns the findings and accepted findings by fingerprint. */
export function byFingerprint(audit: Audit): ReadonlyMap<string, Finding> {
  return new Map(
    [...audit.findings, ...audit.accepted.flatMap(({ finding }) => finding ?? [])].map(
      (finding) => [finding.fingerprint, finding],
    ),
  )
}
