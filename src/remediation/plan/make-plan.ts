/** Makes a rotation and rewrite plan from a scan of the history. Only reads the repository. */
import type { Repository } from '../../git/commands/repository.ts'
import type { Exposure, Finding, Skip } from '../../model/model.ts'
import { noPolicy, type Policy } from '../../model/policy.ts'
import type { ScrubbedSecrets } from '../../model/scrubber.ts'
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

export interface RewritePlan {
  /** Top of the work tree, or the git folder of a bare repository. */
  readonly repository: string
  /** Credentials to rotate: others may have seen them. */
  readonly published: readonly Finding[]
  /** Credentials that the next push would publish. */
  readonly pending: readonly Finding[]
  /** Credentials that no branch or tag leads to: a rewrite does not carry them over. */
  readonly local: readonly Finding[]
  readonly edits: Edits
  readonly impact: RewriteImpact
  readonly replacements: ReplacementFile
  readonly removePaths: readonly string[]
  /** Env files with secrets: candidates for removal from all commits. */
  readonly envPaths: readonly string[]
  readonly people: readonly Person[]
  readonly remotes: readonly Remote[]
  readonly skipped: readonly Skip[]
  readonly complete: boolean
  /** Secrets that rules found in names and other texts. */
  readonly inTexts: ScrubbedSecrets
}

/** Scans the history and collects everything that the plan needs. */
export async function makePlan(request: PlanRequest): Promise<RewritePlan> {
  const { repository, policy, env, signal } = request
  const call = { ...repository, signal }
  const options = { cwd: repository.cwd, env, signal }
  const target = { name: 'history', path: repository.cwd } as const
  const result = await scan(target, { ...options, policy, cache: true })
  signal.throwIfAborted()
  checkFingerprints(result.findings, request, 'in the history')
  const chosen = selectFindings(result.findings, request)
  const published = chosen.filter((finding) => exposureOf(finding) === 'published')
  const pending = chosen.filter((finding) => exposureOf(finding) === 'pending')
  const exposed = chosen.filter((finding) =>
    ['published', 'pending'].includes(exposureOf(finding) ?? ''),
  )
  const { rules } = valueRules(exposed)
  // A second scan finds the same values wherever else they occur.
  const valueScan =
    rules.length === 0
      ? undefined
      : await scan(target, {
          ...options,
          policy: { ...noPolicy, rules, markers: 'ignore' },
          rules: [VALUE_RULE_FAMILY],
        })
  signal.throwIfAborted()
  const occurrences = [...exposed, ...(valueScan?.findings ?? [])]
  const edits = editsOf(occurrences)
  return {
    repository: repository.top ?? repository.gitDir,
    published,
    pending,
    local: chosen.filter((finding) => !exposed.includes(finding)),
    edits,
    impact: await impactOf(repository, occurrences, signal),
    replacements: await replacementFile(repository, edits, signal),
    removePaths: request.removePaths,
    envPaths: envPathsOf(exposed),
    people: await recentPeople(call),
    remotes: await remotesOf(call),
    skipped: [
      ...result.receipt.skipped,
      ...(valueScan?.receipt.skipped.filter(({ outcome }) => outcome === 'failed') ?? []),
    ],
    complete: result.receipt.complete && valueScan?.receipt.complete !== false,
    inTexts: result.inTexts ?? [],
  }
}

function exposureOf({ attribution }: Finding): Exposure | undefined {
  return attribution?.exposure
}

/** Returns the sorted paths of findings of the env file rules. */
function envPathsOf(findings: readonly Finding[]): readonly string[] {
  const paths = findings
    .filter(({ rule }) => rule.id.startsWith('dotenv'))
    .flatMap(({ places }) => places.flatMap(({ origin }) => origin.path?.text ?? []))
  return [...new Set(paths)].toSorted()
}
