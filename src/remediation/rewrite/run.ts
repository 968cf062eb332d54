/** A repository → a mirror of it without the secrets, proven or thrown away. */
import { UsageError } from '../../model/errors.ts'
import { type Environment, gitEnvironment } from '../../git/commands/environment.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { readGit } from '../../git/commands/run.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { noPolicy, type Policy } from '../../model/policy.ts'
import { scan } from '../../scan/scan.ts'
import { checkFingerprints, type Choice, chosenOf } from './choice.ts'
import { compareTrees } from './compare.ts'
import { compareCommits } from './compare-commits.ts'
import { prepare } from './data.ts'
import { editsOf, isEmpty } from './edits.ts'
import { filterMirror, filterRepoVersion } from './filter.ts'
import { finishRefs } from './finish-refs.ts'
import { makeMirror, type Mirror, pack } from './mirror.ts'
import { countObjects } from './objects.ts'
import { areSame, carriedRefs, readRefs, type Refs } from './refs.ts'
import type { Rewritten } from './result.ts'
import { valueFamily, type ValueRules, valueRules } from './values.ts'
import { checkTarget, openTempWorkspace, type TempWorkspace } from './temp-workspace.ts'

/** What is asked for. */
export interface RewriteRequest extends Choice {
  readonly repository: Repository
  /** Absolute: where the mirror is to be. */
  readonly target: string
  readonly policy: Policy
  /** Files, or folders, that go from all commits. */
  readonly removePaths: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  /** Has this called when the process ends before the rewrite does. */
  readonly onExit?: ((clear: () => void) => void) | undefined
  /** Told what is begun. */
  readonly onStep: (text: string) => void
}

/**
 * Rewrites. UsageError and ScanError for what cannot be begun; whatever happens, what is not proven
 * does not stay.
 */
export async function rewrite(request: RewriteRequest): Promise<Rewritten> {
  const { repository, target, signal } = request
  checkTarget(target, [repository.top, repository.gitDir, repository.commonDir])
  if (repository.shallow)
    throw new UsageError(
      'a shallow clone has only a part of its history: git fetch --unshallow, then rewrite',
    )
  if (repository.idLength !== 40)
    throw new UsageError(
      'git filter-repo rewrites repositories with SHA-1 names only, and this one has SHA-256',
    )
  const env = gitEnvironment(request.env, {
    configuration: 'none',
    ambientRepository: false,
    safeDirectories: [],
  })
  const filterRepo = await filterRepoVersion({ cwd: repository.commonDir, env })
  const refs = await readRefs({ ...repository, signal })
  if (carriedRefs(refs).carried.length === 0)
    throw new UsageError('there is no branch or tag, and so no history to rewrite')
  const workshop = openTempWorkspace(target, request)
  try {
    request.onStep('making a mirror')
    const mirror = await makeMirror({
      source: repository,
      refs,
      folder: workshop.mirror,
      env,
      signal,
    })
    signal.throwIfAborted()
    return await rewriteMirror({ request, mirror, refs, workshop, filterRepo, env })
  } finally {
    workshop.clear()
  }
}

interface Course {
  readonly request: RewriteRequest
  readonly mirror: Mirror
  readonly refs: Refs
  readonly workshop: TempWorkspace
  readonly filterRepo: string
  readonly env: Environment
}

