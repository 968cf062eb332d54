/** Plans `oakum install --global` and its removal: hooks for every repository of the user. */
import { join } from 'node:path'
import { gitOutput } from '../../git/commands/repository.ts'
import type { GitContext } from '../../git/commands/run.ts'
import { UsageError } from '../../model/errors.ts'
import { findBlock } from './block.ts'
import {
  type FileChange,
  type InstallPlan,
  readFileContent,
  type ReversibleStep,
} from './changes.ts'
import { planHook, planHookRemoval, type RecordedProgram } from './hook-files.ts'
import { forwardedHooks, type HookName, hookNames, unforwardedHooks } from './hook-names.ts'
import { forwardingHookFile, quote } from './hook-text.ts'
import { readGitSettings, supportsConfiguredHooks } from './hooks-folder.ts'

export interface GlobalRequest {
  readonly place: GitContext
  readonly env: Readonly<Record<string, string | undefined>>
  readonly program: RecordedProgram
  readonly hooks: readonly HookName[]
}

/** Returns the folder of Oakum's global hooks: `~/.config/oakum/hooks`. */
export function globalFolder(env: GlobalRequest['env']): string {
  const home = env['HOME'] ?? env['USERPROFILE']
  const config = env['XDG_CONFIG_HOME'] || (home === undefined ? undefined : join(home, '.config'))
  if (config === undefined)
    throw new UsageError('HOME is not set, so there is no folder for hooks of all repositories')
  return join(config, 'oakum', 'hooks')
}

/**
 * Plans a global installation. When the global core.hooksPath names a folder of the user, the hooks
 * go there. Else git 2.54 and newer gets hooks in its configuration, and an older git gets a
 * core.hooksPath that names Oakum's folder.
 */
export async function planGlobalInstall(request: GlobalRequest): Promise<InstallPlan> {
  const oakumFolder = globalFolder(request.env)
  const version = (await gitOutput(request.place, ['version'])).trim().replace(/^git version /, '')
  const hooksPath = await globalHooksPath(request.place)
  if (supportsConfiguredHooks(version) && hooksPath === undefined)
    return planByConfiguration(request, oakumFolder)
  if (hooksPath !== undefined && hooksPath !== oakumFolder)
    return planInUserFolder(request, hooksPath)
  const changes = request.hooks.flatMap((hook) =>
    planHook(hook, { folder: oakumFolder, program: request.program, global: true }),
  )
  const otherHooks = [
    ...forwardedHooks,
    ...hookNames.filter((hook) => !request.hooks.includes(hook)),
  ]
  return {
    changes: [
      ...changes,
      ...otherHooks.flatMap((name) =>
        planForwardingHook(join(oakumFolder, name), name, request.program.root),
      ),
    ],
    steps: hooksPath === oakumFolder ? [] : [setStep(request.place, 'core.hooksPath', oakumFolder)],
    notes: [
      'repositories with their own core.hooksPath (husky) are not covered: run oakum install there',
      `core.hooksPath keeps git from running ${unforwardedHooks.join(', ')} of a repository; ` +
        'Oakum runs all its other hooks',
    ],
  }
}

/** Plans hooks as git settings, which shadow no hook of a repository. */
async function planByConfiguration(
  { place, program, hooks }: GlobalRequest,
  oakumFolder: string,
): Promise<InstallPlan> {
  const current = await readGitSettings(place, String.raw`^hook\.oakum-`)
  const steps = hooks.flatMap((hook) => {
    const settings = [
      [`hook.oakum-${hook}.command`, quote(join(oakumFolder, hook))],
      [`hook.oakum-${hook}.event`, hook],
    ] as const
    return settings
      .filter(([key, value]) => !current.some((item) => item.key === key && item.value === value))
      .map(([key, value]) => setStep(place, key, value))
  })
  const changes = hooks.flatMap((hook) =>
    planHook(hook, { folder: oakumFolder, program, global: false }),
  )
  return { changes, steps, notes: [] }
}

/**
 * Plans hooks in the user's own global hooks folder. Whether that folder runs the hooks of
 * repositories stays the user's decision.
 */
function planInUserFolder({ program, hooks }: GlobalRequest, folder: string): InstallPlan {
  if (!folder.startsWith('/') && !/^[A-Za-z]:/.test(folder))
    throw new UsageError(
      `the global core.hooksPath is ${folder}, another folder in each repository: ` +
        'run oakum install in each, or unset it',
    )
  return {
    changes: hooks.flatMap((hook) => planHook(hook, { folder, program, global: false })),
    steps: [],
    notes: [`core.hooksPath was already set to ${folder}, so Oakum's hooks go there`],
  }
}

/** Plans a hook file that only runs the repository's hook of that name. */
function planForwardingHook(path: string, name: string, root: string): readonly FileChange[] {
  const before = readFileContent(path)
  const bytes = Buffer.from(forwardingHookFile(name, root))
  if (
    before !== undefined &&
    (before.bytes.equals(bytes) || findBlock(before.bytes.toString('latin1')) === undefined)
  )
    return []
  return [
    {
      path,
      before,
      after: { bytes, mode: 0o755 },
      summary: 'created; it runs the hook of the repository',
    },
  ]
}

/** Plans the removal of everything that a global installation created. */
export async function planGlobalRemoval({
  place,
  env,
}: Pick<GlobalRequest, 'place' | 'env'>): Promise<InstallPlan> {
  const oakumFolder = globalFolder(env)
  const hooksPath = await globalHooksPath(place)
  const settings = (await readGitSettings(place, String.raw`^hook\.oakum-`)).filter(
    ({ scope }) => scope === 'global',
  )
  const folders =
    hooksPath === undefined || hooksPath === oakumFolder ? [oakumFolder] : [oakumFolder, hooksPath]
  return {
    changes: folders.flatMap((folder) =>
      [...hookNames, ...forwardedHooks].flatMap((name) => planHookRemoval(join(folder, name))),
    ),
    steps: [
      ...(hooksPath === oakumFolder ? [unsetStep(place, 'core.hooksPath', oakumFolder)] : []),
      ...settings.map(({ key, value }) => unsetStep(place, key, value)),
    ],
    notes: [],
  }
}

async function globalHooksPath(place: GitContext): Promise<string | undefined> {
  return (await readGitSettings(place, String.raw`^core\.hookspath$`, 'path'))
    .filter(({ scope }) => scope === 'global' || scope === 'system')
    .at(-1)?.value
}

function setStep(place: GitContext, key: string, value: string): ReversibleStep {
  return {
    summary: `git config --global ${key} ${value}`,
    apply: () => setGlobally(place, key, value),
    undo: () => unsetGlobally(place, key),
  }
}

function unsetStep(place: GitContext, key: string, value: string): ReversibleStep {
  return {
    summary: `git config --global --unset ${key}`,
    apply: () => unsetGlobally(place, key),
    undo: () => setGlobally(place, key, value),
  }
}

function setGlobally(place: GitContext, key: string, value: string): Promise<void> {
  return runGlobalConfig(place, [key, value])
}

function unsetGlobally(place: GitContext, key: string): Promise<void> {
  return runGlobalConfig(place, ['--unset', key])
}

async function runGlobalConfig(place: GitContext, args: readonly string[]): Promise<void> {
  try {
    await gitOutput(place, ['config', '--global', ...args])
  } catch (error) {
    const reason =
      error instanceof Error ? (error.message.trim().split('\n')[0] ?? '') : String(error)
    throw new UsageError(`git config --global ${args.join(' ')} failed: ${reason}`, {
      cause: error,
    })
  }
}
