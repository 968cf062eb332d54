/** An event → what it asks to be scanned. */
import { UsageError } from '../model/errors.ts'
import type { Payload } from './payload.ts'

export type Wanted =
  /** Nothing is there any more. */
  { readonly kind: 'nothing'; readonly why: string } | { readonly kind: 'history' } | Change

/** Commits that a change brings. */
export interface Change {
  readonly kind: 'change'
  /** What is pushed or proposed: a commit, or a tag of one. */
  readonly head: string
  /** What was there before; absent where nothing was. */
  readonly base?: string
  /**
   * The base may be gone, and is not needed then: what came before it on the default branch is
   * known.
   */
  readonly baseMayBeGone: boolean
  /** How many commits there are, where the event says so; else 0. */
  readonly commits: number
  /** Branches whose commits are scanned by events of their own, the default branch among them. */
  readonly settled: readonly string[]
  /** Full name of the ref that is pushed. */
  readonly ref?: string
}

export const scans = ['auto', 'range', 'history', 'tree'] as const

/** What the event asks for; UsageError for one that has no range where one is asked for. */
export function wantedBy(event: string, payload: Payload, scan: (typeof scans)[number]): Wanted {
  switch (event) {
    case 'push':
      return pushed(payload)
    case 'pull_request':
    case 'pull_request_target':
      return {
        kind: 'change',
        head: payload.commit('pull_request.head.sha'),
        base: payload.commit('pull_request.base.sha'),
        baseMayBeGone: false,
        commits: payload.count('pull_request.commits'),
        settled: branch(payload.text('pull_request.base.ref')),
      }
    case 'merge_group':
      return {
        kind: 'change',
        head: payload.commit('merge_group.head_sha'),
        base: payload.commit('merge_group.base_sha'),
        baseMayBeGone: false,
        commits: 0,
        settled: [],
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
        `the event ${/^\w{1,60}$/.test(event) ? event : 'of this workflow'} has no range that Oakum knows: set scan to history or tree`,
      )
  }
}

function pushed(payload: Payload): Wanted {
  if (payload.flag('deleted'))
    return { kind: 'nothing', why: 'a branch or tag was deleted, which brings nothing' }
  const ref = payload.text('ref') ?? ''
  const before = payload.commit('before')
  const isNew = payload.flag('created') || /^0+$/.test(before)
  const own = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined
  return {
    kind: 'change',
    head: payload.commit('after'),
    ...(!isNew && { base: before }),
    baseMayBeGone: true,
    commits: 0,
    ref,
    settled: branch(payload.text('repository.default_branch')).filter((name) => name !== own),
  }
}

function branch(name: string | undefined): readonly string[] {
  return name === undefined ? [] : [name]
}
