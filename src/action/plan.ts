/** Plans the scan of the Action: the target, and the configuration that applies to it. */
import { type LoadedPolicy, loadPolicy } from '../config/load.ts'
import { isExpected, UsageError } from '../model/errors.ts'
import { type LimitOptions, pickLimits } from '../model/limits.ts'
import { noPolicy, type Policy } from '../model/policy.ts'
import type { Severity } from '../model/rule.ts'
import type { ScanOptions, Target } from '../model/target.ts'
import {
  type CloneContext,
  fetchWholeHistory,
  resolveChange,
  type ResolvedRange,
} from './commits.ts'
import { type Change, type ScanRequest, scanRequestOf } from './event.ts'
import type { Inputs } from './inputs.ts'
import type { Payload } from './payload.ts'

export type Plan =
  | { readonly kind: 'nothing'; readonly reason: string }
  | {
      readonly kind: 'scan'
      readonly target: Target
      readonly options: ScanOptions
      readonly failOn?: Severity
      /** Notes for the job summary. */
      readonly notes: readonly string[]
    }

interface Event {
  readonly name: string
  readonly payload: Payload
}

/** An id that no commit has: markers of any commit count as added by the change. */
const NULL_COMMIT = '0'.repeat(40)

/**
 * Plans the scan, and fetches the commits that it needs. Throws a UsageError, ConfigError or
 * ScanError.
 */
export async function planScan(inputs: Inputs, event: Event, clone: CloneContext): Promise<Plan> {
  const request = requestOf(inputs, event)
  if (request.kind === 'nothing') return request
  const change = request.kind === 'change' ? request : undefined
  const resolved = change && (await resolveChange(clone, change))
  const target = await targetOf(inputs, resolved, clone)
  const { policy, failOn, verify, ...limits } = await policyFor(
    inputs,
    change && resolved && { change, resolved },
    clone,
  )
  if (inputs.verify && verify === 'off')
    throw new UsageError(
      'the configuration forbids verification (verify: off): remove verify from the workflow',
    )
  const { cwd, env, signal } = clone
  const proposal: Proposal =
    change === undefined || inputs.allowFrom === 'head'
      ? { notes: [] }
      : await proposedPolicy(change, inputs, clone)
  const options: ScanOptions = {
    cwd,
    env,
    signal,
    ...policyAndLimits(policy, limits),
    ...(proposal.policy && { proposed: proposal.policy }),
  }
  return { kind: 'scan', target, options, ...(failOn && { failOn }), notes: proposal.notes }
}

/** The request of the event. An event without a range is an error only if a range is needed. */
function requestOf({ scan }: Inputs, { name, payload }: Event): ScanRequest {
  try {
    return scanRequestOf(name, payload, scan)
  } catch (error) {
    if (!isExpected(error) || scan === 'auto' || scan === 'range') throw error
    return { kind: 'history' }
  }
}

async function targetOf(
  { scan }: Inputs,
  resolved: ResolvedRange | undefined,
  clone: CloneContext,
): Promise<Target> {
  if (scan === 'tree') return { name: 'scan' }
  if (resolved !== undefined && scan !== 'history') return { name: 'range', range: resolved.range }
  await fetchWholeHistory(clone)
  return { name: 'history' }
}

interface ResolvedChange {
  readonly change: Change
  readonly resolved: ResolvedRange
}

/**
 * The configuration that applies: for a change, that of its base, so that a change cannot suppress
 * its own findings. A change without a base gets no configuration.
 */
async function policyFor(
  { allowFrom, config }: Inputs,
  resolvedChange: ResolvedChange | undefined,
  { cwd, env }: CloneContext,
): Promise<LoadedPolicy> {
  const file = config === undefined ? {} : { file: config }
  if (resolvedChange === undefined) return loadPolicy({ cwd, env, ...file })
  const { change, resolved } = resolvedChange
  if (allowFrom === 'head') {
    const loaded = await loadPolicy({ cwd, env, revision: change.head, ...file })
    const { markersAsOf: _, ...policy } = loaded.policy
    return { ...loaded, policy }
  }
  return resolved.base === undefined
    ? { policy: { ...noPolicy, markersAsOf: NULL_COMMIT }, verify: 'ask' }
    : loadPolicy({ cwd, env, revision: resolved.base, ...file })
}

interface Proposal {
  readonly policy?: Policy
  readonly notes: readonly string[]
}

/** The configuration after the change, to report which findings it would suppress. */
async function proposedPolicy(
  { head }: Change,
  { config }: Inputs,
  { cwd, env }: CloneContext,
): Promise<Proposal> {
  try {
    const { policy } = await loadPolicy({
      cwd,
      env,
      revision: head,
      ...(config !== undefined && { file: config }),
    })
    return { policy, notes: [] }
  } catch (error) {
    if (!isExpected(error)) throw error
    return { notes: [`The configuration after this change cannot be read: ${error.message}`] }
  }
}

function policyAndLimits(
  policy: Policy,
  limits: LimitOptions,
): LimitOptions & Pick<ScanOptions, 'policy'> {
  return { policy, ...pickLimits(limits) }
}
