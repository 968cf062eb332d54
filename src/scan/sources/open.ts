/** Opens a target: the choice of a source for it, and the repository behind that. */
import { openRepository } from '../../git/commands/repository.ts'
import type { Limits } from '../../model/limits.ts'
import type { ScanOptions, Target } from '../../model/target.ts'
import { withBlobLimit } from './blob-limit.ts'
import { withLfsObjects } from './lfs.ts'
import {
  type FilterFactory,
  gitReader,
  type OpenContext,
  type OpenSource,
  type TargetOf,
} from './open-source.ts'
import { rangeSource, resolveRange } from './range.ts'
import { stagedSource } from './staged.ts'
import { stdinSource } from './stdin.ts'
import { textAtRevision } from './text-at-revision.ts'

/** Returns the context in which a scan with these options opens its target. */
export function openContext(
  options: ScanOptions & Pick<OpenContext, 'cwd' | 'env'>,
  limits: Limits,
  filters: FilterFactory,
): OpenContext {
  return {
    cwd: options.cwd,
    env: options.env,
    limits,
    reader: options.reader ?? 'auto',
    cache: options.cache === true,
    markersAsOf: options.policy?.markersAsOf,
    filters,
  }
}

/**
 * Opens a target. Throws UsageError when the target does not exist, ScanError when git cannot open
 * it.
 */
export async function openSource(target: Target, context: OpenContext): Promise<OpenSource> {
  const opened = await openTarget(target, context)
  const { repository } = opened
  const { limits, markersAsOf } = context
  // Every version of a file is part of history, so no marker there is newer than another.
  const hasMarkerBase = markersAsOf !== undefined && target.name !== 'history'
  return {
    ...opened,
    source: withBlobLimit(opened.source, limits),
    ...(repository !== undefined &&
      hasMarkerBase && { markerBaseText: textAtRevision(repository, markersAsOf) }),
  }
}

/** Loads the code of a target only when that target is scanned: hooks must start fast. */
async function openTarget(target: Target, context: OpenContext): Promise<OpenSource> {
  switch (target.name) {
    case 'stdin':
      return {
        source: stdinSource(target.stream, target.message ? 'message' : 'stdin', target.as),
      }
    case 'scan':
      return target.git === false
        ? (await import('./folder.ts')).openFolder(target, context)
        : (await import('./open-worktree.ts')).openWorktree(target, context)
    case 'history':
      return (await import('./open-history.ts')).openHistory(target, context)
    case 'staged':
    case 'range':
      return openChanges(target, context)
  }
}

async function openChanges(
  target: TargetOf<'staged' | 'range'>,
  { cwd, env, limits }: OpenContext,
): Promise<OpenSource> {
  const repository = await openRepository({ path: cwd, explicit: false, env })
  const reader = gitReader(repository, limits)
  const { commonDir } = repository
  if (target.name === 'staged') {
    const source = stagedSource(repository, reader)
    return { repository, reader, source: withLfsObjects(source, commonDir, limits) }
  }
  const range = await resolveRange(repository, target.range)
  const source = rangeSource(repository, reader, range)
  return {
    repository,
    reader,
    range: range.receiptRange,
    source: withLfsObjects(source, commonDir, limits),
  }
}
