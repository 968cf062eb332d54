/** Plans `oakum install` and `oakum uninstall` in a repository, or for all of the user. */
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { openRepository, type Repository } from '../../git/commands/repository.ts'
import { UsageError } from '../../model/errors.ts'
import type { InstallPlan } from './changes.ts'
import { globalFolder, planGlobalInstall, planGlobalRemoval } from './global.ts'
import { planHook, planHookRemoval, type RecordedProgram } from './hook-files.ts'
import { type HookName, hookNames, type ManagerName, parseHookNames } from './hook-names.ts'
import { type HooksFolder, hooksFolderOf, userGitPlace } from './hooks-folder.ts'
import { chooseManager, findManagers, managers } from './managers/choose.ts'
import { isHuskySetUp } from './managers/husky.ts'
import type { InstallTarget } from './managers/install-target.ts'
import {
  isInNpxCache,
  pathWithinWorkTree,
  type Program,
  runningProgram,
  sharedCommand,
} from './program.ts'

export interface InstallRequest {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** True to install for every repository of the user instead of the one around `cwd`. */
  readonly global: boolean
  /** Values of `--hooks`, each a list of names; undefined selects the default hooks. */
  readonly hooks: readonly string[] | undefined
  readonly manager: ManagerName | 'auto'
}

/** Plans an installation. Throws a UsageError when it is impossible; nothing is changed yet. */
export async function planInstall(request: InstallRequest): Promise<InstallPlan> {
  const program = runningProgram()
  if (isInNpxCache(program))
    throw new UsageError(
      'this Oakum is in the cache of npx, from which npm may delete it: ' +
        'install it (npm install -g oakum, or -D in the repository) and run that',
    )
  if (request.global) return planGlobally(request, program)

  const repository = await openRepository({ path: request.cwd, explicit: true, env: request.env })
  const hooks = parseHookNames(request.hooks, repository.top === null)
  const target = await targetOf(repository, program)
  if (repository.top !== null) {
    const plan = planWithManager(request.manager, target, hooks)
    if (plan !== undefined) return plan
  } else if (!['auto', 'git'].includes(request.manager))
    throw new UsageError(`${request.manager} needs a work tree, and this repository is bare`)
  refuseSharedFolder(target.hooks, request)
  if (isHuskySetUp(target))
    throw new UsageError(
      `${target.hooks.path} is husky's, which rewrites it: without --manager, ` +
        `Oakum goes into ${join(target.hooks.path, '..')}`,
    )
  const recorded = recordedProgram(target.hooks.path, repository, program)
  return {
    changes: hooks.flatMap((hook) =>
      planHook(hook, { folder: target.hooks.path, program: recorded, global: false }),
    ),
    steps: [],
    notes: [...hooksFolderNotes(target.hooks, repository), ...managerNotes(target, repository)],
  }
}

/** Plans an installation into a hook manager's file; undefined when git's own hooks are used. */
function planWithManager(
  requested: ManagerName | 'auto',
  target: InstallTarget,
  hooks: readonly HookName[],
): InstallPlan | undefined {
  const manager = chooseManager(requested, target)
  if (manager === undefined) return undefined
  if (hooks.includes('pre-receive'))
    throw new UsageError(
      `pre-receive runs where a push arrives, and not through ${manager.name}: use --manager git`,
    )
  return {
    changes: manager.install(target, hooks),
    steps: [],
    notes: [manager.afterInstall(hooks)],
  }
}

