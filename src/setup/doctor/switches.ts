/** What turns hooks off from outside the repository. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readGitSettings } from '../install/hooks-folder.ts'
import type { Check, DoctorContext, HookRunner } from './check.ts'

/** Variables, files and aliases with which no hook runs, or none of Oakum's. */
export async function checkSwitches(
  patient: DoctorContext,
  runners: readonly HookRunner[],
): Promise<readonly Check[]> {
  const { env, repository } = patient
  const uses = (by: HookRunner['by']): boolean => runners.some((runner) => runner.by === by)
  const checks: Check[] = []
  if (uses('husky') && env['HUSKY'] === '0')
    checks.push(off('HUSKY=0 is set: husky runs no hooks', 'unset HUSKY'))
  const init = huskyInit(env)
  if (uses('husky') && init !== undefined)
    checks.push(off(`${init} sets HUSKY=0: husky runs no hooks`, 'take the line out'))
  if (uses('lefthook') && ['0', 'false'].includes(env['LEFTHOOK'] ?? ''))
    checks.push(
      off(`LEFTHOOK=${env['LEFTHOOK'] ?? ''} is set: lefthook runs no hooks`, 'unset LEFTHOOK'),
    )
  if (uses('lefthook') && /(?:^|,)oakum(?:,|$)/.test(env['LEFTHOOK_EXCLUDE'] ?? ''))
    checks.push(off('LEFTHOOK_EXCLUDE leaves oakum out', 'unset LEFTHOOK_EXCLUDE'))
  if (uses('simple-git-hooks') && env['SKIP_SIMPLE_GIT_HOOKS'] === '1')
    checks.push(
      off('SKIP_SIMPLE_GIT_HOOKS=1 is set: its hooks do nothing', 'unset SKIP_SIMPLE_GIT_HOOKS'),
    )
  if (uses('pre-commit') && /(?:^|,)\s*oakum(?:-push)?\s*(?:,|$)/.test(env['SKIP'] ?? ''))
    checks.push(off(`SKIP=${env['SKIP'] ?? ''} is set: pre-commit leaves oakum out`, 'unset SKIP'))
  if (env['OAKUM_OPTIONAL'] === '1')
    checks.push({
      id: 'optional',
      state: 'note',
      text: 'OAKUM_OPTIONAL=1 is set: where Oakum is missing, nothing is stopped',
      remedy: 'unset OAKUM_OPTIONAL',
    })
  for (const { key } of await bypasses(repository))
    checks.push({
      id: 'bypass',
      state: 'note',
      text: `git ${key.slice('alias.'.length)} is an alias that passes hooks by (--no-verify)`,
      remedy: `git config --unset ${key}`,
    })
  return checks
}

function off(text: string, remedy: string): Check {
  return { id: 'switched-off', state: 'trouble', text, remedy }
}

function huskyInit(env: DoctorContext['env']): string | undefined {
  const path = join(
    env['XDG_CONFIG_HOME'] || join(env['HOME'] ?? '', '.config'),
    'husky',
    'init.sh',
  )
  try {
    return /^\s*(?:export\s+)?HUSKY=["']?0\b/m.test(readFileSync(path, 'utf8')) ? path : undefined
  } catch {
    return undefined
  }
}

async function bypasses(
  repository: DoctorContext['repository'],
): ReturnType<typeof readGitSettings> {
  const aliases = await readGitSettings(
    { ...repository, env: repository.ownEnv },
    String.raw`^alias\.`,
  )
  return aliases.filter(
    ({ value }) => /--no-verify\b/.test(value) || /^!?(?:git )?commit\b.* -[a-zA-Z]*n/.test(value),
  )
}
