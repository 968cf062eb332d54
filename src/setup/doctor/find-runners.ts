/** What git runs at commits, merges and pushes, and what keeps it from it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findBlock } from '../install/block.ts'
import { type HookName, unforwardedHooks } from '../install/hook-names.ts'
import {
  supportsConfiguredHooks,
  readGitSettings,
  type GitSetting,
} from '../install/hooks-folder.ts'
import { findManagers } from '../install/managers/choose.ts'
import { isFolder, readText } from '../install/managers/install-target.ts'
import type { Check, HookReport, DoctorContext, HookRunner } from './check.ts'
import { inspectHookFile } from './hook-file.ts'

const atWhat: Readonly<Record<HookName, string>> = {
  'pre-commit': 'commit',
  'pre-merge-commit': 'merge',
  'commit-msg': 'message of a commit',
  'pre-push': 'push',
  'pre-receive': 'push that comes in',
}

/** The hooks that matter here. */
function hooksToCheck({ repository }: DoctorContext): readonly HookName[] {
  return repository.top === null ? ['pre-receive'] : ['pre-commit', 'pre-merge-commit', 'pre-push']
}

/** What runs, and whether all that should scan does. */
export async function findRunners(patient: DoctorContext): Promise<HookReport> {
  const settings = await readGitSettings(
    { ...patient.repository, env: patient.repository.ownEnv },
    String.raw`^hook\..`,
  )
  const parts = hooksToCheck(patient).map((hook) => atHook(hook, patient, settings))
  const runners = parts.flatMap((part) => part.runners)
  return {
    runners,
    checks: [
      ...distinct(parts.flatMap((part) => part.checks)),
      ...uselessSettings(settings, patient),
      ...coverage(runners, patient),
      ...notInUse(runners, patient),
    ],
  }
}

function atHook(
  hook: HookName,
  patient: DoctorContext,
  settings: readonly GitSetting[],
): HookReport {
  const configured = supportsConfiguredHooks(patient.repository.gitVersion)
    ? configuredAt(hook, settings)
    : []
  const path = join(patient.folder.path, hook)
  const { runner, checks } = inspectHookFile(path, hook, patient)
  const runners = [...configured, ...(runner === undefined ? [] : [runner])]
  const scans = runners.some((one) => one.scans)
  return { runners, checks: [...checks, ...shadowed(hook, patient, scans)] }
}

/** Hooks that stand in git's configuration, in order; `hook.<name>.enabled` may turn one off. */
function configuredAt(hook: HookName, settings: readonly GitSetting[]): readonly HookRunner[] {
  const names = new Set(settings.map(({ key }) => key.slice('hook.'.length, key.lastIndexOf('.'))))
  return [...names].flatMap((name): readonly HookRunner[] => {
    const valuesOf = (field: string): readonly string[] =>
      settings.filter(({ key }) => key === `hook.${name}.${field}`).map(({ value }) => value)
    const command = valuesOf('command').at(-1)
    const isOff = ['false', 'no', 'off', '0'].includes(
      valuesOf('enabled').at(-1)?.toLowerCase() ?? '',
    )
    if (command === undefined || isOff || !valuesOf('event').includes(hook)) return []
    const [, file = ''] = /^'?([^']+)'?$/.exec(command) ?? []
    const isOakum = findBlock(readText(file)) !== undefined
    return [
      {
        hook,
        what: `hook.${name}.command`,
        by: isOakum ? 'oakum' : 'other',
        scans: isOakum || /\boakum\b[^\n#]*\b(?:hook|staged)\b/.test(command),
      },
    ]
  })
}

