import { UsageError } from '../../../model/errors.ts'
import type { ManagerName } from '../hook-names.ts'
import { husky } from './husky.ts'
import { lefthook } from './lefthook.ts'
import type { HookManager, InstallTarget } from './install-target.ts'
import { preCommit } from './pre-commit.ts'
import { simpleGitHooks } from './simple-git-hooks.ts'

export const managers: readonly HookManager[] = [husky, lefthook, simpleGitHooks, preCommit]

/** Those that are in use here, each with the file that shows it. */
export function findManagers(
  site: InstallTarget,
): readonly { readonly manager: HookManager; readonly evidence: string }[] {
  return managers.flatMap((manager) => {
    const evidence = manager.findConfig(site)
    return evidence === undefined ? [] : [{ manager, evidence }]
  })
}

/** The manager to write for; undefined is git itself. `auto` takes the one that is in use. */
export function chooseManager(
  wish: ManagerName | 'auto',
  site: InstallTarget,
): HookManager | undefined {
  if (wish === 'git') return undefined
  const found = findManagers(site)
  if (wish === 'auto') {
    if (found.length > 1)
      throw new UsageError(
        `more than one manager of hooks is in use here (${found.map(({ manager }) => manager.name).join(', ')}): say which with --manager`,
      )
    return found[0]?.manager
  }
  const there = found.find(({ manager }) => manager.name === wish)
  if (there === undefined)
    throw new UsageError(
      `${wish} is not in use in ${site.top}: set it up first, or leave --manager out`,
    )
  return there.manager
}
