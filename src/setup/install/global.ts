/** Hooks for every repository of the user. */
import { join } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { ask } from '../../git/commands/repository.ts'
import type { GitPlace } from '../../git/commands/run.ts'
import { findBlock } from './block.ts'
import { type FileChange, readRegularFile, type ReversibleStep } from './changes.ts'
import { planHook, planHookRemoval, type RecordedProgram } from './hook-files.ts'
import { type HookName, hookNames, unforwardedHooks, forwardedHooks } from './hook-names.ts'
import { forwardingHookFile, quote } from './hook-text.ts'
import { supportsConfiguredHooks, readGitSettings } from './hooks-folder.ts'
import type { InstallPlan } from './plan.ts'

export interface GlobalRequest {
  readonly place: GitPlace
  readonly env: Readonly<Record<string, string | undefined>>
  readonly program: RecordedProgram
  readonly hooks: readonly HookName[]
}

/** Oakum's own folder of hooks: `~/.config/oakum/hooks`. */
export function globalFolder(env: GlobalRequest['env']): string {
  const home = env['HOME'] ?? env['USERPROFILE']
  const config = env['XDG_CONFIG_HOME'] || (home === undefined ? undefined : join(home, '.config'))
  if (config === undefined)
    throw new UsageError('there is no HOME, so there is no place for hooks of all repositories')
  return join(config, 'oakum', 'hooks')
}

/**
 * By settings where git has hooks in its configuration (2.54), else by core.hooksPath; in the
 * folder that this names already, if it does.
 */
export async function planGlobalInstall(request: GlobalRequest): Promise<InstallPlan> {
  const own = globalFolder(request.env)
  const version = (await ask(request.place, ['version'])).trim().replace(/^git version /, '')
  const named = await globalHooksPath(request.place)
  if (supportsConfiguredHooks(version) && named === undefined)
    return planByConfiguration(request, own)
  if (named !== undefined && named !== own) return planInForeign(request, named)
  const changes = request.hooks.flatMap((hook) =>
    planHook(hook, { folder: own, program: request.program, global: true }),
  )
  const others = [...forwardedHooks, ...hookNames.filter((hook) => !request.hooks.includes(hook))]
  return {
    changes: [
      ...changes,
      ...others.flatMap((name) => passing(join(own, name), name, request.program.root)),
    ],
    steps: named === own ? [] : [setting(request.place, 'core.hooksPath', own)],
    notes: [
      'repositories with a core.hooksPath of their own (husky) are not covered: run oakum install in them',
      `core.hooksPath keeps git from running ${unforwardedHooks.join(', ')} of a repository; all other hooks are passed on`,
    ],
  }
}

/** Settings are added to others, and no hook of a repository is shadowed by them. */
async function planByConfiguration(
  { place, program: recorded, hooks }: GlobalRequest,
  own: string,
): Promise<InstallPlan> {
  const there = await readGitSettings(place, String.raw`^hook\.oakum-`)
  const steps = hooks.flatMap((hook) => {
    const wanted = [
      [`hook.oakum-${hook}.command`, quote(join(own, hook))],
      [`hook.oakum-${hook}.event`, hook],
    ] as const
    return wanted
      .filter(([key, value]) => !there.some((one) => one.key === key && one.value === value))
      .map(([key, value]) => setting(place, key, value))
  })
  const changes = hooks.flatMap((hook) =>
    planHook(hook, { folder: own, program: recorded, global: false }),
  )
  return { changes, steps, notes: [] }
}

/** The folder is somebody's, who may or may not let hooks of the repository run: that stays so. */
function planInForeign({ program: recorded, hooks }: GlobalRequest, named: string): InstallPlan {
  if (!named.startsWith('/') && !/^[A-Za-z]:/.test(named))
    throw new UsageError(
      `the global core.hooksPath is ${named}, another folder in each repository: run oakum install in each, or unset it`,
    )
  return {
    changes: hooks.flatMap((hook) =>
      planHook(hook, { folder: named, program: recorded, global: false }),
    ),
    steps: [],
    notes: [`core.hooksPath was set to ${named} already, so Oakum is put there`],
  }
}

function passing(path: string, name: string, root: string): readonly FileChange[] {
  const before = readRegularFile(path)
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
      summary: 'made; it runs the hook of the repository',
    },
  ]
}

/** Takes everything out that a global installation put in. */
export async function planGlobalRemoval({
  place,
  env,
}: Pick<GlobalRequest, 'place' | 'env'>): Promise<InstallPlan> {
  const own = globalFolder(env)
  const named = await globalHooksPath(place)
  const settings = (await readGitSettings(place, String.raw`^hook\.oakum-`)).filter(
    ({ scope }) => scope === 'global',
  )
  const folders = named === undefined || named === own ? [own] : [own, named]
  return {
    changes: folders.flatMap((folder) =>
      [...hookNames, ...forwardedHooks].flatMap((name) => planHookRemoval(join(folder, name))),
    ),
    steps: [
      ...(named === own ? [unsetting(place, 'core.hooksPath', own)] : []),
      ...settings.map(({ key, value }) => unsetting(place, key, value)),
    ],
    notes: [],
  }
}

async function globalHooksPath(place: GitPlace): Promise<string | undefined> {
  return (await readGitSettings(place, String.raw`^core\.hookspath$`, 'path'))
    .filter(({ scope }) => scope === 'global' || scope === 'system')
    .at(-1)?.value
}

function setting(place: GitPlace, key: string, value: string): ReversibleStep {
  return {
    summary: `git config --global ${key} ${value}`,
    apply: () => set(place, key, value),
    undo: () => unset(place, key),
  }
}

function unsetting(place: GitPlace, key: string, value: string): ReversibleStep {
  return {
    summary: `git config --global --unset ${key}`,
    apply: () => unset(place, key),
    undo: () => set(place, key, value),
  }
}

function set(place: GitPlace, key: string, value: string): Promise<void> {
  return configure(place, [key, value])
}

function unset(place: GitPlace, key: string): Promise<void> {
  return configure(place, ['--unset', key])
}

async function configure(place: GitPlace, args: readonly string[]): Promise<void> {
  try {
    await ask(place, ['config', '--global', ...args])
  } catch (error) {
    throw new UsageError(
      `git config --global ${args.join(' ')} failed: ${error instanceof Error ? (error.message.trim().split('\n')[0] ?? '') : String(error)}`,
      { cause: error },
    )
  }
}
