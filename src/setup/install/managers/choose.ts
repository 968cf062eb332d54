/** Finds the hook managers in use in a repository, and chooses the one to install into. */
import { UsageError } from '../../../model/errors.ts'
import type { ManagerName } from '../hook-names.ts'
import { husky } from './husky.ts'
import type { HookManager, InstallTarget } from './install-target.ts'
import { lefthook } from './lefthook.ts'
import { preCommit } from './pre-commit.ts'
import { simpleGitHooks } from './simple-git-hooks.ts'

export const managers: readonly HookManager[] = [husky, lefthook, simpleGitHooks, preCommit]

/** Returns the managers in use, each with the file or folder that shows it. */
export function findManagers(
  target: InstallTarget,
): readonly { readonly manager: HookManager; readonly config: string }[] {
  return managers.flatMap((manager) => {
    const config = manager.findConfig(target)
    return config === undefined ? [] : [{ manager, config }]
  })
}

/**
 * Returns the manager to install into; undefined for git itself. `auto` takes the manager in use.
 * Throws a UsageError when several are in use, or the requested one is not.
 */
export function chooseManager(
  requested: ManagerName | 'auto',
  target: InstallTarget,
): HookManager | undefined {
  if (requested === 'git') return undefined
  const inUse = findManagers(target).map(({ manager }) => manager)
  if (requested === 'auto') {
    if (inUse.length > 1) {
      const names = inUse.map(({ name }) => name).join(', ')
      throw new UsageError(
        `more than one manager of hooks is in use here (${names}): choose one with --manager`,
      )
    }
    return inUse[0]
  }
  const manager = inUse.find(({ name }) => name === requested)
  if (manager === undefined)
    throw new UsageError(
      `${requested} is not in use in ${target.top}: set it up first, or leave --manager out`,
    )
  return manager
}
