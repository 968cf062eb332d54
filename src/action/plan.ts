/** Inputs and an event → what to scan, with which configuration. */
import { type LoadedPolicy, loadPolicy } from '../config/load.ts'
import { isExpected, UsageError } from '../model/errors.ts'
import { type LimitOptions, pickLimits } from '../model/limits.ts'
import { noPolicy, type Policy } from '../model/policy.ts'
import type { Severity } from '../model/rule.ts'
import type { ScanOptions, Target } from '../model/target.ts'
import { type Place, type Resolved, resolveChange, wholeHistory } from './commits.ts'
import { type Change, type Wanted, wantedBy } from './event.ts'
import type { Inputs } from './inputs.ts'
import type { Payload } from './payload.ts'

export type Plan =
  | { readonly kind: 'nothing'; readonly why: string }
  | {
      readonly kind: 'scan'
      readonly target: Target
      readonly options: ScanOptions
      readonly failOn?: Severity
      readonly notes: readonly string[]
    }

interface Event {
  readonly name: string
  readonly payload: Payload
}

/** No commit has this name: nothing stood there before. */
const NOWHERE = '0'.repeat(40)

/**
 * Makes sure that all is there that the scan needs. Throws UsageError, ConfigError and ScanError.
 */
export async function planOf(inputs: Inputs, event: Event, place: Place): Promise<Plan> {
  const wanted = wantedOf(inputs, event)
  if (wanted.kind === 'nothing') return wanted
  const change = wanted.kind === 'change' ? wanted : undefined
  const resolved = change && (await resolveChange(place, change))
  const target = await targetOf(inputs, resolved, place)
  const { policy, failOn, verify, ...limits } = await policyOf(
    inputs,
    change && resolved && { change, resolved },
    place,
  )
  if (inputs.verify && verify === 'off')
    throw new UsageError(
      'the configuration forbids to ask anybody about credentials (verify: off): take verify out of the workflow',
    )
  const { cwd, env, signal } = place
  const proposal: Proposal =
    change === undefined || inputs.allowFrom === 'head'
      ? { notes: [] }
      : await proposedBy(change, inputs, place)
  const options: ScanOptions = {
    cwd,
    env,
    signal,
    ...policyAndLimits(policy, limits),
    ...(proposal.policy && { proposed: proposal.policy }),
  }
  return { kind: 'scan', target, options, ...(failOn && { failOn }), notes: proposal.notes }
}

/** Where no range is asked for, an event without one is as good as any. */
function wantedOf({ scan }: Inputs, { name, payload }: Event): Wanted {
  try {
    return wantedBy(name, payload, scan)
  } catch (error) {
    if (!isExpected(error) || scan === 'auto' || scan === 'range') throw error
    return { kind: 'history' }
  }
}

async function targetOf(
  { scan }: Inputs,
  resolved: Resolved | undefined,
  place: Place,
): Promise<Target> {
  if (scan === 'tree') return { name: 'scan' }
  if (resolved !== undefined && scan !== 'history') return { name: 'range', range: resolved.range }
  await wholeHistory(place)
  return { name: 'history' }
}

interface AtBase {
  readonly change: Change
  readonly resolved: Resolved
}

/** Of a change what counts is what stood at its base; where nothing did, nothing counts. */
async function policyOf(
  { allowFrom, config }: Inputs,
  at: AtBase | undefined,
  { cwd, env }: Place,
): Promise<LoadedPolicy> {
  const file = config === undefined ? {} : { file: config }
  if (at === undefined) return loadPolicy({ cwd, env, ...file })
  if (allowFrom === 'head') {
    const loaded = await loadPolicy({ cwd, env, revision: at.change.head, ...file })
    const { markersAsOf: _, ...policy } = loaded.policy
    return { ...loaded, policy }
  }
  const { base } = at.resolved
  return base === undefined
    ? { policy: { ...noPolicy, markersAsOf: NOWHERE }, verify: 'ask' }
    : loadPolicy({ cwd, env, revision: base, ...file })
}

interface Proposal {
  readonly policy?: Policy
  readonly notes: readonly string[]
}

/** What the change makes of the configuration, to be told and not to be heeded. */
async function proposedBy(
  { head }: Change,
  { config }: Inputs,
  { cwd, env }: Place,
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
    return {
      notes: [`The configuration as this change leaves it cannot be read: ${error.message}`],
    }
  }
}

function policyAndLimits(
  policy: Policy,
  limits: LimitOptions,
): LimitOptions & Pick<ScanOptions, 'policy'> {
  return { policy, ...pickLimits(limits) }
}
