/** Names of git hooks and hook managers, and which hooks Oakum installs or forwards. */
import { UsageError } from '../../model/errors.ts'
import { suggestion } from '../../model/suggestion.ts'

/** The hooks at which Oakum can scan. */
export const hookNames = [
  'pre-commit',
  'pre-merge-commit',
  'commit-msg',
  'pre-push',
  'pre-receive',
] as const

export type HookName = (typeof hookNames)[number]

/** Git itself and the programs that manage its hooks. */
export const managerNames = ['git', 'husky', 'lefthook', 'simple-git-hooks', 'pre-commit'] as const

export type ManagerName = (typeof managerNames)[number]

/** Hooks that receive lines from git on standard input. */
export const hooksReadingStdin: readonly string[] = ['pre-push', 'pre-receive']

/**
 * Other hooks of a repository that Oakum's global hooks folder runs. A hook that changes git's
 * behaviour by its mere presence is not among them, nor is one that git runs very often.
 */
export const forwardedHooks = [
  'applypatch-msg',
  'pre-applypatch',
  'post-applypatch',
  'prepare-commit-msg',
  'post-commit',
  'pre-rebase',
  'post-checkout',
  'post-merge',
  'update',
  'post-receive',
  'post-update',
  'pre-auto-gc',
  'post-rewrite',
  'sendemail-validate',
] as const

/**
 * Hooks that are never forwarded. The presence of the first two changes what git does; git runs the
 * other two very often. A repository's hook of that name does not run below a global hooks folder.
 */
export const unforwardedHooks = [
  'push-to-checkout',
  'proc-receive',
  'reference-transaction',
  'post-index-change',
] as const

/**
 * Parses the values of `--hooks a,b`. Without the option the default applies: hooks for commits,
 * merges and pushes, or `pre-receive` in a bare repository.
 */
export function parseHookNames(
  lists: readonly string[] | undefined,
  isBare: boolean,
): readonly HookName[] {
  if (lists === undefined)
    return isBare ? ['pre-receive'] : ['pre-commit', 'pre-merge-commit', 'pre-push']
  const requested = lists.flatMap((list) => list.split(',')).map((name) => name.trim())
  const unknown = requested.find((name) => !hookNames.some((hook) => hook === name))
  if (unknown !== undefined) {
    const hint = suggestion(unknown, hookNames) || `; it takes ${hookNames.join(', ')}`
    throw new UsageError(`--hooks does not know "${unknown}"${hint}`)
  }
  return hookNames.filter((hook) => requested.includes(hook))
}
