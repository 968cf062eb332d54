/** An audit: every object of a repository and the files beside it, as one list of findings. */
import { resolve } from 'node:path'
import { loadPolicy, type PolicyRequest } from '../config/load.ts'
import { envFamilyOf } from '../scan/env-files/family.ts'
import { FindingSet } from '../scan/findings/merge.ts'
import { readerOf } from '../scan/env-files/reader.ts'
import { repoPath, zFields } from '../git/commands/path.ts'
import { ask, openRepository, type Repository } from '../git/commands/repository.ts'
import { readGit } from '../git/commands/run.ts'
import type { Finding, Suppressed } from '../model/model.ts'
import type { ScanEvent, ScanResult } from '../model/outcome.ts'
import { noPolicy, type Policy } from '../model/policy.ts'
import { scan } from '../scan/scan.ts'
import { PolicyJudge } from '../scan/suppress/policy-judge.ts'
import type { ScanOptions } from '../model/target.ts'
import type { VerifyOptions } from '../verify/verify.ts'

/** What to audit, as plain data: it crosses threads. */
export interface AuditRequest {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** The repository, where one was given. */
  readonly path?: string
  /** Absent for no configuration. */
  readonly policy?: PolicyRequest
  readonly strict: boolean
  readonly allowShallow: boolean
  /** How AWS is asked, on request; or why nobody may be. */
  readonly verify:
    | Pick<VerifyOptions, 'canaries' | 'accounts' | 'endpoint'>
    | { readonly refused: string }
  readonly scan: Pick<
    ScanOptions,
    'rules' | 'maxBlobBytes' | 'archiveDepth' | 'jobs' | 'reader' | 'cache' | 'deadlineMs'
  >
}

/** Which of the two scans runs. */
export type AuditPhase = 'history' | 'files'

export interface AuditListener {
  readonly onPhase?: (phase: AuditPhase) => void
  readonly onEvent?: (event: ScanEvent) => void
}

/** What was found, with the secrets in it. */
export interface Audit {
  readonly repository: Repository
  /** What is not accepted, worst first. */
  readonly findings: readonly Finding[]
  /** What allow entries let stay. */
  readonly accepted: readonly Suppressed[]
  readonly suppressed: readonly Suppressed[]
  /** Of history, and of the files where there are any. */
  readonly receipts: readonly ScanResult['receipt'][]
  readonly envFiles: readonly string[]
  readonly remotes: readonly string[]
}

/** Ignored files that are read though no commit takes them: a copy of the folder does. */
const MAX_IGNORED_FILES = 1000

/** Scans history, then the files of the work tree. Errors are those of `scan` and `loadPolicy`. */
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
  // What is accepted is shown as such, so allow entries are applied to what was found and not while
  // it is found.
  const open: Policy = { ...policy, allowed: [] }
  const options: ScanOptions = {
    ...request.scan,
    cwd: request.cwd,
    env: request.env,
    policy: open,
    signal,
    ...(onEvent && { onEvent }),
  }
  onPhase?.('history')
  // The scan itself asks too, but has no time to hear the answer until a good part of it is done.
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
  const judged = applyAllowlist(mergeFindings(history.findings, files?.findings ?? []), policy)
  return {
    repository,
    findings: judged.findings,
    accepted: judged.accepted,
    suppressed: [...history.suppressed, ...(files?.suppressed ?? []), ...judged.suppressed],
    receipts: [history.receipt, ...(files === undefined ? [] : [files.receipt])],
    envFiles: await trackedEnvFiles(repository),
    remotes: (await ask(repository, ['remote'])).split('\n').filter((name) => name !== ''),
  }
}

/** Roughly: what alternates hold is not counted, what is stored twice is. */
async function countObjects(repository: Repository): Promise<number> {
  const counts = await ask(repository, ['count-objects', '-v']).catch(() => '')
  return [...counts.matchAll(/^(?:count|in-pack): (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  )
}

async function policyOf({ policy, strict }: AuditRequest): Promise<Policy> {
  return policy === undefined ? { ...noPolicy, strict } : (await loadPolicy(policy)).policy
}

/** One finding a credential: what history says of it, and its files as further places of it. */
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

/** What allow entries let stay, and what is left. */
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
  const open: Finding[] = []
  const accepted: Suppressed[] = []
  const suppressed: Suppressed[] = []
  for (const one of findings) {
    const { finding, suppressed: taken } = judge.judge(one)
    if (finding !== undefined) open.push(finding)
    const [first, ...others] = taken
    if (finding === undefined && first !== undefined) accepted.push({ ...first, finding: one })
    suppressed.push(...(finding === undefined ? others : taken))
  }
  return { findings: open, accepted, suppressed }
}

/**
 * Files that git ignores and whose names say that they hold credentials; those of installed
 * packages are not the user's own.
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
        bytes === undefined && readerOf(text) !== undefined && !/(?:^|\/)node_modules\//.test(text),
    )
  return paths.slice(0, MAX_IGNORED_FILES).map(({ text }) => text)
}

/** Names of env files in the index, or without one in HEAD; templates are meant to be there. */
async function trackedEnvFiles(repository: Repository): Promise<readonly string[]> {
  const args =
    repository.top === null
      ? ['ls-tree', '-r', '-z', '--name-only', '--full-tree', 'HEAD']
      : ['ls-files', '-z', '--full-name', '--', '.']
  const names = await readGit({
    cwd: repository.top ?? repository.cwd,
    env: repository.env,
    args,
  }).catch(() => Buffer.alloc(0))
  return [...new Set([...zFields(names)].map((name) => repoPath(name).text))].filter(
    (path) => envFamilyOf(path.slice(path.lastIndexOf('/') + 1)) === 'env',
  )
}
