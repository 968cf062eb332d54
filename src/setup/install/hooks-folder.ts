/** Where git looks for hooks, and which setting says so. */
import { isAbsolute, join, resolve } from 'node:path'
import { gitEnvironment } from '../../git/commands/environment.ts'
import { gitOutput, type Repository } from '../../git/commands/repository.ts'
import type { GitContext } from '../../git/commands/run.ts'

/** Whose configuration a setting stands in. */
type Scope = 'system' | 'global' | 'local' | 'worktree'

export interface Setting {
  readonly scope: Scope
  /** Lower case, but for what stands between the dots. */
  readonly key: string
  readonly value: string
}

export interface HooksFolder {
  readonly path: string
  /**
   * The scope of the core.hooksPath that names it; undefined for the folder `hooks` of the
   * repository.
   */
  readonly setBy: Scope | undefined
  /** Do other repositories run hooks from it too? */
  readonly isEverybodys: boolean
}

const scopes: readonly Scope[] = ['system', 'global', 'local', 'worktree']

/**
 * Settings of git whose keys match, in the order in which later ones win; Oakum's own safe ones are
 * not among them.
 */
export async function readSettings(
  place: GitContext,
  pattern: string,
  type?: 'path',
): Promise<readonly Setting[]> {
  const said = await gitOutput(place, [
    'config',
    '-z',
    '--show-scope',
    ...(type === undefined ? [] : [`--type=${type}`]),
    '--get-regexp',
    pattern,
  ])
  const fields = said.split('\0')
  const settings: Setting[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const scope = scopes.find((known) => known === fields[at])
    const [key = '', ...lines] = (fields[at + 1] ?? '').split('\n')
    if (scope !== undefined) settings.push({ scope, key, value: lines.join('\n') })
  }
  return settings
}

/** The folder that git runs hooks from, in this repository. */
export async function hooksFolderOf(repository: Repository): Promise<HooksFolder> {
  const set = (
    await readSettings(
      { ...repository, env: repository.ownEnv },
      String.raw`^core\.hookspath$`,
      'path',
    )
  ).at(-1)
  if (set === undefined || set.value === '')
    return { path: join(repository.commonDir, 'hooks'), setBy: undefined, isEverybodys: false }
  const isForAll = set.scope === 'global' || set.scope === 'system'
  return {
    path: resolve(repository.top ?? repository.gitDir, set.value),
    setBy: set.scope,
    isEverybodys: isForAll && isAbsolute(set.value),
  }
}

/** For questions and settings that are about no repository. */
export function userPlace(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): GitContext {
  return {
    cwd,
    env: gitEnvironment(env, {
      configuration: 'own',
      ambientRepository: false,
      safeDirectories: [],
    }),
  }
}

/** Has this git hooks that stand in its configuration (`hook.<name>.command`)? */
export function hasConfiguredHooks(gitVersion: string): boolean {
  const [major = 0, minor = 0] = gitVersion.split('.').map((part) => Number.parseInt(part, 10))
  return major > 2 || (major === 2 && minor >= 54)
}
