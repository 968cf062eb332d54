/**
 * Names may hold what was found: a file called after its key, a branch, an author, git's own words
 * about a path. They are shown with the secret replaced by its redacted form.
 */
import type {
  Attribution,
  Finding,
  Introduction,
  Place,
  RepoPath,
  Skip,
} from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { type Scrub, scrubber } from '../../model/scrubber.ts'
import type { Sighting, Sightings } from '../../model/sighting.ts'
import type { Verification } from '../../model/verification.ts'

/** The same result, with every name in it scrubbed of the findings' secrets. */
export function scrubResult(result: ScanResult): ScanResult {
  // What a policy suppressed is as secret as what it did not.
  const scrub = scrubber([
    ...result.findings,
    ...result.suppressed.flatMap(({ finding }) => finding ?? []),
    ...(result.shard?.inNames ?? []),
  ])
  const { config, range, skipped } = result.receipt
  return {
    ...(result.shard && { shard: result.shard }),
    findings: result.findings.map((finding) => scrubFinding(finding, scrub)),
    suppressed: result.suppressed.map((one) => ({
      ...one,
      ...(one.finding && { finding: scrubFinding(one.finding, scrub) }),
      suppression: { ...one.suppression, reason: scrub(one.suppression.reason) },
      redacted: scrub(one.redacted),
      place: scrubPlace(one.place, scrub),
    })),
    receipt: {
      ...result.receipt,
      config: { ...config, path: config.path === null ? null : scrub(config.path) },
      range: range === null ? null : { base: scrub(range.base), head: scrub(range.head) },
      skipped: skipped.map((skip) => scrubSkip(skip, scrub)),
    },
  }
}

function scrubFinding(finding: Finding, scrub: Scrub): Finding {
  const [first, ...others] = finding.places
  const { attribution } = finding
  return {
    ...finding,
    facts: scrubFacts(finding.facts, scrub),
    ...(finding.sightings && { sightings: scrubSightings(finding.sightings, scrub) }),
    places: [scrubPlace(first, scrub), ...others.map((place) => scrubPlace(place, scrub))],
    ...(attribution && { attribution: scrubAttribution(attribution, scrub) }),
    verification: scrubVerification(finding.verification, scrub),
    ...(finding.proposed && {
      proposed: { ...finding.proposed, reason: scrub(finding.proposed.reason) },
    }),
    ...(finding.lapsed !== undefined && { lapsed: scrub(finding.lapsed) }),
    explanation: finding.explanation.map(scrub),
  }
}

function scrubSightings({ rich, worst, spent, facts }: Sightings, scrub: Scrub): Sightings {
  const scrubbed = (one: Sighting): Sighting => ({
    ...one,
    facts: scrubFacts(one.facts, scrub),
    explanation: one.explanation.map(scrub),
  })
  return { rich: scrubbed(rich), worst: scrubbed(worst), spent, facts: scrubFacts(facts, scrub) }
}

function scrubFacts(facts: Finding['facts'], scrub: Scrub): Finding['facts'] {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, scrub(value)]))
}

function scrubVerification(verification: Verification, scrub: Scrub): Verification {
  const { reason, identity, record } = verification
  const named = identity && {
    ...identity,
    account: scrub(identity.account),
    arn: scrub(identity.arn),
    userId: scrub(identity.userId),
  }
  const told = record && {
    ...record,
    refused: record.refused.map(scrub),
    ...(record.user !== undefined && { user: scrub(record.user) }),
    ...(record.policies && { policies: record.policies.map(scrub) }),
  }
  return {
    ...verification,
    ...(reason !== undefined && { reason: scrub(reason) }),
    ...(named && { identity: named }),
    ...(told && { record: told }),
  }
}

function scrubPlace(place: Place, scrub: Scrub): Place {
  const {
    excerpt,
    origin: { path, member },
  } = place
  if (path === undefined && member === undefined && excerpt === undefined) return place
  const around = excerpt && {
    ...excerpt,
    before: scrub(excerpt.before),
    behind: scrub(excerpt.behind),
  }
  return {
    ...place,
    ...(around && { excerpt: around }),
    origin: {
      ...place.origin,
      ...(path && { path: scrubPath(path, scrub) }),
      ...(member !== undefined && { member: scrub(member) }),
    },
  }
}

function scrubAttribution(attribution: Attribution, scrub: Scrub): Attribution {
  return {
    ...attribution,
    first: attribution.first && scrubIntroduction(attribution.first, scrub),
    last: attribution.last && scrubIntroduction(attribution.last, scrub),
    ...(attribution.removed && { removed: scrubIntroduction(attribution.removed, scrub) }),
    refs: scrubRefs(attribution.refs, scrub),
  }
}

/** Findings that the same refs hold share one list of them, and it may be long. */
const scrubbedRefs = new WeakMap<Scrub, Map<readonly string[], readonly string[]>>()

function scrubRefs(refs: readonly string[], scrub: Scrub): readonly string[] {
  const lists = scrubbedRefs.get(scrub) ?? new Map<readonly string[], readonly string[]>()
  const list = lists.get(refs) ?? refs.map(scrub)
  scrubbedRefs.set(scrub, lists.set(refs, list))
  return list
}

function scrubIntroduction(introduction: Introduction, scrub: Scrub): Introduction {
  const { author, path } = introduction
  return { ...introduction, author: scrub(author), ...(path && { path: scrubPath(path, scrub) }) }
}

function scrubSkip(skip: Skip, scrub: Scrub): Skip {
  const { path, member, detail } = skip
  return {
    ...skip,
    ...(path && { path: scrubPath(path, scrub) }),
    ...(member !== undefined && { member: scrub(member) }),
    ...(detail !== undefined && { detail: scrub(detail) }),
  }
}

/** Bytes of a name that had to be scrubbed hold the secret too, so they go. */
function scrubPath(path: RepoPath, scrub: Scrub): RepoPath {
  const text = scrub(path.text)
  return text === path.text ? path : { text }
}
