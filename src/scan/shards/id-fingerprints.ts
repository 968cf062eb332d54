import type { Finding } from '../../model/model.ts'
import type { FindingPart } from '../../model/sighting.ts'
import type { Rule } from '../../model/rule.ts'
import { fingerprint } from '../findings/fingerprint.ts'

/**
 * What an id is called that is found alone: the same wherever it stands, and known of it without
 * its value.
 */
export function idFingerprint(
  { family, madeBy }: Pick<Rule, 'family' | 'madeBy'>,
  part: FindingPart,
): string {
  return part.fingerprint ?? fingerprint(family, part.secret.reveal(), madeBy)
}

/** The same findings, each id with what it is called: for reports that others merge. */
export function withIdFingerprints(findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => {
    const { sightings } = finding
    const own = { ...finding, parts: named(finding) }
    return sightings === undefined
      ? own
      : {
          ...own,
          sightings: {
            ...sightings,
            rich: { ...sightings.rich, parts: named(sightings.rich) },
            worst: { ...sightings.worst, parts: named(sightings.worst) },
          },
        }
  })
}

function named({ rule, parts }: Pick<Finding, 'rule' | 'parts'>): Finding['parts'] {
  return parts.map((part) =>
    part.role === 'id' ? { ...part, fingerprint: idFingerprint(rule, part) } : part,
  )
}
