/** What a planted pair looks like in a file, and in the report on it. */
import { expect } from 'vitest'
import type { Pair } from '../support/credentials.ts'
import type { FindingJson, OakumRun, OriginJson, SkipJson } from '../support/oakum.ts'
import type { Repo } from '../support/repo.ts'

/** Three lines; the secret is in the third, from column 25 to 65 (exclusive). */
export function pairText({ id, secret }: Pair): string {
  return `# deploy\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`
}

/**
 * The one finding of the report, which is this pair: both parts, each showing only ends of what was
 * planted.
 */
export function expectOnlyPair(run: OakumRun, pair: Pair): FindingJson {
  expect(run.report().findings).toHaveLength(1)
  return expectPair(run, pair)
}

/** The finding for this pair, once and whole, among others. */
export function expectPair(run: OakumRun, pair: Pair): FindingJson {
  const found = run
    .report()
    .findings.filter(
      (finding) =>
        finding.rule === 'aws-access-key' &&
        finding.parts.some(
          ({ role, redacted }) => role === 'id' && redacted.endsWith(pair.id.slice(-4)),
        ),
    )
  expect(found).toHaveLength(1)
  const finding = found[0] as FindingJson
  expect(finding.parts.map(({ role }) => role).sort()).toEqual(['id', 'secret'])
  for (const { role, redacted } of finding.parts)
    expectRedacted(redacted, role === 'id' ? pair.id : pair.secret)
  return finding
}

/** At most four characters at each end, and those of the value. */
function expectRedacted(redacted: string, value: string): void {
  const shown = /^([^…]{0,4})…([^…]{0,4})$/.exec(redacted)
  expect({
    redacted,
    fits: shown !== null && value.startsWith(shown[1] ?? '') && value.endsWith(shown[2] ?? ''),
  }).toEqual({ redacted, fits: true })
}

/**
 * Where the secret itself (not its id) was first seen. History learns paths and commits from
 * attribution.
 */
export function secretPlace(finding: FindingJson): OriginJson {
  const origin = finding.origins.find(({ role }) => role === 'secret')
  expect(origin).toBeDefined()
  const { commit = null, path = null } = finding.attribution?.first ?? {}
  const own = origin as OriginJson
  return { ...own, commit: own.commit ?? commit, path: own.path ?? path }
}

/** The bytes of the blob that the origin points at. */
export function spanText(repo: Repo, { blob, line, column, endColumn }: OriginJson): string {
  const lines = repo
    .gitBytes(['cat-file', 'blob', blob ?? ''])
    .toString('latin1')
    .split('\n')
  return (lines[line - 1] ?? '').slice(column - 1, endColumn - 1)
}

/** The skips that make a scan incomplete or were agreed on, for this reason. */
export function skipsFor(run: OakumRun, reason: string): readonly SkipJson[] {
  return run.report().receipt.skipped.filter((skip) => skip.reason === reason)
}

/** What a run comes to. */
export interface Verdict {
  readonly code: number | null
  readonly findings: number
  readonly complete: boolean
}

/** Nothing found, everything read. */
export const clean: Verdict = { code: 0, findings: 0, complete: true }

export function verdictOf(run: OakumRun): Verdict {
  const { findings, receipt } = run.report()
  return { code: run.code, findings: findings.length, complete: receipt.complete }
}
