/** Audits a repository: scans its history and its work tree, and merges both into one result. */
import { resolve } from 'node:path'
import { loadPolicy, type PolicyRequest } from '../config/load.ts'
import { FindingSet } from '../scan/findings/merge.ts'
import { readerForPath } from '../scan/env-files/reader.ts'
import { repoPath, zFields } from '../git/commands/path.ts'
import { gitOutput, openRepository, type Repository } from '../git/commands/repository.ts'
import { readGit } from '../git/commands/run.ts'
import type { LimitOptions } from '../model/limits.ts'
import type { Finding, Suppressed } from '../model/model.ts'
import type { ScanEvent, ScanResult } from '../model/outcome.ts'
import { noPolicy, type Policy } from '../model/policy.ts'
import type { ScrubbedSecrets } from '../model/scrubber.ts'
import { scan } from '../scan/scan.ts'
import { PolicyJudge } from '../scan/suppress/policy-judge.ts'
import type { ScanOptions } from '../model/target.ts'
import type { VerifyOptions } from '../verify/verify.ts'
import { trackedEnvFiles } from './tracked-env-files.ts'

/** Options of an audit, as plain data that can be sent to a worker thread. */
export interface AuditRequest {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Path of the repository; the current folder when absent. */
  readonly path?: string
  /** Configuration to load; absent for none. */
  readonly policy?: PolicyRequest
  readonly strict: boolean
  readonly allowShallow: boolean
  /** Options of verification, or the reason why it is not allowed. */
  readonly verify:
    | Pick<VerifyOptions, 'canaries' | 'accounts' | 'endpoint'>
    | { readonly refused: string }
  readonly scan: LimitOptions & Pick<ScanOptions, 'rules' | 'reader' | 'cache'>
}

/** The scan that runs: of history, or of files in the work tree. */
export type AuditPhase = 'history' | 'files'

/** Callbacks for the progress of an audit. */
export interface AuditListener {
  readonly onPhase?: (phase: AuditPhase) => void
  readonly onEvent?: (event: ScanEvent) => void
}

/** Result of an audit. It holds the secrets, so it must not leave the thread of the audit. */
export interface Audit {
  readonly repository: Repository
  /** Findings without an allow entry, worst first. */
  readonly findings: readonly Finding[]
  /** Findings that an allow entry accepts. */
  readonly accepted: readonly Suppressed[]
  readonly suppressed: readonly Suppressed[]
  /** Secrets that rules found in names and other texts. */
  readonly inTexts: ScrubbedSecrets
  /** Receipt of the history scan, and that of the work tree unless the repository is bare. */
  readonly receipts: readonly ScanResult['receipt'][]
  /** Paths of env files that git tracks. */
  readonly envFiles: readonly string[]
  /** Names of the remotes. */
  readonly remotes: readonly string[]
}

/** Ignored files that are scanned: no commit publishes them, but a copy of the folder does. */
const MAX_IGNORED_FILES = 1000

