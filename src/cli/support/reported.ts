/** `oakum verify <report>`: a report holds no secrets, so what it names is read once more. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { openRepository } from '../../git/commands/repository.ts'
import type { Finding, RepoPath, Skip } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { type ReportedFinding, readReportedFindings } from '../../report/reported-findings.ts'
import { scan } from '../../scan/scan.ts'
import type { NamedObject, ScanOptions, Target } from '../../model/target.ts'

const mostBytes = 512 << 20

/**
 * Reads the report at once, so that what is wrong with it is known before anything else happens.
 */
export function readReported(file: string): readonly ReportedFinding[] {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new UsageError(
      `${file} is not a file: verify takes a report in JSON or JSON lines, or nothing for a scan`,
    )
  if (statSync(file).size > mostBytes)
    throw new UsageError(`${file} is larger than a report that can be read`)
  const findings = readReportedFindings(readFileSync(file, 'utf8'))
  if (findings === undefined)
    throw new UsageError(
      `${file} is not a report of oakum: verify takes one written with --format json or jsonl`,
    )
  return findings
}

/**
 * A scan of what the report names, in the current folder's repository; it gives those findings
 * only.
 */
export function scanOfReport(
  findings: readonly ReportedFinding[],
): (target: Target, options?: ScanOptions) => Promise<ScanResult> {
  return async (_target, options = {}) => {
    const targets = await targetsOf(findings, options)
    const results: ScanResult[] = []
    for (const target of targets) results.push(await scan(target, options))
    const [first, ...others] = results
    if (first === undefined)
      throw new UsageError(
        'the report names no file and no object that could be read again; what came from standard input has to be scanned again',
      )
    return onlyReported(others.reduce(joined, first), findings)
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
  const files = [
    ...new Set(
      origins.flatMap(({ object, path }) =>
        object === undefined && path !== undefined && path.bytes === undefined ? [path.text] : [],
      ),
    ),
  ]
  const top = files.length === 0 ? undefined : await topOf(options)
  const paths = files
    .map((file) => resolve(top ?? options.cwd ?? '.', file))
    .filter((file) => existsSync(file))
  return [
    ...(paths.length > 0
      ? [{ name: 'scan', paths, ...(top === undefined && { git: false }) } as const]
      : []),
    ...(objects.length > 0 ? [{ name: 'history', objects, allowShallow: true } as const] : []),
  ]
}

/**
 * Names in a report are relative to the top of the repository, or without one to the folder that
 * was scanned.
 */
async function topOf({ cwd = '.', env = {} }: ScanOptions): Promise<string | undefined> {
  try {
    return (await openRepository({ path: cwd, explicit: false, env })).top ?? undefined
  } catch (error) {
    if (error instanceof UsageError) return undefined
    throw error
  }
}

function joined(one: ScanResult, other: ScanResult): ScanResult {
  const known = new Set(one.findings.map(({ fingerprint }) => fingerprint))
  const [a, b] = [one.receipt, other.receipt]
  return {
    findings: [
      ...one.findings,
      ...other.findings.filter(({ fingerprint }) => !known.has(fingerprint)),
    ],
    suppressed: [...one.suppressed, ...other.suppressed],
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

/** What the report does not name is left out; what is not found again is said. */
function onlyReported(result: ScanResult, reported: readonly ReportedFinding[]): ScanResult {
  const wanted = new Map(reported.map((finding) => [finding.fingerprint, finding]))
  const accepted = new Set(result.suppressed.flatMap(({ finding }) => finding?.fingerprint ?? []))
  // Read among others, an id might have been joined with another secret.
  const isSame = ({ fingerprint, parts }: Finding): boolean =>
    parts
      .map(({ role, redacted }) => `${role} ${redacted}`)
      .sort()
      .join() === wanted.get(fingerprint)?.parts.toSorted().join()
  const findings = result.findings.filter(isSame)
  const found = new Set(findings.map(({ fingerprint }) => fingerprint))
  const lost = reported
    .filter(({ fingerprint }) => !found.has(fingerprint) && !accepted.has(fingerprint))
    .map(lostSkip)
  return {
    ...result,
    findings,
    receipt: {
      ...result.receipt,
      complete: result.receipt.complete && lost.length === 0,
      skipped: [...result.receipt.skipped, ...lost],
    },
  }
}

function lostSkip({ fingerprint, origins }: ReportedFinding): Skip {
  const path: RepoPath | undefined = origins.find((origin) => origin.path !== undefined)?.path
  return {
    outcome: 'failed',
    reason: 'missing',
    detail: `${fingerprint} of the report was not found again`,
    ...(path && { path }),
  }
}
