/** Finds the folder from which git runs hooks, and reads the git settings that decide it. */
import { isAbsolute, join, resolve } from 'node:path'
import { gitEnvironment } from '../../git/commands/environment.ts'
import { gitOutput, type Repository } from '../../git/commands/repository.ts'
import type { GitContext } from '../../git/commands/run.ts'

/** The configuration file that contains a setting, as `git config --show-scope` names it. */
type Scope = 'system' | 'global' | 'local' | 'worktree'

export interface GitSetting {
  readonly scope: Scope
  /** The key in lower case, except for the part between its dots. */
  readonly key: string
  readonly value: string
}

export interface HooksFolder {
  readonly path: string
  /** Scope of the core.hooksPath that names the folder; undefined for the repository's `hooks`. */
  readonly setBy: Scope | undefined
  /** True when other repositories run hooks from the folder too. */
  readonly isShared: boolean
}

const scopes: readonly Scope[] = ['system', 'global', 'local', 'worktree']

/**
 * Reads the git settings whose keys match the pattern, in git's order, in which later ones win.
 * Settings of the scope `command`, which Oakum itself passes to git, are not included.
 */
export async function readGitSettings(
  place: GitContext,
  pattern: string,
  type?: 'path',
): Promise<readonly GitSetting[]> {
  const output = await gitOutput(place, [
    'config',
    '-z',
    '--show-scope',
    ...(type === undefined ? [] : [`--type=${type}`]),
    '--get-regexp',
    pattern,
  ])
  const fields = output.split('\0')
  const settings: GitSetting[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const scope = scopes.find((name) => name === fields[at])
    const [key = '', ...lines] = (fields[at + 1] ?? '').split('\n')
    if (scope !== undefined) settings.push({ scope, key, value: lines.join('\n') })
  }
  return settings
}

/** Returns the folder from which git runs hooks in the repository. */
export async function hooksFolderOf(repository: Repository): Promise<HooksFolder> {
  const settings = await readGitSettings(
    { ...repository, env: repository.ownEnv },
    String.raw`^core\.hookspath$`,
    'path',
  )
  const setting = settings.at(-1)
  if (setting === undefined || setting.value === '')
    return { path: join(repository.commonDir, 'hooks'), setBy: undefined, isShared: false }
  const isUserWide = setting.scope === 'global' || setting.scope === 'system'
  return {
    path: resolve(repository.top ?? repository.gitDir, setting.value),
    setBy: setting.scope,
    isShared: isUserWide && isAbsolute(setting.value),
  }
}

/** Returns the folder and environment for git calls that concern no repository. */
export function userGitPlace(
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

/** Whether this git runs hooks from its configuration (`hook.<name>.command`): 2.54 and newer. */
export function supportsConfiguredHooks(gitVersion: string): boolean {
  const [major = 0, minor = 0] = gitVersion.split('.').map((part) => Number.parseInt(part, 10))
  return major > 2 || (major === 2 && minor >= 54)
}
