/**
 * Tries secrets with the ids to which they may belong. The pairs that a scan found come first; the
 * answers of AWS decide which secret belongs to which id.
 */
import type { Finding } from '../model/model.ts'
import type { FindingPart } from '../model/sighting.ts'
import type { Verification } from '../model/verification.ts'
import { type Credential, isTemporary } from './credential.ts'

/** A verification, and the id that it is about where the finding names another one or none. */
export interface Trial {
  readonly verification: Verification
  readonly otherId?: FindingPart
}

interface Verifier {
  verify(credential: Credential): Promise<Verification>
}

/**
 * Groups credentials so that those of one id, and those of one finding, are in one group. Those
 * without another id come first.
 */
export function connectedGroups(
  byId: ReadonlyMap<string, readonly Credential[]>,
): readonly (readonly Credential[])[] {
  const groupOfId = new Map<string, Credential[]>()
  const groupOfFinding = new Map<Finding, Credential[]>()
  for (const credential of [...byId.values()].flat()) {
    const { id, finding } = credential
    const [one, other] = [groupOfId.get(id), groupOfFinding.get(finding)]
    const group = one ?? other ?? []
    group.push(credential)
    if (one !== undefined && other !== undefined && one !== other) {
      for (const moved of other) {
        group.push(moved)
        groupOfId.set(moved.id, group)
        groupOfFinding.set(moved.finding, group)
      }
    }
    groupOfId.set(id, group)
    groupOfFinding.set(finding, group)
  }
  return [...new Set(groupOfId.values())].map((group) =>
    group.toSorted((a, b) => Number(a.otherId !== undefined) - Number(b.otherId !== undefined)),
  )
}

/**
 * Verifies the credentials of a group, one after the other: an id has only one secret, and a secret
 * only one id, so the result of one credential can decide the others.
 */
export async function verifyGroup(
  group: readonly Credential[],
  verifier: Verifier,
  onVerified: (finding: Finding, trial: Trial) => void,
): Promise<void> {
  const resultsOfId = new Map<string, Map<string, Verification>>()
  const trials = new Map<Finding, Trial[]>()
  for (const credential of group) {
    const { id, finding, otherId } = credential
    const earlier = trials.get(finding) ?? []
    trials.set(finding, earlier)
    if (earlier.some(({ verification }) => verification.status === 'live')) continue
    const ofId = resultsOfId.get(id) ?? new Map<string, Verification>()
    resultsOfId.set(id, ofId)
    const key = [credential.secret, credential.token].map((part) => part?.reveal() ?? '').join(' ')
    const verification =
      ofId.get(key) ??
      inferFromOthers(credential, [...ofId.values()]) ??
      (await verifier.verify(credential))
    ofId.set(key, verification)
    earlier.push({ verification, ...(otherId && { otherId }) })
  }
  for (const [finding, ofFinding] of trials) onVerified(finding, decisiveTrial(ofFinding))
}

/** Infers a verification from those of other secrets of the same id. */
function inferFromOthers(
  { id }: Credential,
  verifications: readonly Verification[],
): Verification | undefined {
  if (isTemporary(id)) return undefined
  const live = verifications.find(({ status }) => status === 'live')
  if (live !== undefined)
    return {
      status: 'mismatch',
      reason: 'the key id is in use with another secret that was found',
      ...(live.partition !== undefined && { partition: live.partition }),
    }
  return verifications.find(({ status }) => status === 'inactive')
}

/**
 * Returns the trial that tells most about a finding: that in which AWS accepted its secret, else
 * that of the id it names. A secret that fits none of the ids near it may belong to another one.
 */
function decisiveTrial(trials: readonly Trial[]): Trial {
  const live = trials.find(({ verification }) => verification.status === 'live')
  const named = trials.find(({ otherId }) => otherId === undefined)
  if (live !== undefined) return live
  if (named !== undefined) return named
  const [first] = trials
  return first?.verification.status === 'not-tried'
    ? { verification: first.verification }
    : { verification: { status: 'unknown', reason: 'it belongs to none of the key ids near it' } }
}
