/** `oakum rewrite`: creates a mirror of a repository without the secrets, and proves it. */
import { UsageError } from '../../model/errors.ts'
import { type Environment, gitEnvironment } from '../../git/commands/environment.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { readGit } from '../../git/commands/run.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { noPolicy, type Policy } from '../../model/policy.ts'
import { scan } from '../../scan/scan.ts'
import { checkFingerprints, type FindingSelection, selectFindings } from './finding-selection.ts'
import { compareTrees } from './compare.ts'
import { compareCommits } from './compare-commits.ts'
import { type Edits, editsOf, hasNoEdits } from './edits.ts'
import { filterMirror, filterRepoVersion } from './filter.ts'
import { prepareFilterData } from './filter-data.ts'
import { finishRefs } from './finish-refs.ts'
import { makeMirror, type Mirror, packObjects } from './mirror.ts'
import { countObjects, type ObjectCounts } from './objects.ts'
import { carriedRefs, isSameRefState, readRefs, type RefState } from './refs.ts'
import type { RewriteResult } from './result.ts'
import { checkTarget, openTempWorkspace, type TempWorkspace } from './temp-workspace.ts'
import { VALUE_RULE_FAMILY, type ValueRules, valueRules } from './values.ts'

export interface RewriteRequest extends FindingSelection {
  readonly repository: Repository
  /** Absolute path of the new mirror. */
  readonly target: string
  readonly policy: Policy
  /** Files and folders to remove from all commits. */
  readonly removePaths: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  /** Registers a function to call if the process ends before the rewrite does. */
  readonly onExit?: ((clear: () => void) => void) | undefined
  /** Called with the name of each step when it begins. */
  readonly onStep: (text: string) => void
}

/**
 * Rewrites a repository into a mirror. Throws a UsageError or a ScanError if that cannot begin. In
 * any case a mirror that is not proven is deleted.
 */
export async function rewrite(request: RewriteRequest): Promise<RewriteResult> {
  const { repository, target, signal } = request
  checkTarget(target, [repository.top, repository.gitDir, repository.commonDir])
  checkRepository(repository)
  const env = gitEnvironment(request.env, {
    configuration: 'none',
    ambientRepository: false,
    safeDirectories: [],
  })
  const filterRepo = await filterRepoVersion({ cwd: repository.commonDir, env })
  const refs = await readRefs({ ...repository, signal })
  if (carriedRefs(refs).carried.length === 0)
    throw new UsageError('there is no branch or tag, and so no history to rewrite')
  const workspace = openTempWorkspace(target, request)
  try {
    request.onStep('creating a mirror')
    const mirror = await makeMirror({
      source: repository,
      refs,
      folder: workspace.mirror,
      env,
      signal,
    })
    signal.throwIfAborted()
    return await rewriteMirror({ request, mirror, refs, workspace, filterRepo, env })
  } finally {
    workspace.clear()
  }
}

function checkRepository({ shallow, idLength }: Repository): void {
  if (shallow)
    throw new UsageError(
      'a shallow clone has only part of its history: run git fetch --unshallow, then rewrite',
    )
  if (idLength !== 40)
    throw new UsageError(
      'git filter-repo rewrites only repositories with SHA-1 object ids, and this one has SHA-256',
    )
}

interface RewriteContext {
  readonly request: RewriteRequest
  readonly mirror: Mirror
  /** Refs of the source. */
  readonly refs: RefState
  readonly workspace: TempWorkspace
  readonly filterRepo: string
  readonly env: Environment
}

/** Scans the mirror for what to remove, and rewrites it if there is something. */
async function rewriteMirror(context: RewriteContext): Promise<RewriteResult> {
  const { request, mirror } = context
  const { signal, removePaths } = request
  request.onStep('scanning the history')
  const scanned = await scanMirror(context, request.policy)
  checkFingerprints(scanned.findings, request, 'in the history of branches, tags and stashes')
  const chosen = selectFindings(scanned.findings, request)
  const values = valueRules(chosen)
  const valueScan = await scanForValues(context, values)
  const edits = editsOf([...chosen, ...valueScan.findings])
  const before = await countObjects(mirror, signal)
  const result = initialResult(context, { scanned, chosen, values, edits, before })
  const failed = failedSkips(scanned, valueScan)
  if (failed.length > 0) return { ...result, outcome: 'incomplete', failed }
  if (hasNoEdits(edits) && removePaths.length === 0)
    return { ...result, outcome: 'nothing', failed }
  await checkRemovePaths(mirror, removePaths)
  const rewritten = await applyEdits(context, edits, result)
  return prove(context, values, rewritten)
}

type UnprovenResult = Omit<RewriteResult, 'outcome' | 'failed'>

interface MirrorFacts {
  readonly scanned: ScanResult
  readonly chosen: ScanResult['findings']
  readonly values: ValueRules
  readonly edits: Edits
  readonly before: ObjectCounts
}

/** Returns the result as it is before anything was rewritten. */
function initialResult(
  { request, mirror, refs, filterRepo }: RewriteContext,
  { scanned, chosen, values, edits, before }: MirrorFacts,
): UnprovenResult {
  const chosenSet = new Set(chosen)
  return {
    target: request.target,
    filterRepo,
    chosen,
    others: scanned.findings.filter((finding) => !chosenSet.has(finding)),
    before,
    after: before,
    plain: values.plain,
    blobs: edits.blobs.size,
    archives: edits.whole.size,
    messages: edits.messages.size,
    names: edits.names.size,
    comparison: { commits: 0, changed: 0, replaced: 0, removed: [], wrong: [] },
    commits: { astray: [], altered: [] },
    renamedCommits: 0,
    notes: 0,
    refs: {
      carried: mirror.refs.length,
      equal: false,
      dropped: carriedRefs(refs).dropped.map(({ name }) => name),
    },
    left: [],
    unread: scanned.receipt.skipped.filter(({ outcome }) => outcome === 'bounded'),
    inTexts: scanned.inTexts ?? [],
    moved: false,
  }
}

