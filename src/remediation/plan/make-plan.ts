/** A history with findings → what to do, in order. Reads only. */
import type { Repository } from '../../git/commands/repository.ts'
import type { Finding, Skip } from '../../model/model.ts'
import { noPolicy, type Policy } from '../../model/policy.ts'
import { scan } from '../../scan/scan.ts'
import {
  checkFingerprints,
  type FindingSelection,
  selectFindings,
} from '../rewrite/finding-selection.ts'
import { type Edits, editsOf } from '../rewrite/edits.ts'
import { type RewriteImpact, impactOf } from './impact.ts'
import { type Person, recentPeople, type Remote, remotesOf } from './people.ts'
import { type ReplacementFile, replacementFile } from './replacement-file.ts'
import { VALUE_RULE_FAMILY, valueRules } from '../rewrite/values.ts'

export interface PlanRequest extends FindingSelection {
  readonly repository: Repository
  readonly policy: Policy
  readonly removePaths: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/** What is known of the way from here to a history without the secrets. */
export interface RewritePlan {
  readonly repository: string
  /** To rotate: what others may have seen. */
  readonly published: readonly Finding[]
  /** What the next push would publish. */
  readonly pending: readonly Finding[]
  /** What no branch or tag leads to: a rewrite does not carry it over. */
  readonly local: readonly Finding[]
  readonly edits: Edits
  readonly impact: RewriteImpact
  readonly replacements: ReplacementFile
  readonly removePaths: readonly string[]
  /** Env files in which secrets were found: candidates to go from all commits. */
  readonly envPaths: readonly string[]
  readonly people: readonly Person[]
  readonly remotes: readonly Remote[]
  readonly skipped: readonly Skip[]
  readonly complete: boolean
}

/** Scans the history, looks what it would take, and changes nothing. */
export async function makePlan(request: PlanRequest): Promise<RewritePlan> {
  const { repository, policy, env, signal } = request
  const call = { ...repository, signal }
  const options = { cwd: repository.cwd, env, signal }
  const target = { name: 'history', path: repository.cwd } as const
  const result = await scan(target, { ...options, policy, cache: true })
  signal.throwIfAborted()
  checkFingerprints(result.findings, request, 'of the history')
  const chosen = selectFindings(result.findings, request)
  const exposed = chosen.filter(
    ({ attribution }) =>
      attribution?.exposure === 'published' || attribution?.exposure === 'pending',
  )
  const { rules } = valueRules(exposed)
  // The values themselves, wherever else they stand.
  const values =
    rules.length === 0
      ? undefined
      : await scan(target, {
          ...options,
          policy: { ...noPolicy, rules, markers: 'ignore' },
          rules: [VALUE_RULE_FAMILY],
        })
  signal.throwIfAborted()
  const everywhere = [...exposed, ...(values?.findings ?? [])]
  const edits = editsOf(everywhere)
  return {
    repository: repository.top ?? repository.gitDir,
    published: chosen.filter(({ attribution }) => attribution?.exposure === 'published'),
    pending: chosen.filter(({ attribution }) => attribution?.exposure === 'pending'),
    local: chosen.filter((finding) => !exposed.includes(finding)),
    edits,
    impact: await impactOf(repository, everywhere, signal),
    replacements: await replacementFile(repository, edits, signal),
    removePaths: request.removePaths,
    envPaths: [
      ...new Set(
        exposed
          .filter(({ rule }) => rule.id.startsWith('dotenv'))
          .flatMap(({ places }) => places.flatMap(({ origin }) => origin.path?.text ?? [])),
      ),
    ].toSorted(),
    people: await recentPeople(call),
    remotes: await remotesOf(call),
    skipped: [
      ...result.receipt.skipped,
      ...(values?.receipt.skipped.filter(({ outcome }) => outcome === 'failed') ?? []),
    ],
    complete: result.receipt.complete && values?.receipt.complete !== false,
  }
}
