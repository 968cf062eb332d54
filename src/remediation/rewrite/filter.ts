/** `git filter-repo` on the mirror. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ScanError, UsageError } from '../../model/errors.ts'
import { type GitContext, readGit } from '../../git/commands/run.ts'
import { commitCallback, dataVariable, type FilterData, tagCallback } from './filter-callbacks.ts'
import type { Mirror } from './mirror.ts'
import { readRefs, updateRefs } from './refs.ts'

/**
 * Throws a UsageError that says how to install it where git does not find it. Gives its version.
 */
export async function filterRepoVersion(place: GitContext): Promise<string> {
  try {
    return (await readGit({ ...place, writesToStderr: true, args: ['filter-repo', '--version'] }))
      .toString('latin1')
      .trim()
      .slice(0, 40)
  } catch (error) {
    const said = error instanceof Error ? error.message : ''
    if (!said.includes("'filter-repo' is not a git command"))
      throw new ScanError(
        `git filter-repo does not run: ${said.replace(/^git filter-repo failed: /, '')}`,
        { cause: error },
      )
    throw new UsageError(
      'git filter-repo was not found: install it (apt install git-filter-repo, brew install git-filter-repo, or pip install git-filter-repo), and have it on PATH',
      { cause: error },
    )
  }
}

/** What became of commits: old name → new one. */
export type CommitMap = ReadonlyMap<string, string>

/**
 * Rewrites every ref of the mirror. Commits that become empty are kept, so that there are as many
 * as before. The data is in a file that only its owner may read, and is gone afterwards.
 */
export async function filterMirror(
  place: Mirror,
  data: FilterData,
  signal: AbortSignal,
): Promise<CommitMap> {
  const notes = place.refs.filter(
    ({ name, symbolic }) => name.startsWith('refs/notes/') && symbolic === '',
  )
  await updateRefs(
    place,
    notes.flatMap(({ name, id }) => [
      { name: aliasOf(name), id },
      { name, id: '' },
    ]),
  )
  const map = await filterAll(place, data, signal)
  if (signal.aborted || notes.length === 0) return map
  const ids = new Map((await readRefs(place)).all.map(({ name, id }) => [name, id]))
  await updateRefs(
    place,
    notes.flatMap(({ name }) => [
      { name, id: ids.get(aliasOf(name)) ?? '' },
      { name: aliasOf(name), id: '' },
    ]),
  )
  return map
}

/** A git filter-repo of 2024 or later passes on what lies below `refs/notes/` as it is. */
function aliasOf(name: string): string {
  return name.replace('refs/notes/', 'refs/oakum-rewrite/notes/')
}

async function filterAll(
  place: GitContext,
  data: FilterData,
  signal: AbortSignal,
): Promise<CommitMap> {
  const file = join(place.cwd, 'oakum-filter.json')
  writeFileSync(file, JSON.stringify(data), { flag: 'wx', mode: 0o600 })
  try {
    await readGit({
      ...place,
      signal,
      processGroup: true,
      writesToStderr: true,
      env: { ...place.env, [dataVariable]: file, PYTHONDONTWRITEBYTECODE: '1' },
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
    rmSync(file, { force: true })
  }
  if (signal.aborted) return new Map()
  const lines = readFileSync(join(place.cwd, 'filter-repo', 'commit-map'), 'latin1').split('\n')
  return new Map(
    lines.flatMap((line) =>
      /^[0-9a-f]{40} [0-9a-f]{40}$/.test(line)
        ? [[line.slice(0, 40), line.slice(41)] as const]
        : [],
    ),
  )
}
