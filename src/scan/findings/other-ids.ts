/** Keeps the ids to which a secret may belong besides the one that its finding names. */
import type { Finding } from '../../model/model.ts'
import type { FindingPart } from '../../model/sighting.ts'
import { idFingerprint } from '../shards/id-fingerprints.ts'

/** The most ids of one secret that are kept: each is one more call when the secret is verified. */
const MAX_OTHER_IDS = 8

type WithIds = Pick<Finding, 'rule' | 'parts' | 'otherIds'>

/**
 * Returns the field `otherIds` of a finding that several were merged into: all their ids but its
 * own, in an order that does not depend on that of merging. Empty where there is none.
 */
export function otherIdsField(
  merged: Pick<Finding, 'rule' | 'parts'>,
  findings: readonly WithIds[],
): { readonly otherIds?: readonly FindingPart[] } {
  const ids = new Map<string, FindingPart>()
  for (const { rule, parts, otherIds = [] } of findings)
    for (const part of [...parts, ...otherIds])
      if (part.role === 'id') ids.set(idFingerprint(rule, part), part)
  const own = merged.parts.find(({ role }) => role === 'id')
  if (own !== undefined) ids.delete(idFingerprint(merged.rule, own))
  if (ids.size === 0) return {}
  const sorted = [...ids].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { otherIds: sorted.slice(0, MAX_OTHER_IDS).map(([, part]) => part) }
}
