import { applyAll } from '../../setup/install/changes.ts'
import { planInstall, planUninstall } from '../../setup/install/install.ts'
import { escapeForTerminal } from '../../report/terminal/escape.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { hookManagers } from '../arguments/options.ts'
import { choiceOf } from '../arguments/settings.ts'

/**
 * `install` and `uninstall`: all that they plan, or nothing, and a line for each file and setting.
 */
export async function runInstall(
  invocation: Invocation & { readonly command: 'install' | 'uninstall' },
  { cwd, env, stdout }: Io,
): Promise<number> {
  const { command, switches, values } = invocation
  const place = { cwd, env, global: switches.has('global') }
  const plan =
    command === 'install'
      ? await planInstall({
          ...place,
          hooks: values.get('hooks'),
          manager: choiceOf(invocation, 'manager', hookManagers) ?? 'auto',
        })
      : await planUninstall(place)
  const isRehearsal = switches.has('dry-run')
  if (!isRehearsal) await applyAll(plan.changes, plan.steps)

  const say = (text: string): void => stdout.write(`${escapeForTerminal(text)}\n`)
  for (const { path, summary } of plan.changes) say(`${path}: ${summary}`)
  for (const { summary } of plan.steps) say(summary)
  if (plan.changes.length + plan.steps.length === 0)
    say(
      command === 'install'
        ? 'nothing to change: Oakum is installed here'
        : 'nothing to change: Oakum is not installed here',
    )
  if (isRehearsal) say('nothing was written (--dry-run)')
  for (const note of plan.notes) say(note)
  return exitCodes.clean
}
