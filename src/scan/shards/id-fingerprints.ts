import type { Finding } from '../../model/model.ts'
import type { Rule } from '../../model/rule.ts'
import type { FindingPart } from '../../model/sighting.ts'
import { fingerprint } from '../findings/fingerprint.ts'

/**
 * Returns the fingerprint of an id that is found without its secret: the same wherever it stands.
 * Parts read from the report of a shard have it in place of the value.
 */
export function idFingerprint(
  { family, madeBy }: Pick<Rule, 'family' | 'madeBy'>,
  part: FindingPart,
): string {
  return part.fingerprint ?? fingerprint(family, part.secret.reveal(), madeBy)
}

/** Adds to each id its fingerprint, by which merging shards joins it with places in other shards. */
export function withIdFingerprints(findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => {
    const { rule, sightings, otherIds } = finding
    const own = {
      ...finding,
      parts: fingerprinted(finding),
      ...(otherIds && { otherIds: fingerprinted({ rule, parts: otherIds }) }),
    }
    if (sightings === undefined) return own
    const { rich, worst } = sightings
    return {
      ...own,
      sightings: {
        ...sightings,
        rich: { ...rich, parts: fingerprinted(rich) },
        worst: { ...worst, parts: fingerprinted(worst) },
      },
    }
  })
}

function fingerprinted({ rule, parts }: Pick<Finding, 'rule' | 'parts'>): Finding['parts'] {
  return parts.map((part) =>
    part.role === 'id' ? { ...part, fingerprint: idFingerprint(rule, part) } : part,
  )
}
