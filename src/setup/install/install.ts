/** `oakum install` and `oakum uninstall`: what they would change, by where they are asked for. */
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { openRepository, type Repository } from '../../git/commands/repository.ts'
import { globalFolder, planGlobalInstall, planGlobalRemoval } from './global.ts'
import { planHook, planHookRemoval, type RecordedProgram } from './hook-files.ts'
import { hookNames, parseHookNames, type ManagerName } from './hook-names.ts'
import { type HooksFolder, hooksFolderOf, userGitPlace } from './hooks-folder.ts'
import { chooseManager, managers, findManagers } from './managers/choose.ts'
import { isHuskySetUp } from './managers/husky.ts'
import type { InstallTarget } from './managers/install-target.ts'
import type { InstallPlan } from './plan.ts'
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
  /** For every repository of the user, instead of the one around `cwd`. */
  readonly global: boolean
  /** Lists of names, as given; without it those that fit. */
  readonly hooks: readonly string[] | undefined
  readonly manager: ManagerName | 'auto'
}

/** Plans an installation. UsageError where it cannot be, and nothing is changed yet. */
export async function planInstall(request: InstallRequest): Promise<InstallPlan> {
  const program = runningProgram()
  if (isInNpxCache(program))
    throw new UsageError(
      'this Oakum is in the cache of npx, which npm empties when it likes: install it (npm install -g oakum, or -D in the repository) and run that',
    )
  if (request.global) return planGlobally(request, program)

  const repository = await openRepository({ path: request.cwd, explicit: true, env: request.env })
  const hooks = parseHookNames(request.hooks, repository.top === null)
  const site = await siteOf(repository, program)
  if (repository.top !== null) {
    const manager = chooseManager(request.manager, site)
    if (manager !== undefined && hooks.includes('pre-receive'))
      throw new UsageError(
        `pre-receive runs where a push arrives, and not through ${manager.name}: use --manager git`,
      )
    if (manager !== undefined)
      return {
        changes: manager.install(site, hooks),
        steps: [],
        notes: [manager.afterInstall(hooks)],
      }
  } else if (!['auto', 'git'].includes(request.manager))
    throw new UsageError(`${request.manager} needs a work tree, and this repository is bare`)
  refuseShared(site.hooks, request)
  if (isHuskySetUp(site))
    throw new UsageError(
      `${site.hooks.path} is husky's, who writes it anew: leave --manager out, and Oakum goes into ${join(site.hooks.path, '..')}`,
    )
  const recorded = recordedFor(site.hooks.path, repository, program)
  return {
    changes: hooks.flatMap((hook) =>
      planHook(hook, { folder: site.hooks.path, program: recorded, global: false }),
    ),
    steps: [],
    notes: [...notesOn(site.hooks, repository), ...rivalsOf(site, repository)],
  }
}

/** Plans to take out all that an installation put in, whichever way. */
export async function planUninstall({
  cwd,
  env,
  global,
}: Pick<InstallRequest, 'cwd' | 'env' | 'global'>): Promise<InstallPlan> {
  if (global) return planGlobalRemoval({ place: userGitPlace(cwd, env), env })
  const repository = await openRepository({ path: cwd, explicit: true, env })
  const site = await siteOf(repository, runningProgram())
  const own = join(repository.commonDir, 'hooks')
  const { isShared: isEverybodys } = site.hooks
  const folders = new Set(isEverybodys ? [own] : [own, site.hooks.path])
  const removals =
    repository.top === null
      ? []
      : managers.map((manager) => ({ changes: manager.remove(site), last: manager.afterRemoval }))
  return {
    changes: [
      ...[...folders].flatMap((folder) =>
        hookNames.flatMap((hook) => planHookRemoval(join(folder, hook))),
      ),
      ...removals.flatMap(({ changes }) => changes),
    ],
    steps: [],
    notes: [
      ...removals.flatMap(({ changes, last }) =>
        changes.length > 0 && last !== undefined ? [last] : [],
      ),
      ...(isEverybodys && site.hooks.path === globalFolder(env)
        ? ['Oakum still runs here, from the hooks of all repositories: oakum uninstall --global']
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
      'this Oakum is a package of this repository, and hooks of all repositories must not hang on it: npm install -g oakum, and run that',
    )
  }
  return planGlobalInstall({
    place: userGitPlace(request.cwd, request.env),
    env: request.env,
    program: program,
    hooks: parseHookNames(request.hooks, false),
  })
}

async function siteOf(repository: Repository, program: Program): Promise<InstallTarget> {
  const top = repository.top ?? repository.gitDir
  return { top, hooks: await hooksFolderOf(repository), command: sharedCommand(program, top) }
}

/** A folder that git uses for other repositories too is not changed for the sake of one. */
function refuseShared(
  { path, setBy, isShared: isEverybodys }: HooksFolder,
  { env }: InstallRequest,
): void {
  if (!isEverybodys) return
  if (path === globalFolder(env))
    throw new UsageError(
      'Oakum runs here already: oakum install --global made hooks for all repositories',
    )
  throw new UsageError(
    `git runs hooks only from ${path}, which the ${setBy ?? ''} core.hooksPath names for all repositories: oakum install --global puts Oakum there; git config --local core.hooksPath <folder> gives this one its own`,
  )
}

/** Paths of this machine are recorded only in a folder that stays on it. */
function recordedFor(folder: string, repository: Repository, program: Program): RecordedProgram {
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

/** Managers that were passed by with `--manager git`. */
function rivalsOf(site: InstallTarget, { top }: Repository): readonly string[] {
  return top === null
    ? []
    : findManagers(site).map(
        ({ manager, evidence }) =>
          `${manager.name} is in use here (${evidence}), and may write its own hooks over these`,
      )
}

function notesOn({ path, setBy }: HooksFolder, { commonDir, top }: Repository): readonly string[] {
  if (setBy === undefined) return []
  const idle = hookNames.filter((hook) => existsSync(join(commonDir, 'hooks', hook)))
  return [
    `core.hooksPath is set for this repository, so git runs hooks from ${path} only`,
    ...(top !== null && isWithin(top, path) && !isWithin(commonDir, path)
      ? [
          'that folder is in the work tree: others get the hooks too, and need oakum among their dependencies or on PATH',
        ]
      : []),
    ...(idle.length > 0
      ? [
          `not run any more because of it: ${idle.map((hook) => join(commonDir, 'hooks', hook)).join(', ')}`,
        ]
      : []),
  ]
}
