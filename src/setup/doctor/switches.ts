/** Checks for variables, files and aliases that turn hooks off from outside the repository. */
import { join } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import { type GitSetting, readGitSettings } from '../install/hooks-folder.ts'
import type { Check, DoctorContext, HookRunner } from './check.ts'

/** Returns a check for each active switch that disables all hooks, or those of Oakum. */
export async function checkSwitches(
  context: DoctorContext,
  runners: readonly HookRunner[],
): Promise<readonly Check[]> {
  const { env, repository } = context
  const checks = [...checkManagerSwitches(env, runners)]
  if (env['OAKUM_OPTIONAL'] === '1')
    checks.push({
      id: 'optional',
      state: 'note',
      text: 'OAKUM_OPTIONAL=1 is set: commits pass unscanned while Oakum is missing',
      remedy: 'unset OAKUM_OPTIONAL',
    })
  for (const { key } of await findBypassAliases(repository))
    checks.push({
      id: 'bypass',
      state: 'note',
      text: `git ${key.slice('alias.'.length)} is an alias that bypasses hooks (--no-verify)`,
      remedy: `git config --unset ${key}`,
    })
  return checks
}

/** Checks the switches of the hook managers that run hooks in this repository. */
function checkManagerSwitches(
  env: DoctorContext['env'],
  runners: readonly HookRunner[],
): readonly Check[] {
  const uses = (by: HookRunner['by']): boolean => runners.some((runner) => runner.by === by)
  const checks: Check[] = []
  if (uses('husky')) {
    if (env['HUSKY'] === '0')
      checks.push(switchedOff('HUSKY=0 is set: husky runs no hooks', 'unset HUSKY'))
    const initFile = findHuskySwitchFile(env)
    if (initFile !== undefined)
      checks.push(switchedOff(`${initFile} sets HUSKY=0: husky runs no hooks`, 'remove that line'))
  }
  if (uses('lefthook')) {
    const value = env['LEFTHOOK'] ?? ''
    if (['0', 'false'].includes(value))
      checks.push(switchedOff(`LEFTHOOK=${value} is set: lefthook runs no hooks`, 'unset LEFTHOOK'))
    if (/(?:^|,)oakum(?:,|$)/.test(env['LEFTHOOK_EXCLUDE'] ?? ''))
      checks.push(switchedOff('LEFTHOOK_EXCLUDE excludes oakum', 'unset LEFTHOOK_EXCLUDE'))
  }
  if (uses('simple-git-hooks') && env['SKIP_SIMPLE_GIT_HOOKS'] === '1')
    checks.push(
      switchedOff(
        'SKIP_SIMPLE_GIT_HOOKS=1 is set: its hooks do nothing',
        'unset SKIP_SIMPLE_GIT_HOOKS',
      ),
    )
  const skipped = env['SKIP'] ?? ''
  if (uses('pre-commit') && /(?:^|,)\s*oakum(?:-push)?\s*(?:,|$)/.test(skipped))
    checks.push(switchedOff(`SKIP=${skipped} is set: pre-commit skips oakum`, 'unset SKIP'))
  return checks
}

function switchedOff(text: string, fix: string): Check {
  return { id: 'switched-off', state: 'trouble', text, remedy: fix }
}

/** Returns the user's `husky/init.sh` when it sets HUSKY=0. */
function findHuskySwitchFile(env: DoctorContext['env']): string | undefined {
  const path = join(
    env['XDG_CONFIG_HOME'] || join(env['HOME'] ?? '', '.config'),
    'husky',
    'init.sh',
  )
  try {
    return /^\s*(?:export\s+)?HUSKY=["']?0\b/m.test(readRegularFile(path).toString('utf8'))
      ? path
      : undefined
  } catch {
    return undefined
  }
}

/** Returns git aliases that commit with `--no-verify` or `-n`. */
async function findBypassAliases(
  repository: DoctorContext['repository'],
): Promise<readonly GitSetting[]> {
  const aliases = await readGitSettings(
    { ...repository, env: repository.ownEnv },
    String.raw`^alias\.`,
  )
  return aliases.filter(
    ({ value }) => /--no-verify\b/.test(value) || /^!?(?:git )?commit\b.* -[a-zA-Z]*n/.test(value),
  )
}