/** Scans history, then the files of the work tree. Throws the errors of `scan` and `loadPolicy`. */
export async function auditRepository(
  request: AuditRequest,
  signal: AbortSignal,
  { onPhase, onEvent }: AuditListener = {},
): Promise<Audit> {
  const policy = await policyOf(request)
  const repository = await openRepository({
    path: resolve(request.cwd, request.path ?? '.'),
    explicit: request.path !== undefined,
    env: request.env,
  })
  // An audit lists accepted findings too, so allow entries are applied after the scans.
  const withoutAllowlist: Policy = { ...policy, allowed: [] }
  const options: ScanOptions = {
    ...request.scan,
    cwd: request.cwd,
    env: request.env,
    policy: withoutAllowlist,
    signal,
    ...(onEvent && { onEvent }),
  }
  onPhase?.('history')
  // The scan emits this event only after a good part of the work, which is late for a progress bar.
  if (onEvent) onEvent({ type: 'planned', objects: await countObjects(repository) })
  const history = await scan(
    {
      name: 'history',
      ...(request.path !== undefined && { path: request.path }),
      ...(request.allowShallow && { allowShallow: true }),
    },
    options,
  )
  onPhase?.('files')
  const files =
    repository.top === null || signal.aborted
      ? undefined
      : await scan(
          { name: 'scan', paths: ['.', ...(await ignoredFiles(repository))] },
          { ...options, cwd: repository.top },
        )
  const result = applyAllowlist(mergeFindings(history.findings, files?.findings ?? []), policy)
  return {
    repository,
    findings: result.findings,
    accepted: result.accepted,
    suppressed: [...history.suppressed, ...(files?.suppressed ?? []), ...result.suppressed],
    inTexts: [...(history.inTexts ?? []), ...(files?.inTexts ?? [])],
    receipts: [history.receipt, ...(files === undefined ? [] : [files.receipt])],
    envFiles: await trackedEnvFiles(repository),
    remotes: (await gitOutput(repository, ['remote'])).split('\n').filter((name) => name !== ''),
  }
}

/** Estimates the number of objects: alternates are not counted, duplicates in packs are. */
async function countObjects(repository: Repository): Promise<number> {
  const counts = await gitOutput(repository, ['count-objects', '-v']).catch(() => '')
  return [...counts.matchAll(/^(?:count|in-pack): (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  )
}

async function policyOf({ policy, strict }: AuditRequest): Promise<Policy> {
  return policy === undefined ? { ...noPolicy, strict } : (await loadPolicy(policy)).policy
}

/** Merges findings by credential: those of history first, their files as further places. */
function mergeFindings(history: readonly Finding[], files: readonly Finding[]): readonly Finding[] {
  const set = new FindingSet()
  for (const finding of history) set.add(finding)
  for (const finding of files) set.add(finding)
  const attributions = new Map(history.map((finding) => [finding.fingerprint, finding.attribution]))
  return set.findings().map((finding) => {
    const attribution = attributions.get(finding.fingerprint)
    return attribution === undefined ? finding : { ...finding, attribution }
  })
}

/** Splits findings into those that an allow entry accepts and the others. */
function applyAllowlist(
  findings: readonly Finding[],
  policy: Policy,
): {
  readonly findings: readonly Finding[]
  readonly accepted: readonly Suppressed[]
  readonly suppressed: readonly Suppressed[]
} {
  const judge = new PolicyJudge(
    { ...noPolicy, allowed: policy.allowed, strict: policy.strict, today: policy.today },
    true,
  )
  const remaining: Finding[] = []
  const accepted: Suppressed[] = []
  const suppressed: Suppressed[] = []
  for (const original of findings) {
    const { finding, suppressed: matches } = judge.judge(original)
    if (finding !== undefined) remaining.push(finding)
    const [first, ...others] = matches
    if (finding === undefined && first !== undefined) accepted.push({ ...first, finding: original })
    suppressed.push(...(finding === undefined ? others : matches))
  }
  return { findings: remaining, accepted, suppressed }
}

/**
 * Lists ignored files with names of credential files, such as `.env`. Files in node_modules are not
 * the user's own and are skipped.
 */
async function ignoredFiles({ top, ownEnv }: Repository): Promise<readonly string[]> {
  const names = await readGit({
    cwd: top ?? '.',
    env: ownEnv,
    args: ['ls-files', '-z', '--others', '--ignored', '--exclude-standard'],
  }).catch(() => Buffer.alloc(0))
  const paths = [...zFields(names)]
    .map(repoPath)
    .filter(
      ({ bytes, text }) =>
        bytes === undefined &&
        readerForPath(text) !== undefined &&
        !/(?:^|\/)node_modules\//.test(text),
    )
  return paths.slice(0, MAX_IGNORED_FILES).map(({ text }) => text)
}
