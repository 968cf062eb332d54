/** Finds what git runs at commits, merges and pushes, and the reasons why a hook does not run. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findBlock } from '../install/block.ts'
import { type HookName, unforwardedHooks } from '../install/hook-names.ts'
import {
  type GitSetting,
  readGitSettings,
  supportsConfiguredHooks,
} from '../install/hooks-folder.ts'
import { findManagers } from '../install/managers/choose.ts'
import { isFolder, readText } from '../install/managers/install-target.ts'
import type { Check, DoctorContext, HookReport, HookRunner } from './check.ts'
import { inspectHookFile } from './hook-file.ts'

/** The event at which git runs a hook, for messages. */
const events: Readonly<Record<HookName, string>> = {
  'pre-commit': 'commit',
  'pre-merge-commit': 'merge',
  'commit-msg': 'commit message',
  'pre-push': 'push',
  'pre-receive': 'received push',
}

/** Returns the hooks that should scan in this kind of repository. */
function hooksToCheck({ repository }: DoctorContext): readonly HookName[] {
  return repository.top === null ? ['pre-receive'] : ['pre-commit', 'pre-merge-commit', 'pre-push']
}

/** Returns everything git runs at the hooks, and checks that every event is scanned. */
export async function findRunners(context: DoctorContext): Promise<HookReport> {
  const settings = await readGitSettings(
    { ...context.repository, env: context.repository.ownEnv },
    String.raw`^hook\..`,
  )
  const reports = hooksToCheck(context).map((hook) => inspectHook(hook, context, settings))
  const runners = reports.flatMap((report) => report.runners)
  return {
    runners,
    checks: [
      ...distinct(reports.flatMap((report) => report.checks)),
      ...checkHooksFolder(context),
      ...checkGitVersion(settings, context),
      ...checkUnforwardedHooks(context),
      ...checkCoverage(runners, context),
      ...checkManagersSetUp(runners, context),
    ],
  }
}

function inspectHook(
  hook: HookName,
  context: DoctorContext,
  settings: readonly GitSetting[],
): HookReport {
  const configured = supportsConfiguredHooks(context.repository.gitVersion)
    ? configuredRunners(hook, settings)
    : []
  const path = join(context.folder.path, hook)
  const { runner, checks } = inspectHookFile(path, hook, context)
  const runners = [...configured, ...(runner === undefined ? [] : [runner])]
  const isScanned = runners.some(({ scans }) => scans)
  return { runners, checks: [...checks, ...checkShadowed(hook, context, isScanned)] }
}

/**
 * Returns the hooks in git's configuration (`hook.<name>.command`, git 2.54) in their order;
 * `hook.<name>.enabled` may turn a hook off.
 */
function configuredRunners(hook: HookName, settings: readonly GitSetting[]): readonly HookRunner[] {
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

/** Reports a hook of the repository that does not run, as core.hooksPath names another folder. */
function checkShadowed(
  hook: HookName,
  { repository, folder }: DoctorContext,
  isScanned: boolean,
): readonly Check[] {
  const shadowed = join(repository.commonDir, 'hooks', hook)
  const active = join(folder.path, hook)
  if (folder.setBy === undefined || shadowed === active || !existsSync(shadowed)) return []
  // A global hook of Oakum runs the repository's hook itself.
  if (readText(active).includes('--git-common-dir')) return []
  const isOakums = findBlock(readText(shadowed)) !== undefined
  const command =
    folder.setBy === 'global' || folder.setBy === 'system'
      ? 'oakum install --global'
      : 'oakum install'
  return [
    {
      id: 'shadowed',
      state: isOakums && !isScanned ? 'trouble' : 'note',
      text: `${shadowed} is not run: core.hooksPath (${folder.setBy}) is ${folder.path}`,
      remedy: `${command}, or unset core.hooksPath`,
    },
  ]
}

/**
 * Checks that every event is scanned. An unscanned event is a note when another hook scans the same
 * changes later: pre-push covers commits.
 */
function checkCoverage(runners: readonly HookRunner[], context: DoctorContext): readonly Check[] {
  const hooks = hooksToCheck(context)
  const covered = hooks.filter((hook) =>
    runners.some((runner) => runner.hook === hook && runner.scans),
  )
  return hooks.map((hook): Check => {
    const event = events[hook]
    if (covered.includes(hook)) return { id: hook, state: 'good', text: `a ${event} is scanned` }
    const isUncovered =
      covered.length === 0 || (hook === 'pre-commit' && !covered.includes('pre-push'))
    return {
      id: hook,
      state: isUncovered ? 'trouble' : 'note',
      text: `a ${event} is not scanned`,
      remedy: 'oakum install',
    }
  })
}

const setUpCommands = {
  husky: 'npx husky',
  lefthook: 'lefthook install',
  'simple-git-hooks': 'npx simple-git-hooks',
  'pre-commit': 'pre-commit install',
} as const

/** Reports a hook manager that has a configuration file here and no hooks. */
function checkManagersSetUp(
  runners: readonly HookRunner[],
  context: DoctorContext,
): readonly Check[] {
  if (context.repository.top === null) return []
  return findManagers(context.target).flatMap(({ manager, config }): readonly Check[] => {
    if (runners.some((runner) => runner.by === manager.name)) return []
    return [
      {
        id: 'manager-not-set-up',
        state: runners.some((runner) => runner.scans) ? 'note' : 'trouble',
        text: `${config} is for ${manager.name}, which has set up no hook here`,
        remedy: setUpCommands[manager.name],
      },
    ]
  })
}

/** Reports a core.hooksPath that names a file or device: git then runs no hooks. */
function checkHooksFolder({ folder: { path, setBy } }: DoctorContext): readonly Check[] {
  if (setBy === undefined || !existsSync(path) || isFolder(path)) return []
  return [
    {
      id: 'no-hooks',
      state: 'trouble',
      text: `core.hooksPath (${setBy}) is ${path}, which is not a folder: git runs no hooks`,
      remedy: `git config --${setBy} --unset core.hooksPath, then: oakum install`,
    },
  ]
}

/** Reports Oakum's hooks in git's configuration when this git is too old for them. */
function checkGitVersion(
  settings: readonly GitSetting[],
  { repository: { gitVersion } }: DoctorContext,
): readonly Check[] {
  const hasHooks = settings.some(({ key }) => key.startsWith('hook.oakum-'))
  if (!hasHooks || supportsConfiguredHooks(gitVersion)) return []
  return [
    {
      id: 'git-too-old',
      state: 'trouble',
      text: `hooks are set in git's configuration, which needs git 2.54: this is git ${gitVersion}`,
      remedy: 'oakum uninstall --global, then oakum install --global, with the git that you use',
    },
  ]
}

/** Reports hooks of the repository that Oakum's global hooks folder does not run. */
function checkUnforwardedHooks({ repository, folder }: DoctorContext): readonly Check[] {
  if (folder.setBy === undefined) return []
  const ownFolder = join(repository.commonDir, 'hooks')
  return unforwardedHooks
    .filter((name) => existsSync(join(ownFolder, name)) && !existsSync(join(folder.path, name)))
    .map((name) => ({
      id: 'shadowed',
      state: 'note',
      text: `${join(ownFolder, name)} is not run: core.hooksPath is ${folder.path}`,
      remedy: `git config --local core.hooksPath ${ownFolder}, then: oakum install`,
    }))
}

function distinct(checks: readonly Check[]): readonly Check[] {
  return checks.filter(
    (check, at) =>
      checks.findIndex((other) => other.id === check.id && other.text === check.text) === at,
  )
}