/** Plans the removal of everything that any kind of installation created in the repository. */
export async function planUninstall({
  cwd,
  env,
  global,
}: Pick<InstallRequest, 'cwd' | 'env' | 'global'>): Promise<InstallPlan> {
  if (global) return planGlobalRemoval({ place: userGitPlace(cwd, env), env })
  const repository = await openRepository({ path: cwd, explicit: true, env })
  const target = await targetOf(repository, runningProgram())
  const ownFolder = join(repository.commonDir, 'hooks')
  const { isShared, path } = target.hooks
  const folders = new Set(isShared ? [ownFolder] : [ownFolder, path])
  const removals =
    repository.top === null
      ? []
      : managers.map((manager) => ({
          changes: manager.remove(target),
          note: manager.afterRemoval,
        }))
  return {
    changes: [
      ...[...folders].flatMap((folder) =>
        hookNames.flatMap((hook) => planHookRemoval(join(folder, hook))),
      ),
      ...removals.flatMap(({ changes }) => changes),
    ],
    steps: [],
    notes: [
      ...removals.flatMap(({ changes, note }) =>
        changes.length > 0 && note !== undefined ? [note] : [],
      ),
      ...(isShared && path === globalFolder(env)
        ? ['the global hooks still run Oakum here: oakum uninstall --global']
        : []),
    ],
  }
}

async function planGlobally(request: InstallRequest, program: Program): Promise<InstallPlan> {
  if (request.manager !== 'auto' && request.manager !== 'git')
    throw new UsageError(`--global is for git itself, not for ${request.manager}`)
  const repository = await openRepository({
    path: request.cwd,
    explicit: true,
    env: request.env,
  }).catch(() => undefined)
  if (repository?.top != null && pathWithinWorkTree(program, repository.top) !== undefined) {
    throw new UsageError(
      'this Oakum is a package of this repository, and global hooks must not depend on it: ' +
        'npm install -g oakum, and run that',
    )
  }
  return planGlobalInstall({
    place: userGitPlace(request.cwd, request.env),
    env: request.env,
    program,
    hooks: parseHookNames(request.hooks, false),
  })
}

async function targetOf(repository: Repository, program: Program): Promise<InstallTarget> {
  const top = repository.top ?? repository.gitDir
  return { top, hooks: await hooksFolderOf(repository), command: sharedCommand(program, top) }
}

/** Throws when git uses the folder for other repositories too: one must not change it for all. */
function refuseSharedFolder({ path, setBy, isShared }: HooksFolder, { env }: InstallRequest): void {
  if (!isShared) return
  if (path === globalFolder(env))
    throw new UsageError(
      'Oakum runs here already: oakum install --global made hooks for all repositories',
    )
  throw new UsageError(
    `git runs hooks only from ${path}, which the ${setBy ?? ''} core.hooksPath sets for all ` +
      'repositories: oakum install --global puts Oakum there; ' +
      'git config --local core.hooksPath <folder> gives this repository its own',
  )
}

/** Returns the paths to record in hooks; without absolute ones when the folder is in the work tree. */
function recordedProgram(
  folder: string,
  repository: Repository,
  program: Program,
): RecordedProgram {
  if (
    isWithin(repository.commonDir, folder) ||
    repository.top === null ||
    !isWithin(repository.top, folder)
  )
    return program
  return { root: program.root, node: '', bin: pathWithinWorkTree(program, repository.top) ?? '' }
}

function isWithin(folder: string, path: string): boolean {
  return !/^\.\.(?:[\\/]|$)/.test(relative(folder, path))
}

/** Returns warnings about hook managers in use, which `--manager git` bypasses. */
function managerNotes(target: InstallTarget, { top }: Repository): readonly string[] {
  return top === null
    ? []
    : findManagers(target).map(
        ({ manager, config }) =>
          `${manager.name} is in use here (${config}), and may overwrite these hooks`,
      )
}

/** Returns notes about the effects of a core.hooksPath. */
function hooksFolderNotes(
  { path, setBy }: HooksFolder,
  { commonDir, top }: Repository,
): readonly string[] {
  if (setBy === undefined) return []
  const shadowed = hookNames
    .map((hook) => join(commonDir, 'hooks', hook))
    .filter((hookPath) => existsSync(hookPath))
  return [
    `core.hooksPath is set for this repository, so git runs hooks from ${path} only`,
    ...(top !== null && isWithin(top, path) && !isWithin(commonDir, path)
      ? [
          'that folder is in the work tree: others get the hooks too, ' +
            'and need oakum among their dependencies or on PATH',
        ]
      : []),
    ...(shadowed.length > 0 ? [`so these no longer run: ${shadowed.join(', ')}`] : []),
  ]
}