/** A hook of the repository that is not run, because core.hooksPath names another folder. */
function shadowed(
  hook: HookName,
  { repository, folder }: DoctorContext,
  scans: boolean,
): readonly Check[] {
  const own = join(repository.commonDir, 'hooks', hook)
  if (folder.setBy === undefined || own === join(folder.path, hook) || !existsSync(own)) return []
  if (readText(join(folder.path, hook)).includes('--git-common-dir')) return []
  const isOakums = findBlock(readText(own)) !== undefined
  const remedy =
    folder.setBy === 'global' || folder.setBy === 'system'
      ? 'oakum install --global, or unset core.hooksPath'
      : 'oakum install, or unset core.hooksPath'
  return [
    {
      id: 'shadowed',
      state: isOakums && !scans ? 'trouble' : 'note',
      text: `${own} is not run: core.hooksPath (${folder.setBy}) is ${folder.path}`,
      remedy,
    },
  ]
}

function coverage(runners: readonly HookRunner[], patient: DoctorContext): readonly Check[] {
  const hooks = hooksToCheck(patient)
  const covered = hooks.filter((hook) =>
    runners.some((runner) => runner.hook === hook && runner.scans),
  )
  return hooks.map((hook): Check => {
    if (covered.includes(hook))
      return { id: hook, state: 'good', text: `a ${atWhat[hook]} is scanned` }
    const state =
      covered.length === 0 || (hook === 'pre-commit' && !covered.includes('pre-push'))
        ? 'trouble'
        : 'note'
    return { id: hook, state, text: `a ${atWhat[hook]} is not scanned`, remedy: 'oakum install' }
  })
}

/** A manager whose file is here, and whose hooks are not. */
function notInUse(runners: readonly HookRunner[], patient: DoctorContext): readonly Check[] {
  if (patient.repository.top === null) return []
  const starts = {
    husky: 'npx husky',
    lefthook: 'lefthook install',
    'simple-git-hooks': 'npx simple-git-hooks',
    'pre-commit': 'pre-commit install',
  } as const
  return findManagers(patient.target).flatMap(({ manager, evidence }): readonly Check[] => {
    if (runners.some((runner) => runner.by === manager.name)) return []
    return [
      {
        id: 'manager-not-set-up',
        state: runners.some((runner) => runner.scans) ? 'note' : 'trouble',
        text: `${evidence} is for ${manager.name}, which has set up no hook here`,
        remedy: starts[manager.name],
      },
    ]
  })
}

/**
 * Settings for hooks that this git is too old for; hooks of the repository that Oakum's global
 * folder does not pass on.
 */
function uselessSettings(
  settings: readonly GitSetting[],
  { repository, folder }: DoctorContext,
): readonly Check[] {
  const idle =
    settings.some(({ key }) => key.startsWith('hook.oakum-')) &&
    !supportsConfiguredHooks(repository.gitVersion)
  const lost =
    folder.setBy === undefined
      ? []
      : unforwardedHooks.filter(
          (name) =>
            existsSync(join(repository.commonDir, 'hooks', name)) &&
            !existsSync(join(folder.path, name)),
        )
  const isOff = folder.setBy !== undefined && existsSync(folder.path) && !isFolder(folder.path)
  return [
    ...(isOff
      ? [
          {
            id: 'no-hooks',
            state: 'trouble',
            text: `core.hooksPath (${folder.setBy}) is ${folder.path}, which is no folder: git runs no hooks`,
            remedy: `git config --${folder.setBy} --unset core.hooksPath, then: oakum install`,
          } as const,
        ]
      : []),
    ...(idle
      ? [
          {
            id: 'git-too-old',
            state: 'trouble',
            text: `hooks are set in git's configuration, and git ${repository.gitVersion} does not know them: 2.54 does`,
            remedy:
              'oakum uninstall --global, then oakum install --global, with the git that you use',
          } as const,
        ]
      : []),
    ...lost.map(
      (name) =>
        ({
          id: 'shadowed',
          state: 'note',
          text: `${join(repository.commonDir, 'hooks', name)} is not run: core.hooksPath is ${folder.path}`,
          remedy: `git config --local core.hooksPath ${join(repository.commonDir, 'hooks')}, then: oakum install`,
        }) as const,
    ),
  ]
}

function distinct(checks: readonly Check[]): readonly Check[] {
  return checks.filter(
    (check, at) =>
      checks.findIndex((other) => other.id === check.id && other.text === check.text) === at,
  )
}
