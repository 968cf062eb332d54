/** Runs `git filter-repo` on the mirror. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import { ScanError, UsageError } from '../../model/errors.ts'
import { type GitContext, MAX_SILENT_REWRITE_MS, readGit } from '../../git/commands/run.ts'
import {
  commitCallback,
  FILTER_DATA_VARIABLE,
  type FilterData,
  tagCallback,
} from './filter-callbacks.ts'
import type { Mirror } from './mirror.ts'
import { readRefs, updateRefs } from './refs.ts'

/** Returns the version of git filter-repo; throws a UsageError with instructions without it. */
export async function filterRepoVersion(place: GitContext): Promise<string> {
  try {
    return (await readGit({ ...place, writesToStderr: true, args: ['filter-repo', '--version'] }))
      .toString('latin1')
      .trim()
      .slice(0, 40)
  } catch (error) {
    const gitMessage = error instanceof Error ? error.message : ''
    if (!gitMessage.includes("'filter-repo' is not a git command"))
      throw new ScanError(
        `git filter-repo does not run: ${gitMessage.replace(/^git filter-repo failed: /, '')}`,
        { cause: error },
      )
    throw new UsageError(
      'git filter-repo was not found: install it (apt install git-filter-repo, brew install ' +
        'git-filter-repo, or pip install git-filter-repo) and put it on PATH',
      { cause: error },
    )
  }
}

/** Old commit id → new commit id. */
export type CommitMap = ReadonlyMap<string, string>

/**
 * Rewrites every ref of the mirror and returns the commit map; an empty one if interrupted. Commits
 * that become empty are kept, so the number of commits stays. The callbacks read `data` from a file
 * that only its owner can read, and that is removed afterwards.
 */
export async function filterMirror(
  mirror: Mirror,
  data: FilterData,
  signal: AbortSignal,
): Promise<CommitMap> {
  const notes = mirror.refs.filter(
    ({ name, symbolic }) => name.startsWith('refs/notes/') && symbolic === '',
  )
  await updateRefs(
    mirror,
    notes.flatMap(({ name, id }) => [
      { name: aliasOf(name), id },
      { name, id: '' },
    ]),
  )
  const map = await runFilterRepo(mirror, data, signal)
  if (signal.aborted || notes.length === 0) return map
  const ids = new Map((await readRefs(mirror)).all.map(({ name, id }) => [name, id]))
  await updateRefs(
    mirror,
    notes.flatMap(({ name }) => [
      { name, id: ids.get(aliasOf(name)) ?? '' },
      { name: aliasOf(name), id: '' },
    ]),
  )
  return map
}

/**
 * Returns the temporary name of a notes ref. git filter-repo since 2024 does not rewrite refs below
 * `refs/notes/`.
 */
function aliasOf(name: string): string {
  return name.replace('refs/notes/', 'refs/oakum-rewrite/notes/')
}

async function runFilterRepo(
  place: GitContext,
  data: FilterData,
  signal: AbortSignal,
): Promise<CommitMap> {
  const dataFile = join(place.cwd, 'oakum-filter.json')
  writeFileSync(dataFile, JSON.stringify(data), { flag: 'wx', mode: 0o600 })
  try {
    await readGit({
      ...place,
      signal,
      processGroup: true,
      maxSilentMs: MAX_SILENT_REWRITE_MS,
      writesToStderr: true,
      env: { ...place.env, [FILTER_DATA_VARIABLE]: dataFile, PYTHONDONTWRITEBYTECODE: '1' },
      args: [
        'filter-repo',
        '--force',
        '--partial',
        '--quiet',
        '--prune-empty=never',
        '--prune-degenerate=never',
        '--preserve-commit-encoding',
        '--commit-callback',
        commitCallback,
        '--tag-callback',
        tagCallback,
      ],
    })
  } finally {
    rmSync(dataFile, { force: true })
  }
  if (signal.aborted) return new Map()
  return parseCommitMap(
    readRegularFile(join(place.cwd, 'filter-repo', 'commit-map')).toString('latin1'),
  )
}

/** Parses `filter-repo/commit-map`: a heading, then `<old id> <new id>` on each line. */
export function parseCommitMap(text: string): CommitMap {
  return new Map(
    text
      .split('\n')
      .filter((line) => /^[0-9a-f]{40} [0-9a-f]{40}$/.test(line))
      .map((line) => [line.slice(0, 40), line.slice(41)] as const),
  )
}