async function rewriteMirror(course: Course): Promise<Rewritten> {
  const { request, mirror, refs, filterRepo } = course
  const { signal, target, removePaths } = request
  request.onStep('scanning its history')
  const first = await scanMirror(course, request.policy)
  checkFingerprints(first.findings, request, 'in what branches, tags and stashes lead to')
  const chosen = chosenOf(first.findings, request)
  const taken = new Set(chosen)
  const others = first.findings.filter((finding) => !taken.has(finding))
  const values = valueRules(chosen)
  const everywhere = await scanValues(course, values)
  const edits = editsOf([...chosen, ...everywhere.findings])
  const before = await countObjects(mirror, signal)
  const start = {
    target,
    filterRepo,
    chosen,
    others,
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
    unread: first.receipt.skipped.filter(({ outcome }) => outcome === 'bounded'),
    moved: false,
  }
  const failed = failedIn(first, everywhere)
  if (failed.length > 0) return { ...start, outcome: 'incomplete', failed }
  if (isEmpty(edits) && removePaths.length === 0) return { ...start, outcome: 'nothing', failed }
  await checkPaths(mirror, removePaths)

  request.onStep('rewriting it')
  const data = await prepare(mirror, edits, removePaths, signal)
  signal.throwIfAborted()
  const map = await filterMirror(mirror, data, signal)
  signal.throwIfAborted()
  request.onStep('comparing all commits')
  const comparison = await compareTrees(mirror, map, data)
  const commits = await compareCommits({ ...mirror, signal }, map, data)
  signal.throwIfAborted()
  const ended = await finishRefs({ mirror, refs, map, data, signal })
  await pack(mirror)
  signal.throwIfAborted()
  return prove(course, values, {
    ...start,
    comparison,
    commits,
    notes: ended.notes,
    renamedCommits: [...map].filter(([old, fresh]) => old !== fresh).length,
    refs: { ...start.refs, equal: ended.equal, dropped: [...start.refs.dropped, ...ended.dropped] },
  })
}

type Unproven = Omit<Rewritten, 'outcome' | 'failed'>

/**
 * Scans the result as the original was scanned, and for the values themselves; only what holds gets
 * its place.
 */
async function prove(course: Course, values: ValueRules, done: Unproven): Promise<Rewritten> {
  const { request, mirror, refs, workshop } = course
  request.onStep('scanning the result')
  const again = await scanMirror(course, request.policy)
  const everywhere = await scanValues(course, values)
  const after = await countObjects(mirror, request.signal)
  const moved = !areSame(refs, await readRefs({ ...request.repository, signal: request.signal }))
  request.signal.throwIfAborted()
  const failed = failedIn(again, everywhere)
  const left = [...chosenOf(again.findings, request), ...everywhere.findings]
  const { comparison, commits } = done
  const holds =
    left.length === 0 &&
    comparison.wrong.length === 0 &&
    commits.astray.length === 0 &&
    done.refs.equal &&
    isSameHistory(done, after, comparison.commits)
  const outcome = failed.length > 0 && left.length === 0 ? 'incomplete' : holds ? 'proven' : 'left'
  if (outcome === 'proven') workshop.finish()
  return { ...done, after, left, failed, moved, outcome }
}

/**
 * As many commits and merges as before, but for those that notes needed, and every commit compared.
 */
function isSameHistory(
  { before, notes }: Unproven,
  after: Rewritten['after'],
  compared: number,
): boolean {
  const more = after.commits - before.commits
  return (
    (notes > 0 ? more >= 0 : more === 0) &&
    after.merges === before.merges &&
    compared >= before.commits
  )
}

function scanMirror({ request, mirror }: Course, policy: Policy): Promise<ScanResult> {
  return scanned(
    scan(
      { name: 'history', path: mirror.cwd },
      { cwd: mirror.cwd, env: request.env, signal: request.signal, policy },
    ),
    request.signal,
  )
}

async function scanValues(
  { request, mirror }: Course,
  { rules }: ValueRules,
): Promise<Pick<ScanResult, 'findings' | 'receipt'>> {
  const policy: Policy = { ...noPolicy, rules, markers: 'ignore' }
  const options = { cwd: mirror.cwd, env: request.env, signal: request.signal, policy }
  if (rules.length === 0)
    return {
      findings: [],
      receipt: { ...(await scan({ name: 'stdin', stream: nothing() }, options)).receipt },
    }
  return scanned(
    scan({ name: 'history', path: mirror.cwd }, { ...options, rules: [valueFamily] }),
    request.signal,
  )
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function scanned(result: Promise<ScanResult>, signal: AbortSignal): Promise<ScanResult> {
  const ended = await result
  signal.throwIfAborted()
  return ended
}

function failedIn(...results: readonly Pick<ScanResult, 'receipt'>[]): Rewritten['failed'] {
  return results.flatMap(({ receipt }) =>
    receipt.skipped.filter(({ outcome }) => outcome === 'failed'),
  )
}

/** A name that no commit has was mistyped. */
async function checkPaths(mirror: Mirror, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const commit = await readGit({
      ...mirror,
      args: ['rev-list', '--all', '--max-count=1', '--', path],
    })
    if (commit.length === 0)
      throw new UsageError(`--remove-path ${path}: no commit has such a file or folder`)
  }
}