/** Rewrites the mirror, compares it with the original commits, and completes its refs. */
async function applyEdits(
  { request, mirror, refs }: RewriteContext,
  edits: Edits,
  result: UnprovenResult,
): Promise<UnprovenResult> {
  const { signal, removePaths } = request
  request.onStep('rewriting the mirror')
  const data = await prepareFilterData(mirror, edits, removePaths, signal)
  signal.throwIfAborted()
  const map = await filterMirror(mirror, data, signal)
  signal.throwIfAborted()
  request.onStep('comparing all commits')
  const comparison = await compareTrees(mirror, map, data)
  const commits = await compareCommits({ ...mirror, signal }, map, data)
  signal.throwIfAborted()
  const finished = await finishRefs({ mirror, refs, map, data, signal })
  await packObjects(mirror)
  signal.throwIfAborted()
  return {
    ...result,
    comparison,
    commits,
    notes: finished.notes,
    renamedCommits: [...map].filter(([oldId, newId]) => oldId !== newId).length,
    refs: {
      ...result.refs,
      equal: finished.equal,
      dropped: [...result.refs.dropped, ...finished.dropped],
    },
  }
}

/**
 * Scans the rewritten mirror as the original was scanned, and for the values themselves. Moves the
 * mirror to its place only if everything holds.
 */
async function prove(
  context: RewriteContext,
  values: ValueRules,
  result: UnprovenResult,
): Promise<RewriteResult> {
  const { request, mirror, refs, workspace } = context
  request.onStep('scanning the result')
  const scanned = await scanMirror(context, request.policy)
  const valueScan = await scanForValues(context, values)
  const after = await countObjects(mirror, request.signal)
  const refsNow = await readRefs({ ...request.repository, signal: request.signal })
  request.signal.throwIfAborted()
  const failed = failedSkips(scanned, valueScan)
  const left = [...selectFindings(scanned.findings, request), ...valueScan.findings]
  const isProven =
    left.length === 0 &&
    result.comparison.wrong.length === 0 &&
    result.commits.astray.length === 0 &&
    result.refs.equal &&
    isSameHistory(result, after)
  const outcome =
    failed.length > 0 && left.length === 0 ? 'incomplete' : isProven ? 'proven' : 'left'
  if (outcome === 'proven') workspace.finish()
  return { ...result, after, left, failed, moved: !isSameRefState(refs, refsNow), outcome }
}

/**
 * True when the mirror has as many commits and merges as before, apart from commits that moved
 * notes, and every commit was compared.
 */
function isSameHistory(
  { before, notes, comparison }: UnprovenResult,
  after: RewriteResult['after'],
): boolean {
  const addedCommits = after.commits - before.commits
  return (
    (notes > 0 ? addedCommits >= 0 : addedCommits === 0) &&
    after.merges === before.merges &&
    comparison.commits >= before.commits
  )
}

function scanMirror({ request, mirror }: RewriteContext, policy: Policy): Promise<ScanResult> {
  return throwIfAborted(
    scan(
      { name: 'history', path: mirror.cwd },
      { cwd: mirror.cwd, env: request.env, signal: request.signal, policy },
    ),
    request.signal,
  )
}

/** Scans the mirror with the value rules only; without rules it scans empty input instead. */
async function scanForValues(
  { request, mirror }: RewriteContext,
  { rules }: ValueRules,
): Promise<Pick<ScanResult, 'findings' | 'receipt'>> {
  const policy: Policy = { ...noPolicy, rules, markers: 'ignore' }
  const options = { cwd: mirror.cwd, env: request.env, signal: request.signal, policy }
  if (rules.length === 0) {
    const { receipt } = await scan({ name: 'stdin', stream: emptyStream() }, options)
    return { findings: [], receipt: { ...receipt } }
  }
  return throwIfAborted(
    scan({ name: 'history', path: mirror.cwd }, { ...options, rules: [VALUE_RULE_FAMILY] }),
    request.signal,
  )
}

async function* emptyStream(): AsyncGenerator<Uint8Array> {}

/** Awaits a scan, and throws if it was interrupted: its result would be incomplete. */
async function throwIfAborted(
  scanning: Promise<ScanResult>,
  signal: AbortSignal,
): Promise<ScanResult> {
  const result = await scanning
  signal.throwIfAborted()
  return result
}

function failedSkips(...results: readonly Pick<ScanResult, 'receipt'>[]): RewriteResult['failed'] {
  return results.flatMap(({ receipt }) =>
    receipt.skipped.filter(({ outcome }) => outcome === 'failed'),
  )
}

/** Throws a UsageError for a path that no commit has: it is probably mistyped. */
async function checkRemovePaths(mirror: Mirror, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const commit = await readGit({
      ...mirror,
      args: ['rev-list', '--all', '--max-count=1', '--', path],
    })
    if (commit.length === 0)
      throw new UsageError(`--remove-path ${path}: no commit has such a file or folder`)
  }
}
