import { UsageError } from '../../model/errors.ts'
import { suggestion } from '../../model/suggestion.ts'

/** The hooks at which Oakum scans. */
export const hookNames = [
  'pre-commit',
  'pre-merge-commit',
  'commit-msg',
  'pre-push',
  'pre-receive',
] as const

export type HookName = (typeof hookNames)[number]

/** Programs that run hooks, and git itself. */
export const managerNames = ['git', 'husky', 'lefthook', 'simple-git-hooks', 'pre-commit'] as const

export type ManagerName = (typeof managerNames)[number]

/** Those that git gives lines on standard input. */
export const hooksReadingStdin: readonly string[] = ['pre-push', 'pre-receive']

/**
 * Other hooks, which a folder that is set as core.hooksPath for all repositories has to pass on.
 * Left out are those that do something by being there (push-to-checkout, proc-receive), and those
 * that git runs all the time (reference-transaction, post-index-change).
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

/** Hooks of the left-out kind: a repository that has one loses it to such a folder. */
export const unforwardedHooks = [
  'push-to-checkout',
  'proc-receive',
  'reference-transaction',
  'post-index-change',
] as const

/**
 * The hooks of `--hooks a,b`; without it those that fit: commits, merges and pushes, or what a
 * server is sent.
 */
export function parseHookNames(
  lists: readonly string[] | undefined,
  bare: boolean,
): readonly HookName[] {
  if (lists === undefined)
    return bare ? ['pre-receive'] : ['pre-commit', 'pre-merge-commit', 'pre-push']
  const asked = lists.flatMap((list) => list.split(',')).map((name) => name.trim())
  const unknown = asked.find((name) => !hookNames.some((known) => known === name))
  if (unknown !== undefined)
    throw new UsageError(
      `--hooks does not know "${unknown}"${suggestion(unknown, hookNames) || `; it takes ${hookNames.join(', ')}`}`,
    )
  return hookNames.filter((known) => asked.includes(known))
}
