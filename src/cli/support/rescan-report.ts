/**
 * `oakum verify <report>`: scans again the files and objects that a report names. A report holds no
 * secrets, so verification needs them read once more.
 */
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import { UsageError } from '../../model/errors.ts'
import { openRepository } from '../../git/commands/repository.ts'
import type { Finding, RepoPath, Skip } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { type ReportedFinding, readReportedFindings } from '../../report/reported-findings.ts'
import { scan } from '../../scan/scan.ts'
import type { NamedObject, ScanOptions, Target } from '../../model/target.ts'

const MAX_REPORT_BYTES = 512 << 20

/** Reads the findings of a report; throws a UsageError for a file that is not one. */
export function readReportFile(file: string): readonly ReportedFinding[] {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new UsageError(
      `${file} is not a file: verify takes a report in JSON or JSON lines, or nothing to scan`,
    )
  if (statSync(file).size > MAX_REPORT_BYTES)
    throw new UsageError(
      `${file} is larger than the ${MAX_REPORT_BYTES >> 20} MiB a report may have`,
    )
  const findings = readReportedFindings(readRegularFile(file).toString('utf8'))
  if (findings === undefined)
    throw new UsageError(
      `${file} is not a report of oakum: verify takes one written with --format json or jsonl`,
    )
  return findings
}

/**
 * Returns a scan function that ignores its target, scans what the report names in the repository of
 * the current folder, and returns only the findings of the report.
 */
export function scannerOfReport(
  findings: readonly ReportedFinding[],
): (target: Target, options?: ScanOptions) => Promise<ScanResult> {
  return async (_target, options = {}) => {
    const targets = await targetsOf(findings, options)
    const results: ScanResult[] = []
    for (const target of targets) results.push(await scan(target, options))
    const [first, ...others] = results
    if (first === undefined)
      throw new UsageError(
        'the report names no file or object that can be read again; scan standard input again instead',
      )
    return onlyReported(others.reduce(mergeResults, first), findings)
  }
}

async function targetsOf(
  findings: readonly ReportedFinding[],
  options: ScanOptions,
): Promise<readonly Target[]> {
  const origins = findings.flatMap((finding) => finding.origins)
  const objects = origins.flatMap(({ object, path }): readonly NamedObject[] =>
    object === undefined ? [] : [{ id: object, ...(path && { path }) }],
  )
  const files = new Set(
    origins.flatMap(({ object, path }) =>
      object === undefined && path !== undefined && path.bytes === undefined ? [path.text] : [],
    ),
  )
  const top = files.size === 0 ? undefined : await topOf(options)
  const paths = Array.from(files, (file) => resolve(top ?? options.cwd ?? '.', file)).filter(
    (file) => existsSync(file),
  )
  return [
    ...(paths.length > 0
      ? [{ name: 'scan', paths, ...(top === undefined && { git: false }) } as const]
      : []),
    ...(objects.length > 0 ? [{ name: 'history', objects, allowShallow: true } as const] : []),
  ]
}

/**
 * Returns the top of the repository, to which the paths of a report are relative; undefined outside
 * of a repository, where they are relative to the scanned folder.
 */
async function topOf({ cwd = '.', env = {} }: ScanOptions): Promise<string | undefined> {
  try {
    return (await openRepository({ path: cwd, explicit: false, env })).top ?? undefined
  } catch (error) {
    if (error instanceof UsageError) return undefined
    throw error
  }
}

function mergeResults(first: ScanResult, second: ScanResult): ScanResult {
  const fingerprints = new Set(first.findings.map(({ fingerprint }) => fingerprint))
  const [a, b] = [first.receipt, second.receipt]
  return {
    findings: [
      ...first.findings,
      ...second.findings.filter(({ fingerprint }) => !fingerprints.has(fingerprint)),
    ],
    suppressed: [...first.suppressed, ...second.suppressed],
    inTexts: [...(first.inTexts ?? []), ...(second.inTexts ?? [])],
    receipt: {
      ...b,
      complete: a.complete && b.complete,
      skipped: [...a.skipped, ...b.skipped],
      commits: a.commits + b.commits,
      trees: a.trees + b.trees,
      tags: a.tags + b.tags,
      blobs: a.blobs + b.blobs,
      bytes: a.bytes + b.bytes,
      durationMs: a.durationMs + b.durationMs,
    },
  }
}

/**
 * Removes findings that the report does not name, and adds a failed skip for each reported finding
 * that the scan did not find again.
 */
function onlyReported(result: ScanResult, reported: readonly ReportedFinding[]): ScanResult {
  const reportedBy = new Map(reported.map((finding) => [finding.fingerprint, finding]))
  const accepted = new Set(result.suppressed.flatMap(({ finding }) => finding?.fingerprint ?? []))
  // Scanned with other files than before, an id may have been joined with another secret: the
  // parts have to be the same too.
  const isReported = ({ fingerprint, parts }: Finding): boolean =>
    parts
      .map(({ role, redacted }) => `${role} ${redacted}`)
      .sort()
      .join() === reportedBy.get(fingerprint)?.parts.toSorted().join()
  const findings = result.findings.filter(isReported)
  const foundFingerprints = new Set(findings.map(({ fingerprint }) => fingerprint))
  const missing = reported
    .filter(({ fingerprint }) => !foundFingerprints.has(fingerprint) && !accepted.has(fingerprint))
    .map(missingSkip)
  return {
    ...result,
    findings,
    receipt: {
      ...result.receipt,
      complete: result.receipt.complete && missing.length === 0,
      skipped: [...result.receipt.skipped, ...missing],
    },
  }
}

function missingSkip({ fingerprint, origins }: ReportedFinding): Skip {
  const path: RepoPath | undefined = origins.find((origin) => origin.path !== undefined)?.path
  return {
    outcome: 'failed',
    reason: 'missing',
    detail: `${fingerprint} of the report was not found again`,
    ...(path && { path }),
  }
}
