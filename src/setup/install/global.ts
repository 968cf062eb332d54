/** Hooks for every repository of the user. */
import { join } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { gitOutput } from '../../git/commands/repository.ts'
import type { GitContext } from '../../git/commands/run.ts'
import { blockIn } from './block.ts'
import { type FileChange, readPlain, type Step } from './changes.ts'
import { planHook, planHookRemoval, type Recorded } from './hook-files.ts'
import { type HookName, hookNames, notPassedOn, passedOn } from './hook-names.ts'
import { passingFile, quote } from './hook-text.ts'
import { hasConfiguredHooks, readSettings } from './hooks-folder.ts'
import type { Plan } from './plan.ts'

export interface GlobalRequest {
  readonly place: GitContext
  readonly env: Readonly<Record<string, string | undefined>>
  readonly recorded: Recorded
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
export async function planGlobalInstall(request: GlobalRequest): Promise<Plan> {
  const own = globalFolder(request.env)
  const version = (await gitOutput(request.place, ['version'])).trim().replace(/^git version /, '')
  const named = await globalHooksPath(request.place)
  if (hasConfiguredHooks(version) && named === undefined) return planByConfiguration(request, own)
  if (named !== undefined && named !== own) return planInForeign(request, named)
  const changes = request.hooks.flatMap((hook) =>
    planHook(hook, { folder: own, recorded: request.recorded, global: true }),
  )
  const others = [...passedOn, ...hookNames.filter((hook) => !request.hooks.includes(hook))]
  return {
    changes: [
      ...changes,
      ...others.flatMap((name) => passing(join(own, name), name, request.recorded.root)),
    ],
    steps: named === own ? [] : [setting(request.place, 'core.hooksPath', own)],
    notes: [
      'repositories with a core.hooksPath of their own (husky) are not covered: run oakum install in them',
      `core.hooksPath keeps git from running ${notPassedOn.join(', ')} of a repository; all other hooks are passed on`,
    ],
  }
}

/** Settings are added to others, and no hook of a repository is shadowed by them. */
async function planByConfiguration(
  { place, recorded, hooks }: GlobalRequest,
  own: string,
): Promise<Plan> {
  const there = await readSettings(place, String.raw`^hook\.oakum-`)
  const steps = hooks.flatMap((hook) => {
    const wanted = [
      [`hook.oakum-${hook}.command`, quote(join(own, hook))],
      [`hook.oakum-${hook}.event`, hook],
    ] as const
    return wanted
      .filter(([key, value]) => !there.some((one) => one.key === key && one.value === value))
      .map(([key, value]) => setting(place, key, value))
  })
  const changes = hooks.flatMap((hook) => planHook(hook, { folder: own, recorded, global: false }))
  return { changes, steps, notes: [] }
}

/** The folder is somebody's, who may or may not let hooks of the repository run: that stays so. */
function planInForeign({ recorded, hooks }: GlobalRequest, named: string): Plan {
  if (!named.startsWith('/') && !/^[A-Za-z]:/.test(named))
    throw new UsageError(
      `the global core.hooksPath is ${named}, another folder in each repository: run oakum install in each, or unset it`,
    )
  return {
    changes: hooks.flatMap((hook) => planHook(hook, { folder: named, recorded, global: false })),
    steps: [],
    notes: [`core.hooksPath was set to ${named} already, so Oakum is put there`],
  }
}

function passing(path: string, name: string, root: string): readonly FileChange[] {
  const before = readPlain(path)
  const bytes = Buffer.from(passingFile(name, root))
  if (
    before !== undefined &&
    (before.bytes.equals(bytes) || blockIn(before.bytes.toString('latin1')) === undefined)
  )
    return []
  return [
    {
      path,
      before,
      after: { bytes, mode: 0o755 },
      said: 'made; it runs the hook of the repository',
    },
  ]
}

/** Takes everything out that a global installation put in. */
export async function planGlobalRemoval({
  place,
  env,
}: Pick<GlobalRequest, 'place' | 'env'>): Promise<Plan> {
  const own = globalFolder(env)
  const named = await globalHooksPath(place)
  const settings = (await readSettings(place, String.raw`^hook\.oakum-`)).filter(
    ({ scope }) => scope === 'global',
  )
  const folders = named === undefined || named === own ? [own] : [own, named]
  return {
    changes: folders.flatMap((folder) =>
      [...hookNames, ...passedOn].flatMap((name) => planHookRemoval(join(folder, name))),
    ),
    steps: [
      ...(named === own ? [unsetting(place, 'core.hooksPath', own)] : []),
      ...settings.map(({ key, value }) => unsetting(place, key, value)),
    ],
    notes: [],
  }
}

async function globalHooksPath(place: GitContext): Promise<string | undefined> {
  return (await readSettings(place, String.raw`^core\.hookspath$`, 'path'))
    .filter(({ scope }) => scope === 'global' || scope === 'system')
    .at(-1)?.value
}

function setting(place: GitContext, key: string, value: string): Step {
  return {
    said: `git config --global ${key} ${value}`,
    apply: () => set(place, key, value),
    undo: () => unset(place, key),
  }
}

function unsetting(place: GitContext, key: string, value: string): Step {
  return {
    said: `git config --global --unset ${key}`,
    apply: () => unset(place, key),
    undo: () => set(place, key, value),
  }
}

function set(place: GitContext, key: string, value: string): Promise<void> {
  return configure(place, [key, value])
}

function unset(place: GitContext, key: string): Promise<void> {
  return configure(place, ['--unset', key])
}

async function configure(place: GitContext, args: readonly string[]): Promise<void> {
  try {
    await gitOutput(place, ['config', '--global', ...args])
  } catch (error) {
    throw new UsageError(
      `git config --global ${args.join(' ')} failed: ${error instanceof Error ? (error.message.trim().split('\n')[0] ?? '') : String(error)}`,
      { cause: error },
    )
  }
}
