import { UsageError } from '../../../model/errors.ts'
import type { ManagerName } from '../hook-names.ts'
import { husky } from './husky.ts'
import { lefthook } from './lefthook.ts'
import type { Manager, Site } from './site.ts'
import { preCommit } from './pre-commit.ts'
import { simpleGitHooks } from './simple-git-hooks.ts'

export const managers: readonly Manager[] = [husky, lefthook, simpleGitHooks, preCommit]

/** Those that are in use here, each with the file that shows it. */
export function managersIn(
  site: Site,
): readonly { readonly manager: Manager; readonly evidence: string }[] {
  return managers.flatMap((manager) => {
    const evidence = manager.evidence(site)
    return evidence === undefined ? [] : [{ manager, evidence }]
  })
}

/** The manager to write for; undefined is git itself. `auto` takes the one that is in use. */
export function managerFor(wish: ManagerName | 'auto', site: Site): Manager | undefined {
  if (wish === 'git') return undefined
  const found = managersIn(site)
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
