/** The `json` and `jsonl` formats. `docs/report.schema.json` specifies the fields, schema 1. */
import type {
  Attribution,
  Finding,
  Introduction,
  Origin,
  Place,
  RepoPath,
  Skip,
  Suppressed,
} from '../../model/model.ts'
import type { FindingPart } from '../../model/sighting.ts'
import type { Receipt, ScanResult } from '../../model/outcome.ts'
import { nextSteps } from '../next-steps/next-steps.ts'
import type { ReportOptions } from '../options.ts'
import { escapeJson } from '../terminal/escape.ts'
import { canaryText } from '../wording/coverage.ts'
import { groupPlaces, representativePlaces } from '../wording/places.ts'
import { scrubResult } from '../wording/scrub.ts'
import { verificationJson } from '../wording/verification.ts'
import { indentedJson } from './indented-json.ts'
import { shardJson } from './shard.ts'

/** The contents of a report as plain objects, ready for `JSON.stringify`. */
interface ReportFields {
  readonly findings: readonly object[]
  readonly note?: string
  readonly suppressed: object
  readonly receipt: object
}

/** Writes the report as one indented JSON object. A shard's report has what `merge` needs, too. */
export function jsonReport(result: ScanResult, options: ReportOptions): string {
  const { shard } = result
  const shardFields = shard && {
    shard: shardJson(shard, scrubResult(result), {
      listsAllSuppressed: options.showSuppressed === true,
    }),
  }
  return indentedJson({
    oakum: options.version,
    schema: 1,
    ...reportFields(result, options),
    ...shardFields,
  })
}

/** Writes one finding per line, then a line with the receipt and the suppressed candidates. */
export function jsonlReport(result: ScanResult, options: ReportOptions): string {
  const { findings, suppressed, receipt, ...note } = reportFields(result, options)
  return [...findings, { receipt, suppressed, ...note }]
    .map((line) => `${escapeJson(JSON.stringify(line))}\n`)
    .join('')
}

/** The contents of a report, scrubbed of secrets unless the options show them. */
function reportFields(result: ScanResult, options: ReportOptions): ReportFields {
  const shown = options.showSecrets === true ? result : scrubResult(result)
  const note = canaryText(shown)
  return {
    findings: shown.findings.map((finding) => findingJson(finding, options)),
    ...(note !== undefined && { note }),
    suppressed: suppressedJson(shown.suppressed, options),
    receipt: receiptJson(shown.receipt),
  }
}

function findingJson(finding: Finding, options: ReportOptions): object {
  const groups = groupPlaces(finding.places)
  const places = options.allOrigins === true ? groups.flat() : representativePlaces(finding, groups)
  return {
    fingerprint: finding.fingerprint,
    rule: finding.rule.id,
    severity: finding.severity,
    title: finding.rule.description,
    parts: finding.parts.map((part) => partJson(part, options)),
    ...(finding.otherIds && {
      otherIds: finding.otherIds.map((part) => partJson(part, options)),
    }),
    facts: finding.facts,
    count: groups.length,
    origins: places.map(placeJson),
    attribution:
      finding.attribution === undefined
        ? null
        : attributionJson(finding.attribution, options.allOrigins === true ? Infinity : MAX_REFS),
    verification: verificationJson(finding.verification),
    nextSteps: nextSteps(
      finding,
      options.showSecrets === true ? (part) => part.secret.reveal() : undefined,
    ),
    ...(finding.proposed && { proposed: finding.proposed }),
    explanation:
      finding.lapsed === undefined ? finding.explanation : [...finding.explanation, finding.lapsed],
  }
}

function partJson({ role, redacted, secret }: FindingPart, { showSecrets }: ReportOptions): object {
  return { role, redacted, ...(showSecrets === true && { value: secret.reveal() }) }
}

function placeJson({ origin, role, span }: Place): object {
  const { line, column, endLine, endColumn } = span
  return { ...originJson(origin), line, column, endLine, endColumn, role }
}

function originJson({ kind, path, member, object, commit, state }: Origin): object {
  return {
    kind,
    ...pathJson(path),
    ...(member !== undefined && { member }),
    blob: object ?? null,
    commit: commit ?? null,
    ...(state !== undefined && { state }),
  }
}

function pathJson(path: RepoPath | undefined): object {
  return {
    path: path?.text ?? null,
    ...(path?.bytes && { pathBytes: Buffer.from(path.bytes).toString('base64') }),
  }
}

/**
 * Maximum number of refs listed per finding. Hosts keep a ref for each pull request, and an old
 * credential may be reachable from fifty thousand of them.
 */
const MAX_REFS = 100

function attributionJson(
  { first, last, removed, inHead, inHeadHistory, refs, exposure, hasMorePaths }: Attribution,
  maxRefs: number,
): object {
  const more = refs.length - maxRefs
  return {
    first: introductionJson(first),
    last: introductionJson(last),
    removed: introductionJson(removed ?? null),
    inHead,
    inHeadHistory: inHeadHistory ?? null,
    refs: refs.slice(0, maxRefs),
    ...(more > 0 && { moreRefs: more }),
    exposure,
    ...(hasMorePaths && { morePaths: true }),
  }
}

function introductionJson(introduction: Introduction | null): object | null {
  if (introduction === null) return null
  const { commit, author, date, path } = introduction
  return { commit, author, date, ...pathJson(path) }
}

function suppressedJson(suppressed: readonly Suppressed[], options: ReportOptions): object {
  const by: Record<string, number> = {}
  for (const { suppression } of suppressed) by[suppression.by] = (by[suppression.by] ?? 0) + 1
  return {
    total: suppressed.length,
    by: Object.fromEntries(Object.entries(by).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    ...(options.showSuppressed === true && { items: suppressed.map(itemJson) }),
  }
}

function itemJson({ rule, suppression, redacted, place, finding }: Suppressed): object {
  const { by, reason } = suppression
  return {
    rule,
    by,
    reason,
    redacted,
    ...(finding && { fingerprint: finding.fingerprint, severity: finding.severity }),
    origin: placeJson(place),
  }
}

function receiptJson(receipt: Receipt): object {
  return {
    complete: receipt.complete,
    target: receipt.target,
    range: receipt.range,
    reader: receipt.reader,
    commits: receipt.commits,
    trees: receipt.trees,
    tags: receipt.tags,
    blobs: receipt.blobs,
    bytes: receipt.bytes,
    skipped: receipt.skipped.map(skipJson),
    rules: receipt.rules,
    config: receipt.config,
    git: receipt.git,
    durationMs: receipt.durationMs,
    ...(receipt.shard && { shard: receipt.shard }),
  }
}

/** A skip as JSON, with null for unknown fields. */
export function skipJson({ outcome, reason, path, member, object, detail, count }: Skip): object {
  return {
    outcome,
    reason,
    ...pathJson(path),
    ...(member !== undefined && { member }),
    object: object ?? null,
    detail: detail ?? null,
    ...(count !== undefined && { count }),
  }
}
