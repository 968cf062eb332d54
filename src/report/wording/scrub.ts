/**
 * Scrubs secrets from the texts in a result. A file, branch or author may be named after a secret,
 * error messages of git quote paths, and a line may hold a secret beside the found one. Secrets that
 * rules found are replaced by their redacted form, whatever else looks random by `…`.
 */
import type {
  Attribution,
  Finding,
  Introduction,
  Place,
  RepoPath,
  Skip,
  Suppressed,
} from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { type Scrub, scrubber } from '../../model/scrubber.ts'
import type { Sighting, Sightings } from '../../model/sighting.ts'
import type { Verification } from '../../model/verification.ts'

/** Returns the result with all secrets scrubbed from its texts. */
export function scrubResult(result: ScanResult): ScanResult {
  // Findings that a policy suppressed are secrets, too.
  const scrub = scrubber([
    ...result.findings,
    ...result.suppressed.flatMap(({ finding }) => finding ?? []),
    ...(result.inTexts ?? []),
  ])
  const { config, range, skipped } = result.receipt
  return {
    ...(result.shard && { shard: result.shard }),
    findings: result.findings.map((finding) => scrubFinding(finding, scrub)),
    suppressed: result.suppressed.map((candidate) => scrubSuppressed(candidate, scrub)),
    receipt: {
      ...result.receipt,
      config: { ...config, path: config.path === null ? null : scrub(config.path) },
      range: range === null ? null : { base: scrub(range.base), head: scrub(range.head) },
      skipped: skipped.map((skip) => scrubSkip(skip, scrub)),
    },
  }
}

function scrubSuppressed(candidate: Suppressed, scrub: Scrub): Suppressed {
  const { finding, suppression, redacted, place } = candidate
  return {
    ...candidate,
    ...(finding && { finding: scrubFinding(finding, scrub) }),
    suppression: { ...suppression, reason: scrub(suppression.reason) },
    redacted: scrub(redacted),
    place: scrubPlace(place, scrub),
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
    explanation: finding.explanation.map((line) => scrub(line)),
  }
}

function scrubSightings({ rich, worst, spent, facts }: Sightings, scrub: Scrub): Sightings {
  return {
    rich: scrubSighting(rich, scrub),
    worst: scrubSighting(worst, scrub),
    spent,
    facts: scrubFacts(facts, scrub),
  }
}

function scrubSighting(sighting: Sighting, scrub: Scrub): Sighting {
  return {
    ...sighting,
    facts: scrubFacts(sighting.facts, scrub),
    explanation: sighting.explanation.map((line) => scrub(line)),
  }
}

function scrubFacts(facts: Finding['facts'], scrub: Scrub): Finding['facts'] {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, scrub(value)]))
}

function scrubVerification(verification: Verification, scrub: Scrub): Verification {
  const { reason, identity, record } = verification
  const scrubbedIdentity = identity && {
    ...identity,
    account: scrub(identity.account),
    arn: scrub(identity.arn),
    userId: scrub(identity.userId),
  }
  const scrubbedRecord = record && {
    ...record,
    refused: record.refused.map((line) => scrub(line)),
    ...(record.user !== undefined && { user: scrub(record.user) }),
    ...(record.policies && { policies: record.policies.map((line) => scrub(line)) }),
  }
  return {
    ...verification,
    ...(reason !== undefined && { reason: scrub(reason) }),
    ...(scrubbedIdentity && { identity: scrubbedIdentity }),
    ...(scrubbedRecord && { record: scrubbedRecord }),
  }
}

function scrubPlace(place: Place, scrub: Scrub): Place {
  const {
    excerpt,
    origin: { path, member },
  } = place
  if (path === undefined && member === undefined && excerpt === undefined) return place
  const scrubbedExcerpt = excerpt && {
    ...excerpt,
    before: scrub(excerpt.before, 'content'),
    behind: scrub(excerpt.behind, 'content'),
  }
  return {
    ...place,
    ...(scrubbedExcerpt && { excerpt: scrubbedExcerpt }),
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

/**
 * Scrubbed lists of refs by the original list. Findings reachable from the same refs share one
 * list, which may have thousands of entries.
 */
const scrubbedRefs = new WeakMap<Scrub, Map<readonly string[], readonly string[]>>()

function scrubRefs(refs: readonly string[], scrub: Scrub): readonly string[] {
  const lists = scrubbedRefs.get(scrub) ?? new Map<readonly string[], readonly string[]>()
  const list = lists.get(refs) ?? refs.map((ref) => scrub(ref))
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

/** Scrubs a path. The raw bytes of a path with a secret contain it, too, and are dropped. */
function scrubPath(path: RepoPath, scrub: Scrub): RepoPath {
  const text = scrub(path.text)
  return text === path.text ? path : { text }
}
