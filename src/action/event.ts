/** Maps an event of GitHub Actions to the commits that it asks to scan. */
import { UsageError } from '../model/errors.ts'
import type { Payload } from './payload.ts'

/** A scan that an event asks for. */
export type ScanRequest =
  | { readonly kind: 'nothing'; readonly reason: string }
  | { readonly kind: 'history' }
  | Change

/** The commits that a push, a pull request or a merge group adds. */
export interface Change {
  readonly kind: 'change'
  /** The pushed or proposed commit, or a tag of one. */
  readonly head: string
  /** The commit before the change; absent for a new branch or tag. */
  readonly base?: string
  /**
   * True when the base may be missing, as after a forced push. The scanned branches then limit the
   * range.
   */
  readonly isBaseOptional: boolean
  /** The number of commits in the change, or 0 if the event does not contain it. */
  readonly commits: number
  /** Branches whose own events are scanned, so that their commits need not be scanned again. */
  readonly scannedBranches: readonly string[]
  /** The full name of the pushed ref. */
  readonly ref?: string
}

/** The values of the input `scan`. */
export const scanModes = ['auto', 'range', 'history', 'tree'] as const

/** The scan that an event asks for. Throws a UsageError if the event has no range but needs one. */
export function scanRequestOf(
  event: string,
  payload: Payload,
  scan: (typeof scanModes)[number],
): ScanRequest {
  switch (event) {
    case 'push':
      return pushRequest(payload)
    case 'pull_request':
    case 'pull_request_target':
      return {
        kind: 'change',
        head: payload.commit('pull_request.head.sha'),
        base: payload.commit('pull_request.base.sha'),
        isBaseOptional: false,
        commits: payload.count('pull_request.commits'),
        scannedBranches: branchList(payload.text('pull_request.base.ref')),
      }
    case 'merge_group':
      return {
        kind: 'change',
        head: payload.commit('merge_group.head_sha'),
        base: payload.commit('merge_group.base_sha'),
        isBaseOptional: false,
        commits: 0,
        scannedBranches: [],
      }
    case 'schedule':
    case 'workflow_dispatch':
      if (scan === 'range')
        throw new UsageError(
          `the event ${event} has no range: leave scan at auto, or set it to history or tree`,
        )
      return { kind: 'history' }
    default:
      throw new UsageError(
        `the event ${/^\w{1,60}$/.test(event) ? event : 'of this workflow'} has no range ` +
          'that Oakum supports: set scan to history or tree',
      )
  }
}

function pushRequest(payload: Payload): ScanRequest {
  if (payload.flag('deleted'))
    return { kind: 'nothing', reason: 'nothing to scan: a branch or tag was deleted' }
  const ref = payload.text('ref') ?? ''
  const before = payload.commit('before')
  const isNew = payload.flag('created') || /^0+$/.test(before)
  const pushedBranch = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined
  return {
    kind: 'change',
    head: payload.commit('after'),
    ...(!isNew && { base: before }),
    isBaseOptional: true,
    commits: 0,
    ref,
    scannedBranches: branchList(payload.text('repository.default_branch')).filter(
      (name) => name !== pushedBranch,
    ),
  }
}

function branchList(name: string | undefined): readonly string[] {
  return name === undefined ? [] : [name]
}
