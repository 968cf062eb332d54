/**
 * The field `shard` in the JSON report of a shard of a history. It holds everything that `oakum
 * merge` needs to combine the reports of all shards, without secrets.
 */
import type {
  Attribution,
  Finding,
  Introduction,
  Place,
  RepoPath,
  Suppressed,
} from '../../model/model.ts'
import type { FindingPart, Sighting } from '../../model/sighting.ts'
import type { ShardFacts } from '../../model/outcome.ts'
import type { Rule } from '../../model/rule.ts'

interface ScrubbedResult {
  readonly findings: readonly Finding[]
  readonly suppressed: readonly Suppressed[]
}

/**
 * The field `shard` of a scrubbed result. Candidates that a policy suppressed are always listed,
 * because several shards may have suppressed the same credential; the others are counted unless
 * `listsAllSuppressed`.
 */
export function shardJson(
  { index, count, root, sums, asked }: ShardFacts,
  { findings, suppressed }: ScrubbedResult,
  { listsAllSuppressed }: { readonly listsAllSuppressed: boolean },
): object {
  const listed = suppressed.filter(({ finding }) => listsAllSuppressed || finding !== undefined)
  const counts: Record<string, number> = {}
  for (const { suppression, finding } of suppressed)
    if (!listsAllSuppressed && finding === undefined)
      counts[suppression.by] = (counts[suppression.by] ?? 0) + 1
  const rules = new Map(
    [...findings, ...listed.flatMap(({ finding }) => finding ?? [])]
      .flatMap(rulesOf)
      .map((rule) => [rule.id, rule]),
  )
  return {
    index,
    count,
    root,
    sums,
    asked,
    rules: [...rules.values()].map(ruleJson),
    findings: findings.map(findingJson),
    suppressed: { counts, items: listed.map(suppressedJson) },
  }
}

function rulesOf({ rule, sightings }: Finding): readonly Rule[] {
  return sightings === undefined ? [rule] : [rule, sightings.rich.rule, sightings.worst.rule]
}

function ruleJson({
  id,
  family,
  provider,
  description,
  severity,
  madeBy,
  generic,
  parts,
  remedy,
  references,
}: Rule): object {
  return {
    id,
    family,
    provider,
    description,
    severity,
    madeBy,
    generic,
    roles: parts.map(({ role }) => role),
    remedy,
    references,
  }
}

function findingJson({
  fingerprint,
  places,
  attribution,
  lapsed,
  otherIds,
  sightings,
  ...sighting
}: Finding): object {
  const { rich, worst, facts } = sightings ?? {
    rich: sighting,
    worst: sighting,
    facts: sighting.facts,
  }
  return {
    fingerprint,
    rich: sightingJson(rich),
    worst: rich === worst ? null : sightingJson(worst),
    spent: sightings?.spent ?? null,
    facts,
    places: places.map(placeJson),
    attribution: attribution === undefined ? null : attributionJson(attribution),
    lapsed: lapsed ?? null,
    ...(otherIds && { otherIds: otherIds.map(partJson) }),
  }
}

function sightingJson({ rule, severity, parts, facts, explanation }: Sighting): object {
  return { rule: rule.id, severity, parts: parts.map(partJson), facts, explanation }
}

function partJson({ role, redacted, fingerprint, isSigned }: FindingPart): object {
  return {
    role,
    redacted,
    ...(fingerprint !== undefined && { fingerprint }),
    ...(isSigned && { isSigned }),
  }
}

function placeJson({ origin, role, span, time }: Place): object {
  const { kind, object, commit, member, inName, state } = origin
  const { start, end, line, column, endLine, endColumn } = span
  return {
    kind,
    role,
    ...pathJson(origin.path),
    ...(object !== undefined && { object }),
    ...(commit !== undefined && { commit }),
    ...(member !== undefined && { member }),
    ...(inName && { inName }),
    ...(state !== undefined && { state }),
    ...(Number.isFinite(time) && { time }),
    span: [start, end, line, column, endLine, endColumn],
  }
}

function pathJson(path: RepoPath | undefined): object {
  return {
    ...(path && { path: path.text }),
    ...(path?.bytes && { pathBytes: Buffer.from(path.bytes).toString('base64') }),
  }
}

/**
 * The attribution with all of its fields: `merge` combines the attributions of all shards. The
 * `satisfies` check fails to compile when a new field is missing here.
 */
function attributionJson({
  first,
  last,
  removed,
  inHead,
  inHeadHistory,
  refs,
  exposure,
  hasMorePaths,
  ...unlisted
}: Attribution): object {
  unlisted satisfies Readonly<Record<string, never>>
  return {
    first: first && introductionJson(first),
    last: last && introductionJson(last),
    ...(removed && { removed: introductionJson(removed) }),
    inHead,
    ...(inHeadHistory !== undefined && { inHeadHistory }),
    refs,
    exposure,
    ...(hasMorePaths && { hasMorePaths }),
  }
}

function introductionJson({ commit, author, date, path }: Introduction): object {
  return { commit, author, date, ...pathJson(path) }
}

function suppressedJson({ rule, suppression, redacted, place, finding }: Suppressed): object {
  return {
    rule,
    by: suppression.by,
    reason: suppression.reason,
    redacted,
    place: placeJson(place),
    finding: finding === undefined ? null : findingJson(finding),
  }
}
